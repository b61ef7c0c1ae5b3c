"""Figures of recall: shares, intervals and differences."""

import pytest

from benchmarks.recollection.figures import Outcome, difference, interval, mean, share


def _outcome(evidence: set[int], *found: int) -> Outcome:
    return Outcome("one", "told", frozenset(evidence), found)


def test_recall_is_the_share_of_the_evidence_among_the_first() -> None:
    outcome = _outcome({1, 2}, 9, 1, 8, 7, 6, 2)
    assert (outcome.recall(1), outcome.recall(5), outcome.recall(10)) == (0, 0.5, 1)


def test_intervals_hold_the_mean_and_are_the_same_each_time() -> None:
    values = [0.0, 1.0] * 200
    found = interval(values)
    assert found == interval(values)
    assert found.low < found.value == 0.5 < found.high
    assert found.high - found.low == pytest.approx(0.098, abs=0.02)


def test_more_questions_make_a_narrower_interval() -> None:
    few, many = interval([0.0, 1.0] * 20), interval([0.0, 1.0] * 500)
    assert many.high - many.low < few.high - few.low


def test_differences_are_of_the_same_questions() -> None:
    one = [_outcome({1}, 1), _outcome({2}, 2)]
    two = [_outcome({1}, 1), _outcome({2}, 3)]
    assert difference(one, two, 5).value == 0.5
    assert mean(two, 5) == 0.5
    assert share(two, lambda each: 3 in each.found) == 0.5
