"""What happens after an answer, or instead of one: the one decision, pure and told in a table.

*Escalation* goes up a tier because of quality or time; *fallback* goes sideways because something
broke. They are never mixed: a broken engine says nothing about the answer, a poor answer nothing
about the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Answers one turn may ask for; continuing one and going on after a tool are no new attempts.
MOST_ATTEMPTS: Final = 3
# An answer that is cut off is worth going on with from this probability on.
WORTH_CONTINUING: Final = 0.5


class Cause(StrEnum):
    """What was seen of an attempt."""

    PASSED = "passed"
    DOUBTFUL = "doubtful"  # the probability is too low, nothing more is known
    WRONG = "wrong"  # a validator found the mistake and can name it
    MALFORMED = "malformed"  # no JSON, not the schema, an open fence
    LANGUAGE = "language"  # another language than was asked in
    LOOP = "loop"
    CUT_OFF = "cut off"  # the limit of tokens ended it
    EMPTY = "empty"
    REFUSED = "refused"
    NOT_LOADED = "not loaded"  # the model cannot be loaded, or there is no room
    CRASHED = "crashed"
    SLOW_LOAD = "slow load"
    SLOW_READING = "slow reading"
    STALLED = "stalled"
    SLOW_ANSWER = "slow answer"  # the whole took longer than this tier may


class Kind(StrEnum):
    """What can be done next."""

    ACCEPT = "accept"
    CONTINUE = "continue"
    RETRY = "retry"
    THINK = "think harder"
    ESCALATE = "escalate"
    FALL_BACK = "fall back"
    ABSTAIN = "abstain"  # show the best there is, marked as doubtful
    FAIL = "fail"


class Help(StrEnum):
    """What another attempt of the same model is given, so that it is not the same call again."""

    NONE = ""
    AGAIN = "again"  # the engine broke before anything was written
    PENALTY = "penalty"  # against loops: a repeat penalty and another seed
    GRAMMAR = "grammar"  # the wanted form is enforced
    ERROR = "error"  # the mistake, in words
    LANGUAGE = "language"  # the wanted language, in words
    BUDGET = "budget"  # more tokens


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer asked of a role, and with what help."""

    role: str
    kind: Kind = Kind.ACCEPT  # what led to it; the first one is the plan's own
    help: Help = Help.NONE


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a turn can go from a role: up, sideways, and to try again or think.

    `worth_more`: somebody above is likely enough to be right to be worth the time, after what is
    known of this answer. Where nobody is, it is shown as what it is.
    """

    up: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    faster: tuple[str, ...] = ()
    can_think: bool = False
    can_constrain: bool = False
    can_continue: bool = True
    has_time: bool = True  # for another attempt of the same
    worth_more: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """A turn so far: its attempts, the last one being the current; where it can go from there.

    `pinned`: the user named the role, so nobody else answers. `best`: the highest probability of an
    answer so far, None without an answer.
    """

    attempts: tuple[Attempt, ...]
    ways: Ways = Ways()
    pinned: bool = False
    best: float | None = None

    @property
    def role(self) -> str:
        """Who made the current attempt."""
        return self.attempts[-1].role


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of the current attempt; `probability` that its answer is right, if judged.

    `text`: something was written. `detail`: the mistake or the fault, in words.
    """

    cause: Cause
    probability: float | None = None
    text: bool = True
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What to do; `role` does it, with `help`."""

    kind: Kind
    role: str = ""
    help: Help = Help.NONE


# For each cause, what is tried in this order; the first that is possible and new is taken.
_Rung = tuple[Kind, Help]
_UP: Final[_Rung] = (Kind.ESCALATE, Help.NONE)
_THINK: Final[_Rung] = (Kind.THINK, Help.NONE)
_ASIDE: Final[_Rung] = (Kind.FALL_BACK, Help.NONE)
LADDERS: Final[dict[Cause, tuple[_Rung, ...]]] = {
    Cause.PASSED: ((Kind.ACCEPT, Help.NONE),),
    Cause.DOUBTFUL: (_THINK, _UP),
    Cause.WRONG: ((Kind.RETRY, Help.ERROR), _THINK, _UP),
    Cause.MALFORMED: ((Kind.RETRY, Help.GRAMMAR), (Kind.RETRY, Help.ERROR), _UP),
    Cause.LANGUAGE: ((Kind.RETRY, Help.LANGUAGE), _UP),
    Cause.LOOP: ((Kind.RETRY, Help.PENALTY), _UP),
    Cause.CUT_OFF: ((Kind.CONTINUE, Help.BUDGET), _UP),
    Cause.EMPTY: (_UP,),
    Cause.REFUSED: (_UP,),
    Cause.NOT_LOADED: (_ASIDE,),
    Cause.CRASHED: ((Kind.RETRY, Help.AGAIN), _ASIDE),
    Cause.SLOW_LOAD: (_ASIDE,),
    # A slow prefill gets no faster in a larger model: sideways to a faster one, never up.
    Cause.SLOW_READING: (_ASIDE,),
    Cause.STALLED: ((Kind.RETRY, Help.AGAIN), _ASIDE),
    Cause.SLOW_ANSWER: ((Kind.CONTINUE, Help.BUDGET), _ASIDE),
}
# Something broke or was too slow; what has been written so far is no judged answer.
FAULTS: Final = frozenset(
    {
        Cause.NOT_LOADED,
        Cause.CRASHED,
        Cause.SLOW_LOAD,
        Cause.SLOW_READING,
        Cause.STALLED,
        Cause.SLOW_ANSWER,
    }
)
# Nothing can be shown in place of these, so somebody else is asked at any price.
_NOTHING: Final = frozenset({Cause.EMPTY, Cause.REFUSED})
_SLOW: Final = frozenset({Cause.SLOW_LOAD, Cause.SLOW_READING, Cause.SLOW_ANSWER})


def decide(state: State, seen: Observation) -> Action:
    """Return what to do after `seen`.

    Never the same call twice, never back to a role that has answered in another way than by
    thinking or with help, and at most three attempts: so every turn ends.
    """
    for kind, helping in LADDERS[seen.cause]:
        action = _possible(state, seen, kind, helping)
        if action is not None:
            return action
    return _end(state, seen)


def _possible(state: State, seen: Observation, kind: Kind, helping: Help) -> Action | None:
    if kind is Kind.ACCEPT:
        return Action(kind, state.role)
    if kind is Kind.CONTINUE:
        return _continued(state, seen, helping)
    left = MOST_ATTEMPTS - _asked(state)
    own = kind in (Kind.RETRY, Kind.THINK) and helping is not Help.AGAIN
    if left <= 0 or (own and left == 1 and _who(state, seen, Kind.ESCALATE, Help.NONE)):
        return None  # the last attempt belongs to somebody stronger, if there is anybody
    role = _who(state, seen, kind, helping)
    return Action(kind, role, helping) if role else None


def _continued(state: State, seen: Observation, helping: Help) -> Action | None:
    """Going on with an answer that is cut off pays once, if it was good so far."""
    good = seen.probability is not None and seen.probability >= WORTH_CONTINUING
    before = any(each.kind is Kind.CONTINUE for each in state.attempts)
    able = state.ways.can_continue and good and seen.text and not before
    return Action(Kind.CONTINUE, state.role, helping) if able else None


def _who(state: State, seen: Observation, kind: Kind, helping: Help) -> str:
    """Return who would do it, or '' where nobody can."""
    ways, role = state.ways, state.role
    if kind in (Kind.RETRY, Kind.THINK):
        new = all((each.kind, each.help) != (kind, helping) for each in _of(role, state.attempts))
        able = {
            Help.GRAMMAR: ways.can_constrain,
            Help.AGAIN: not seen.text,
        }.get(helping, True)
        if kind is Kind.THINK:
            able = ways.can_think
        return role if new and able and ways.has_time else ""
    if state.pinned:
        return ""
    tried = {each.role for each in state.attempts}
    if kind is Kind.ESCALATE:
        if seen.cause not in _NOTHING and not ways.worth_more:
            return ""
        # Nobody is asked after the last attempt, so that one goes to the strongest.
        is_last = _asked(state) == MOST_ATTEMPTS - 1
        return _first(ways.up[::-1] if is_last else ways.up, tried)
    return _first(ways.faster if seen.cause in _SLOW else ways.aside, tried)


def _asked(state: State) -> int:
    return sum(each.kind is not Kind.CONTINUE for each in state.attempts)


def _of(role: str, attempts: Sequence[Attempt]) -> list[Attempt]:
    return [each for each in attempts if each.role == role]


def _first(roles: Sequence[str], tried: set[str]) -> str:
    return next((role for role in roles if role not in tried), "")


def _end(state: State, seen: Observation) -> Action:
    """Nothing more can be tried: show the best there is, or say what went wrong."""
    answered = state.best is not None or (seen.text and seen.cause is not Cause.EMPTY)
    if seen.cause is Cause.REFUSED:  # it may be right
        return Action(Kind.ABSTAIN, state.role)
    return Action(Kind.ABSTAIN if answered else Kind.FAIL, state.role)
