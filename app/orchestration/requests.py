"""What an engine is asked in one attempt: the thread, and what helps where one answer was poor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.chat import ChatMessage
from app.domain.generation import ChatRequest
from app.domain.models import RoleSpec
from app.engines.base import Capabilities
from app.orchestration.escalation import Help, Kind
from app.orchestration.question import Question

# Against loops: strong enough to leave one, weak enough to spell words.
PENALTY: Final = 1.15
# Thinking takes words of its own.
THINKING_BUDGET: Final = 2
# A shorter text is written sooner than it is checked.
LEAST_PREDICTION: Final = 32

_HINTS: Final = {
    Help.ERROR: "That answer has a mistake: {detail} Give the corrected answer.",
    Help.LANGUAGE: "That answer is not in the language of the question. {detail} Answer again.",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt: who answers, what led to it, and what it is given.

    `detail`: the mistake in words. `rejected`: the answer before, which the new one may repeat.
    `begun`: what already stands of the answer, to be gone on with.
    """

    role: RoleSpec
    kind: Kind = Kind.ACCEPT
    help: Help = Help.NONE
    detail: str = ""
    rejected: str = ""
    begun: str = ""

    @property
    def answer_tokens(self) -> int:
        """How many tokens the answer may have."""
        wish = self.role.sampling.max_tokens
        return wish * THINKING_BUDGET if self.kind is Kind.THINK else wish


def thread_for(
    call: Call, thread: Sequence[ChatMessage], remembered: str = ""
) -> tuple[ChatMessage, ...]:
    """Return the messages of an attempt, before they are cut to the window.

    What is remembered belongs to the system's words at the top: chat templates refuse such words
    further down, and small models take what stands before a question for a part of it.
    """
    head = "\n\n".join(each for each in (call.role.system_prompt, remembered) if each)
    system = (ChatMessage(role="system", content=head),) if head else ()
    return (*system, *thread, *_hint(call))


def request_for(
    call: Call,
    messages: Sequence[ChatMessage],
    caps: Capabilities,
    question: Question,
    *,
    family: str,
    documents: tuple[str, ...] = (),
) -> ChatRequest:
    """Return the request of an attempt.

    Args:
        call: who answers, with what help.
        messages: the thread, already cut to the window.
        caps: what the engine can do; what it cannot is not asked.
        question: what the answer has to be like.
        family: the kind of task, for what is learned about drafting.
        documents: texts the answer may repeat parts of.
    """
    long_enough = len(call.rejected) >= LEAST_PREDICTION
    return ChatRequest(
        messages=tuple(message.wire() for message in messages),
        sampling=_sampling(call),
        logprobs=caps.logprobs and (call.role.gated or call.role.model.engine != "remote"),
        task_family=family,
        prediction=call.rejected if long_enough else "",
        documents=documents,
        continued=call.begun if caps.continues else "",
        form=_form(call, question) if caps.grammar else None,
        template=_thinking(call) if caps.thinks else {},
    )


def json_form(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return how an engine is told to answer as JSON of a form."""
    return {"type": "json_schema", "json_schema": {"schema": dict(schema)}}


def _hint(call: Call) -> tuple[ChatMessage, ...]:
    """Show a model its mistake, in words."""
    words = _HINTS.get(call.help)
    if words is None or not call.rejected:
        return ()
    return (
        ChatMessage(role="assistant", content=call.rejected),
        ChatMessage(role="user", content=" ".join(words.format(detail=call.detail).split())),
    )


def _sampling(call: Call) -> dict[str, Any]:
    found = call.role.sampling.model_dump() | {"max_tokens": call.answer_tokens}
    if call.help is Help.PENALTY:
        found["repeat_penalty"] = max(PENALTY, found["repeat_penalty"])
        found["seed"] = None if found["seed"] is None else found["seed"] + 1
    return found


def _form(call: Call, question: Question) -> dict[str, Any] | None:
    if question.schema is not None:
        return json_form(question.schema)
    return {"type": "json_object"} if call.help is Help.GRAMMAR else None


def _thinking(call: Call) -> dict[str, Any]:
    return {"enable_thinking": call.kind is Kind.THINK or call.role.thinking}
