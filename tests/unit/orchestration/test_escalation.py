"""Every cell of the decision: cause by what has been tried, and that every turn ends."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.escalation import (
    FAULTS,
    LADDERS,
    MOST_ATTEMPTS,
    Action,
    Attempt,
    Cause,
    Help,
    Kind,
    Observation,
    State,
    Ways,
    decide,
)

WAYS = Ways(
    up=("worker", "architect"),
    aside=("spare",),
    faster=("tiny",),
    can_think=True,
    can_constrain=True,
)
FIRST = (Attempt("front"),)


def after(
    cause: Cause,
    *more: Attempt,
    ways: Ways = WAYS,
    pinned: bool = False,
    probability: float | None = 0.3,
    text: bool = True,
) -> Action:
    best = probability if text and cause not in FAULTS else None
    state = State((*FIRST, *more), ways, pinned, best)
    return decide(state, Observation(cause, probability, text))


RETRIED = {help: Attempt("front", Kind.RETRY, help) for help in Help if help is not Help.NONE}
THOUGHT = Attempt("front", Kind.THINK)

TABLE = [
    # cause, what was tried before, what comes next, who, with what help
    (Cause.PASSED, (), Kind.ACCEPT, "front", Help.NONE),
    (Cause.DOUBTFUL, (), Kind.THINK, "front", Help.NONE),
    (Cause.DOUBTFUL, (THOUGHT,), Kind.ESCALATE, "architect", Help.NONE),
    (Cause.WRONG, (), Kind.RETRY, "front", Help.ERROR),
    (Cause.WRONG, (RETRIED[Help.ERROR],), Kind.ESCALATE, "architect", Help.NONE),
    (Cause.WRONG, (RETRIED[Help.ERROR], THOUGHT), Kind.ABSTAIN, "front", Help.NONE),
    (Cause.MALFORMED, (), Kind.RETRY, "front", Help.GRAMMAR),
    (Cause.MALFORMED, (RETRIED[Help.GRAMMAR],), Kind.ESCALATE, "architect", Help.NONE),
    (Cause.LANGUAGE, (), Kind.RETRY, "front", Help.LANGUAGE),
    (Cause.LANGUAGE, (RETRIED[Help.LANGUAGE],), Kind.ESCALATE, "architect", Help.NONE),
    (Cause.LOOP, (), Kind.RETRY, "front", Help.PENALTY),
    (Cause.LOOP, (RETRIED[Help.PENALTY],), Kind.ESCALATE, "architect", Help.NONE),
    (Cause.CUT_OFF, (), Kind.ESCALATE, "worker", Help.NONE),
    (Cause.EMPTY, (), Kind.ESCALATE, "worker", Help.NONE),
    (Cause.REFUSED, (), Kind.ESCALATE, "worker", Help.NONE),
    (Cause.NOT_LOADED, (), Kind.FALL_BACK, "spare", Help.NONE),
    (Cause.NOT_LOADED, (Attempt("spare", Kind.FALL_BACK),), Kind.FAIL, "spare", Help.NONE),
    (Cause.SLOW_LOAD, (), Kind.FALL_BACK, "tiny", Help.NONE),
    (Cause.SLOW_READING, (), Kind.FALL_BACK, "tiny", Help.NONE),
]


@pytest.mark.parametrize(("cause", "tried", "kind", "role", "help"), TABLE)
def test_the_table(
    cause: Cause, tried: tuple[Attempt, ...], kind: Kind, role: str, help: Help
) -> None:
    text = cause not in FAULTS and cause is not Cause.EMPTY
    assert after(cause, *tried, text=text) == Action(kind, role, help)


def test_the_last_attempt_belongs_to_the_strongest_or_to_oneself_if_nobody_is_stronger() -> None:
    climbed = Attempt("worker", Kind.ESCALATE)
    assert after(Cause.DOUBTFUL, climbed, ways=Ways(("architect",))).role == "architect"
    alone = Ways(can_think=True)
    assert after(Cause.WRONG, RETRIED[Help.ERROR], ways=alone).kind is Kind.THINK
    assert after(Cause.WRONG, RETRIED[Help.ERROR], ways=WAYS, pinned=True).kind is Kind.THINK


def test_a_cut_off_answer_goes_on_once_if_it_was_good() -> None:
    assert after(Cause.CUT_OFF, probability=0.9) == Action(Kind.CONTINUE, "front", Help.BUDGET)
    again = Attempt("front", Kind.CONTINUE, Help.BUDGET)
    assert after(Cause.CUT_OFF, again, probability=0.9).kind is Kind.ESCALATE
    assert after(Cause.CUT_OFF, probability=None).kind is Kind.ESCALATE
    assert after(Cause.SLOW_ANSWER, probability=0.9).kind is Kind.CONTINUE
    assert after(Cause.SLOW_ANSWER).role == "tiny"


def test_a_crash_is_tried_again_only_if_nothing_was_written() -> None:
    assert after(Cause.CRASHED, text=False) == Action(Kind.RETRY, "front", Help.AGAIN)
    assert after(Cause.CRASHED, text=True).kind is Kind.FALL_BACK
    assert after(Cause.STALLED, RETRIED[Help.AGAIN], text=False).role == "spare"


def test_a_fault_never_climbs_and_poor_quality_never_goes_aside() -> None:
    for cause, ladder in LADDERS.items():
        kinds = {kind for kind, _ in ladder}
        assert not (Kind.ESCALATE in kinds and cause in FAULTS)
        assert not (Kind.FALL_BACK in kinds and cause not in FAULTS)


def test_the_users_choice_is_absolute() -> None:
    for cause in Cause:
        action = after(cause, pinned=True, text=cause not in FAULTS)
        assert action.role == "front"
        assert action.kind not in (Kind.ESCALATE, Kind.FALL_BACK)


def test_without_ways_the_best_is_shown_or_the_fault_is_said() -> None:
    alone = Ways()
    assert after(Cause.DOUBTFUL, ways=alone).kind is Kind.ABSTAIN
    assert after(Cause.NOT_LOADED, ways=alone, text=False).kind is Kind.FAIL
    assert after(Cause.EMPTY, ways=alone, probability=None, text=False).kind is Kind.FAIL
    assert after(Cause.REFUSED, ways=alone).kind is Kind.ABSTAIN


@pytest.mark.parametrize(
    "cause", [cause for cause in Cause if (Kind.ESCALATE, Help.NONE) in LADDERS[cause]]
)
def test_nobody_is_asked_who_is_not_worth_the_time_unless_there_is_nothing_to_show(
    cause: Cause,
) -> None:
    ways = Ways(("worker", "architect"), can_continue=False, has_time=False)
    hopeless = replace(ways, worth_more=False)
    nothing = cause in (Cause.EMPTY, Cause.REFUSED)
    expected = Kind.ESCALATE if nothing else Kind.ABSTAIN
    assert after(cause, ways=hopeless, text=not nothing).kind is expected
    assert after(cause, ways=ways, text=not nothing).kind is Kind.ESCALATE


CAUSES = st.sampled_from([cause for cause in Cause if cause is not Cause.PASSED])


@given(
    st.lists(st.tuples(CAUSES, st.booleans(), st.none() | st.floats(0, 1)), min_size=8, max_size=8),
    st.booleans(),
    st.booleans(),
)
def test_every_turn_ends_and_no_call_is_made_twice(
    seen: list[tuple[Cause, bool, float | None]], pinned: bool, think: bool
) -> None:
    attempts = list(FIRST)
    continued = 0
    for cause, text, probability in seen:
        ways = Ways(("worker", "architect"), ("spare",), ("tiny",), think, can_constrain=True)
        state = State(tuple(attempts), ways, pinned, probability if text else None)
        action = decide(state, Observation(cause, probability, text))
        if action.kind in (Kind.ABSTAIN, Kind.FAIL, Kind.ACCEPT):
            break
        attempt = Attempt(action.role, action.kind, action.help)
        assert attempt not in attempts
        continued += action.kind is Kind.CONTINUE
        attempts.append(attempt)
    else:
        pytest.fail("the turn never ended")
    assert len(attempts) - continued <= MOST_ATTEMPTS
    assert continued <= 1
