"""The bound of the benchmark, its questions, and its table."""

import pytest

from app.engines.speculation.costs import Costs
from benchmarks.rig import Answered
from benchmarks.speculation import DRAFTING, PEER, PLAIN, WORKLOADS, Seen, Workload, bound, rows

FLAT = Costs.of_ratios({1: 1, 2: 1, 4: 1, 8: 1})
STEEP = Costs.of_ratios({1: 1, 2: 2, 4: 4, 8: 8})


def test_a_copy_is_bound_by_the_rows_of_an_evaluation() -> None:
    text = list(range(40))
    # Two tokens are written alone before there is a match, then eight come with each evaluation.
    assert bound(text, text[:34], FLAT) == pytest.approx(33 / 5)


def test_where_rows_cost_as_much_as_tokens_nothing_is_gained() -> None:
    text = list(range(40))
    assert bound(text, text[:34], STEEP) == pytest.approx(1.0, abs=0.01)


def test_without_a_repetition_there_is_nothing_to_gain() -> None:
    assert bound(range(20), range(50, 70), FLAT) == 1.0
    assert bound(range(20), [50], FLAT) == 1.0


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_workload_has_different_questions(name: str) -> None:
    questions = WORKLOADS[name]()
    assert len(set(questions)) == len(questions) >= 20


def test_the_table_compares_with_the_best_of_the_others() -> None:
    def seen(*milliseconds: float) -> Seen:
        found = Seen()
        for each in milliseconds:
            found.add(Answered("text", 11, each, drafted=4, stood=3, steps=8), "wall")
        return found

    workload = Workload(
        {
            PLAIN: seen(100, 100),
            DRAFTING: seen(50, 50),
            PEER: seen(90, 90),
            "draft 3": seen(40, 40),
        },
        bounds=[2.5, 2.5],
        same=2,
    )
    line, mean = rows({"chat": workload})
    assert line[1:5] == ("2.00x", "1.11x", "2.50x (draft 3)", "0.80x")
    assert line[5:] == ("6 of 8", "1.38", "2.50x", "80%", "2 of 2")
    assert mean[4] == "0.80x"
