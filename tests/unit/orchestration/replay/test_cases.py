"""Which turns tell something, and by which witness."""

import pytest

from app.domain.routing import TurnRecord, Witness
from app.orchestration.replay.cases import answer_of, by_witness, judged, timed
from tests.unit.orchestration.replay.logs import ATTEMPT, outcome, turn

TURN = turn(1, "easy", "small")


def test_an_audit_stands_for_all_that_could_have_been_audited() -> None:
    said = outcome(1, 1.0, witness=Witness.STRONGER, source="audit", propensity=0.05)
    (case,) = judged([TURN], [said])
    assert case.value == 1.0
    assert case.count == pytest.approx(10.0)  # half as much as a check, for 20 answers


def test_the_most_reliable_witness_counts_and_of_equals_the_last() -> None:
    said = [
        outcome(1, 1.0, witness=Witness.BEHAVIOUR, source="thumb up"),
        outcome(1, 0.0),
        outcome(1, 1.0),
        outcome(1, 0.0, witness=Witness.STRONGER),
    ]
    (case,) = judged([TURN], said)
    assert (case.value, case.count) == (1.0, 1.0)
    assert by_witness(said, [case]) == {"validator": 1}


def test_the_answer_that_counted_is_judged_and_no_other() -> None:
    climbed = TURN.model_copy(update={"attempts": (ATTEMPT, ATTEMPT)})
    assert judged([climbed], [outcome(1, 0.0, attempt=0)]) == []
    (case,) = judged([climbed], [outcome(1, 0.0, attempt=0), outcome(1, 1.0, attempt=1)])
    assert case.value == 1.0


@pytest.mark.parametrize(
    ("decision", "probabilities", "place"),
    [
        ("accept", (0.1, 0.2), 1),
        ("abstain", (0.4, 0.2), 0),
        ("abstain", (0.4, 0.4), 1),
        ("abstain", (None, None), 1),
        ("fail", (0.4,), None),
        ("cancelled", (0.4,), None),
        ("accept", (), 0),
    ],
)
def test_which_attempt_gave_the_answer(
    decision: str, probabilities: tuple[float | None, ...], place: int | None
) -> None:
    attempts = tuple(ATTEMPT.model_copy(update={"probability": each}) for each in probabilities)
    assert answer_of(TURN.model_copy(update={"decision": decision, "attempts": attempts})) == place


@pytest.mark.parametrize(
    "changed",
    [
        {"pinned": True},  # no policy had a say
        {"propensities": {"small": 0.0, "large": 1.0}},
        {"propensities": {"large": 1.0}},
        {"propensities": {"small": 3.0}},
        {"decision": "cancelled"},
    ],
)
def test_turns_that_tell_nothing_are_left_out(changed: dict[str, object]) -> None:
    odd = TURN.model_copy(update=changed)
    assert judged([odd], [outcome(1, 1.0)]) == []
    assert timed([odd]) == []


def test_a_turn_counts_once_and_outcomes_without_a_turn_not_at_all() -> None:
    said = [outcome(1, 1.0), outcome(7, 1.0), outcome(1, 0.0, turn_id="")]
    assert len(judged([TURN, TURN], said)) == 1
    assert judged([], said) == []
    assert judged([TurnRecord(turn_id="t2", at=0, start="small")], said) == []


def test_times_that_cannot_be_are_none() -> None:
    jumped, endless = (TURN.model_copy(update={"total_ms": ms}) for ms in (-5.0, float("inf")))
    assert [case.value for case in timed([jumped])] == [0.0]
    assert timed([endless]) == []
