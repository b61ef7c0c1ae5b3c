"""How a request is worded for one remote: only what it understands."""

from dataclasses import dataclass
from typing import Any

from app.domain.generation import ALTERNATIVES, ChatRequest

# What every OpenAI-style interface knows. An unknown field is an error to some of them.
_COMMON = ("temperature", "top_p", "seed", "stop", "logit_bias", "response_format")
# What kinds of server know beyond that, by what they call themselves, under their own names.
_MORE = {"top_k": "top_k", "min_p": "min_p", "repeat_penalty": "repetition_penalty"}
_LLAMA = {**_MORE, "repeat_penalty": "repeat_penalty"}
_OWNERS = {"vllm": _MORE, "sglang": _MORE, "llamacpp": _LLAMA, "echelon": _LLAMA}
# The only one that knows labels and predictions by our names.
_OURS = "echelon"
# Asked in a trial; what is refused is left out from then on, in this order.
FEATURES = ("tools", "logprobs", "usage")


@dataclass(frozen=True, slots=True)
class Wording:
    """What one remote understands."""

    model: str
    owner: str = ""
    features: frozenset[str] = frozenset(FEATURES)
    length_field: str = "max_tokens"

    def body(self, request: ChatRequest) -> dict[str, Any]:
        """Return the request in the remote's words, streamed."""
        given = {key: value for key, value in request.sampling.items() if value not in (None, ())}
        body: dict[str, Any] = {
            "model": self.model,
            "messages": list(request.messages),
            "stream": True,
            **{key: given[key] for key in _COMMON if key in given},
        }
        names = _OWNERS.get(self.owner, {})
        body |= {name: given[key] for key, name in names.items() if key in given}
        if "max_tokens" in given:
            body[self.length_field] = given["max_tokens"]
        if "usage" in self.features:
            body["stream_options"] = {"include_usage": True}
        if request.logprobs and "logprobs" in self.features:
            body["logprobs"] = True
            if names:  # others may not know it, and do without what they do know
                body["top_logprobs"] = ALTERNATIVES
        if self.owner == _OURS:
            known = request.body()
            extra = ("task_family", "prediction", "documents", "return_progress")
            body |= {key: known[key] for key in extra if key in known}
        return body
