"""What is decided about a turn and how it turned out, as plain data: the rows of the ledger."""

from enum import StrEnum
from typing import Final

from pydantic import Field

from app.domain.models import Frozen, Tier

# Kinds of tasks a question can be of; skills are counted by these.
FAMILIES: Final = (
    "chat",
    "facts",
    "math",
    "code",
    "structured",  # JSON, tables, data in a wanted form
    "rewrite",  # a given text again, with changes
    "document",  # look up or quote in a given text
    "words",  # puzzles, sorting, counting
    "earlier",  # what was said before in this conversation
    "known",  # what is known about the user
    "tools",
    "other",
)


class Group(StrEnum):
    """Families that share thresholds, because few answers of each are ever judged."""

    TALK = "talk"
    CHECKED = "checked"  # a validator can tell
    GIVEN = "given"  # the answer is in what was given
    ACTION = "action"  # something happens outside of the chat


GROUP_OF: Final = {
    "chat": Group.TALK,
    "facts": Group.TALK,
    "math": Group.CHECKED,
    "code": Group.CHECKED,
    "structured": Group.CHECKED,
    "rewrite": Group.GIVEN,
    "document": Group.GIVEN,
    "words": Group.CHECKED,
    "earlier": Group.GIVEN,
    "known": Group.GIVEN,
    "tools": Group.ACTION,
    "other": Group.TALK,
}


class Witness(StrEnum):
    """Who says whether an answer was right; the more reliable, the more it counts."""

    VALIDATOR = "validator"
    STRONGER = "stronger model"
    BEHAVIOUR = "behaviour"

    @property
    def weight(self) -> float:
        """How much one word of this witness counts."""
        return _WEIGHTS[self]

    @property
    def moves_thresholds(self) -> bool:
        """Whether it counts where a promise is kept: what people click is too weak for that."""
        return self is not Witness.BEHAVIOUR


_WEIGHTS: Final = {Witness.VALIDATOR: 1.0, Witness.STRONGER: 0.5, Witness.BEHAVIOUR: 0.25}


class Split(Frozen):
    """Where the time of an attempt went, in milliseconds."""

    waited: float = 0.0  # for a place in memory
    loaded: float = 0.0
    read: float = 0.0
    written: float = 0.0
    judged: float = 0.0


class AttemptRecord(Frozen):
    """One answer asked of a role, what it looked like to the gate, and what followed.

    `kind`, `help` and `cause` are the words of the escalation table; `probability` is the gate's,
    that the answer is right, with the least one that passes in `threshold` (None: no promise yet).
    `validators`: 1 passed, -1 failed, by name. `signals`: what the probability was computed from.
    """

    role: str
    tier: Tier
    model: str
    model_id: str
    kind: str
    help: str = ""
    cause: str = ""
    detail: str = ""
    action: str = ""
    probability: float | None = None
    threshold: float | None = None
    validators: dict[str, int] = Field(default_factory=dict)
    signals: dict[str, float] = Field(default_factory=dict)
    split: Split = Split()
    prompt_tokens: int = 0
    answer_tokens: int = 0
    drafted: int = 0
    draft_accepted: int = 0


class TurnRecord(Frozen):
    """One decided turn. Written once, when the turn ends; `at` is in seconds since the epoch.

    Texts are not kept: `question` is a hash, `features` and `grams` (hashed words and pairs, with
    their weights) are what the router saw. By role: `chances` of a right answer, `seconds` it was
    expected to take, `propensities` with which it was chosen to start, `model_ids`.
    """

    turn_id: str
    at: float
    form: int = 1
    conversation_id: str = ""
    message_id: str = ""
    question: str = ""
    family: str = "other"
    features: tuple[float, ...] = ()
    grams: tuple[tuple[int, float], ...] = ()
    embedding: tuple[float, ...] = ()
    start: str = ""
    reason: str = ""
    pinned: bool = False
    explored: bool = False
    chances: dict[str, float] = Field(default_factory=dict)
    seconds: dict[str, float] = Field(default_factory=dict)
    propensities: dict[str, float] = Field(default_factory=dict)
    model_ids: dict[str, str] = Field(default_factory=dict)
    observed: dict[str, str] = Field(default_factory=dict)  # what learners without power wanted
    attempts: tuple[AttemptRecord, ...] = ()
    decision: str = ""  # accept, abstain, fail, cancelled
    total_ms: float = 0.0


class OutcomeRecord(Frozen):
    """How one answer turned out, according to a witness; comes after its turn, or with a probe.

    `right` is from 0 to 1. `propensity`: how likely this answer was to be looked at (an audit: the
    share of audits), 1 where all are. `source`: gate, audit, exploration, probe, thumb, regenerate,
    edit, copy. A probe or an exploration has no turn of its own.
    """

    at: float
    model_id: str
    family: str
    right: float = Field(ge=0, le=1)
    witness: Witness
    source: str
    turn_id: str = ""
    attempt: int = 0
    question: str = ""
    role: str = ""
    propensity: float = Field(1.0, gt=0, le=1)
    probability: float | None = None
    signals: dict[str, float] = Field(default_factory=dict)
    validators: dict[str, int] = Field(default_factory=dict)
    features: tuple[float, ...] = ()
    grams: tuple[tuple[int, float], ...] = ()
    embedding: tuple[float, ...] = ()


class ChangeRecord(Frozen):
    """Something the program changed about itself, with the numbers it rests on; can be undone.

    `kind`: reset, move, undo, power (a learner gets or loses its say).
    """

    at: float
    id: str
    kind: str
    subject: str
    before: str = ""
    after: str = ""
    reason: str = ""
    numbers: dict[str, float] = Field(default_factory=dict)


LedgerRecord = TurnRecord | OutcomeRecord | ChangeRecord
