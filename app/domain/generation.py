"""What is asked of an engine and what comes back, chunk by chunk."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

# The likeliest tokens an engine is asked to name at each place: the chosen one, and one to compare.
ALTERNATIVES: Final = 2


class TokenLogprob(BaseModel):
    """One generated token and its natural log-probability under the model at temperature 1.

    `margin`: its lead in probability over the likeliest other token, where that is known; below 0
    where another one was likelier.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    token: str
    logprob: float
    margin: float | None = None


class Timings(BaseModel):
    """What an answer cost, in llama.cpp's names.

    `_n` counts tokens, `_ms` milliseconds; `cache_n` are prompt tokens that were reused.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    cache_n: int = 0
    prompt_n: int = 0
    prompt_ms: float = 0.0
    prompt_per_second: float = 0.0
    predicted_n: int = 0
    predicted_ms: float = 0.0
    predicted_per_second: float = 0.0
    draft_n: int = 0
    draft_n_accepted: int = 0
    # Evaluations that wrote the answer; without drafts as many as tokens.
    predicted_steps: int = 0
    # Drafted places that were scored again by themselves, because two tokens were equally likely.
    draft_ties: int = 0
    # By drafter: tokens it drafted, and how many of them stood.
    drafters: dict[str, tuple[int, int]] = Field(default_factory=dict)


class TextChunk(BaseModel):
    """Text that became visible, with its tokens' log-probabilities where asked for."""

    model_config = ConfigDict(frozen=True)

    text: str
    logprobs: tuple[TokenLogprob, ...] = ()


class ReasoningChunk(BaseModel):
    """A piece of what the model thinks before it answers."""

    model_config = ConfigDict(frozen=True)

    text: str


class CallChunk(BaseModel):
    """A piece of a tool call; the first piece of each `index` has its name and id."""

    model_config = ConfigDict(frozen=True)

    index: int = 0
    id: str = ""
    name: str = ""
    arguments: str = ""


class PromptProgress(BaseModel):
    """How much of the prompt has been read, in tokens."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    total: int
    processed: int
    cache: int = 0


class FinalChunk(BaseModel):
    """The end of an answer: the model ended it (`stop`, `tool_calls`) or a limit did (`length`)."""

    model_config = ConfigDict(frozen=True)

    finish_reason: str
    timings: Timings | None = None


Chunk = TextChunk | ReasoningChunk | CallChunk | PromptProgress | FinalChunk


class ChatRequest(BaseModel):
    """One answer asked of an engine; `body()` is the OpenAI-style JSON every engine understands."""

    model_config = ConfigDict(frozen=True)

    messages: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...] = ()
    sampling: dict[str, Any] = Field(default_factory=dict)
    logprobs: bool = False
    task_family: str = "other"
    # Text the answer is expected to repeat, and texts it may quote from: they only save time.
    prediction: str = ""
    documents: tuple[str, ...] = ()
    # What stands of an answer that was cut off; the engine goes on behind it.
    continued: str = ""
    # OpenAI's `response_format`: the form the answer is held to.
    form: dict[str, Any] | None = None
    # What the model's chat template is told, `enable_thinking` for example.
    template: dict[str, Any] = Field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the request as JSON for `/v1/chat/completions`, streaming, with progress."""
        return {
            **self._thread(),
            "stream": True,
            "return_progress": True,
            "logprobs": self.logprobs,
            **({"top_logprobs": ALTERNATIVES} if self.logprobs else {}),
            "task_family": self.task_family,
            **({"tools": list(self.tools)} if self.tools else {}),
            **self._drafts(),
            **({"response_format": self.form} if self.form else {}),
            **({"chat_template_kwargs": self.template} if self.template else {}),
            **{key: value for key, value in self.sampling.items() if value is not None},
        }

    def _thread(self) -> dict[str, Any]:
        messages = list(self.messages)
        if not self.continued:
            return {"messages": messages}
        begun = {"role": "assistant", "content": self.continued}
        # vLLM's names.
        return {
            "messages": [*messages, begun],
            "continue_final_message": True,
            "add_generation_prompt": False,
        }

    def _drafts(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.prediction:
            found["prediction"] = {"type": "content", "content": self.prediction}
        if self.documents:
            found["documents"] = list(self.documents)
        return found
