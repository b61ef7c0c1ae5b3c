"""What the gate lets pass, as plans count on it; and that it hears of right answers too."""

from random import Random

import pytest

from app.domain.chat import ChatMessage
from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.escalation import Cause
from app.orchestration.gate.gate import Answer, Asked, Gate
from app.orchestration.gate.promises import USUAL
from app.orchestration.gate.validators import settled, validated
from app.orchestration.question import Question

JSON = "Return this as JSON: Ann is 30."


def question(text: str) -> Question:
    return Question(text, (ChatMessage(role="user", content=text),))


def answers(family: str, count: int, separation: float) -> list[OutcomeRecord]:
    """Return outcomes of which half are right, and right ones sound surer."""
    gate, random, found = Gate(), Random(family), []
    for at in range(count):
        right = at % 2 == 0
        mean = -0.05 if (random.random() < separation) == right else -1.5
        answer = Answer("It is so.", (mean,) * 5, (), "stop", 5)
        judged = gate.judge(Asked(question("How so?"), family), answer, "m", 0.5)
        found.append(
            OutcomeRecord(
                at=0,
                model_id="m",
                family=family,
                right=float(right),
                witness=Witness.VALIDATOR,
                source="probe",
                signals=dict(judged.signals),
            )
        )
    return found


def test_before_any_evidence_the_usual_share_passes() -> None:
    assert Gate().passing("m", "facts", 0.5) == pytest.approx(USUAL)


def test_where_confidence_tells_right_from_wrong_right_answers_pass() -> None:
    gate = Gate()
    gate.refit(answers("facts", 200, 0.99))
    right, wrong = gate.passing("m", "facts", 0.5)
    assert right > 0.85
    assert wrong < 0.1


def test_kinds_of_tasks_differ_and_borrow_from_their_group() -> None:
    gate = Gate()
    gate.refit([*answers("facts", 200, 0.99), *answers("chat", 200, 0.5)])
    assert gate.passing("m", "facts", 0.5)[0] > gate.passing("m", "chat", 0.5)[0]
    borrowed = gate.passing("m", "other", 0.5)
    assert borrowed != pytest.approx(USUAL)
    assert gate.passing("m", "code", 0.5) == pytest.approx(USUAL)


def test_the_more_is_asked_for_the_less_passes() -> None:
    gate = Gate()
    gate.refit(answers("facts", 200, 0.8))
    shares = [gate.passing("m", "facts", least)[0] for least in (0.0, 0.5, 0.9, 0.99)]
    assert shares == sorted(shares, reverse=True)


def test_a_promise_takes_nobody_further_than_is_worth_it() -> None:
    gate = Gate()
    gate.refit(answers("facts", 200, 0.7))
    (standing,) = gate.standings()
    assert standing.promises
    assert standing.value > 0.7  # what is less sure may be wrong too often to pass as it is
    assert gate.passing("m", "facts", 0.5)[0] > gate.passing("m", "facts", standing.value)[0] + 0.1


def test_a_check_that_can_only_refute_proves_nothing() -> None:
    """Else a model would be known by its wrong answers alone."""
    wrong = validated(question(JSON), "structured", '{"name": "Ann"')
    right = validated(question(JSON), "structured", '{"name": "Ann", "age": 30}')
    assert (wrong.cause, wrong.proven) == (Cause.MALFORMED, None)
    assert (right.cause, right.proven) == (None, None)
    judged = Gate().judge(
        Asked(question(JSON), "structured"), Answer('{"name": "Ann"', (-0.01,) * 4), "m", 0.9
    )
    assert (judged.cause, judged.probability, judged.proven) == (Cause.MALFORMED, 0.0, None)


def test_a_check_that_can_do_both_proves_both() -> None:
    sum_of = question("What is 2 + 2?")
    assert validated(sum_of, "math", "2 + 2 = 4").proven == 1.0
    assert validated(sum_of, "math", "2 + 2 = 5").proven == 0.0


def test_checks_alone_settle_what_passes() -> None:
    assert settled({"json": 1}) is None
    assert settled({"json": -1}) == 0.0
    assert settled({"numbers": -1}) is None
    assert settled({"calculation": 1}) == 1.0
    assert settled({"calculation": 1, "fences": -1}) == 0.0
