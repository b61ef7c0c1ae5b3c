"""Judges answers: what is wrong with them, and how likely they are right."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.orchestration.escalation import Cause
from app.orchestration.question import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked; `capped`: the user limited the length of the answer."""

    question: Question
    family: str
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or its beginning, with the natural log-probability of every token.

    `margins`: the lead of each token over the next best; empty where not known.
    """

    text: str
    logprobs: tuple[float, ...] = ()
    margins: tuple[float, ...] = ()
    finish_reason: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of an answer.

    `probability` that it is right, with the least one that passes in `threshold`; `promise`: that
    threshold keeps the promise. `proven`: 1 or 0 where a check can tell for sure.
    """

    cause: Cause
    probability: float | None = None
    threshold: float | None = None
    promise: bool = False
    proven: float | None = None
    validators: Mapping[str, int] = field(default_factory=dict)
    signals: Mapping[str, float] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Early:
    """What the gate says of first words: they may be shown, or the answer is not worth its end."""

    probability: float | None = None
    release: bool = True
    abort: bool = False


class Gate:
    """Judges answers of all models."""

    def judge(self, asked: Asked, answer: Answer, model_id: str, prior: float) -> Judgement:
        """Judge a whole answer."""
        if not answer.text.strip():
            return Judgement(Cause.EMPTY)
        return Judgement(Cause.PASSED)

    def early(self, asked: Asked, answer: Answer, model_id: str, prior: float) -> Early:
        """Judge first words."""
        return Early()
