"""What the gate says of its promises to people."""

from app.domain.routing import Group
from app.orchestration.gate.gate import Gate
from app.orchestration.gate.promises import COLD
from app.orchestration.gate.thresholds import Judged, learn, lower_bound, upper_bound
from tests.unit.orchestration.gate.test_gate import history


def test_nothing_is_said_of_who_was_never_judged() -> None:
    assert Gate().report() == []


def test_too_few_answers_are_said_with_how_many_more_it_takes() -> None:
    gate = Gate()
    gate.refit(history(10))
    (row,) = gate.report()
    assert (row.model_id, row.group, row.kept, row.count) == ("m", Group.TALK, False, 10)
    assert (row.needed, row.threshold) == (12, COLD)
    assert row.state == "no promise yet: 12 more judged answers are needed"
    assert row.passing == "passes from 0.60 on"


def test_a_promise_is_said_with_its_numbers() -> None:
    gate = Gate()
    gate.refit(history(600))
    (row,) = gate.report()
    assert (row.kept, row.alpha, row.delta, row.count, row.needed) == (True, 0.10, 0.10, 600, 0)
    assert row.state.startswith("at most 10% of all questions")
    assert row.wrong is not None
    assert 0 < row.wrong_least < row.wrong < row.wrong_most < 1
    assert 0 < row.passed < 1
    assert "of answers" in row.passing
    assert row.model_dump(mode="json")["group"] == "talk"


def test_where_even_the_surest_are_wrong_nothing_is_promised() -> None:
    gate = Gate()
    gate.refit([row.model_copy(update={"right": 0.0}) for row in history(60)])
    (row,) = gate.report()
    assert not row.kept
    assert row.state == "no promise: of 60 answers the surest are wrong too often"


def test_the_ends_of_an_interval() -> None:
    assert lower_bound(0, 50, 0.95) == 0
    assert lower_bound(0, 0, 0.95) == 0
    assert abs(lower_bound(5, 5, 0.95) - 0.05 ** (1 / 5)) < 1e-6
    assert lower_bound(5, 50, 0.95) < 0.1 < upper_bound(5, 50, 0.95)


def test_answers_that_stand_for_many_are_fewer_than_they_look() -> None:
    equal = [Judged(0.9, right=True, stands_for=20.0)] * 30
    assert learn(equal, alpha=0.1, delta=0.1).effective == 30
    few = [Judged(0.9, right=True, stands_for=20.0)] * 2 + [Judged(0.9, right=True)] * 30
    found = learn(few, alpha=0.1, delta=0.1)
    assert (found.count, found.effective, found.promises) == (32, 5, False)
    # A wrong one that stands for many weighs as much as they do.
    heavy = [Judged(0.9, right=False, stands_for=20.0)] + [Judged(0.9, right=True)] * 100
    assert not learn(heavy, alpha=0.1, delta=0.1).promises
    assert learn(
        [Judged(0.9, right=False)] + [Judged(0.9, right=True)] * 100, alpha=0.1, delta=0.1
    ).promises
