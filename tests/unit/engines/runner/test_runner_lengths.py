"""What drafts cost behind a long text is timed at idle, behind a text that stays what it was."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.engines.runner import measuring
from app.engines.runner.context import Outcome
from app.engines.runner.drafting import BRIEF_MS, Drafting
from app.engines.runner.lanes import Lane, Lanes
from app.engines.runner.lengths import ROUNDS, Lengths
from app.engines.runner.measuring import Measured, Notebook
from app.engines.speculation.costs import Costs
from app.engines.speculation.tuner import Tuner
from tests.unit.engines.runner.fake_context import FakeContext
from tests.unit.engines.runner.test_runner_lanes import generation

SHORT = {1: 10.0, 2: 12.0, 4: 16.0, 8: 24.0, 16: 40.0}
TEXT = [at % 90 for at in range(1500)]


class House:
    """A text in memory, an evaluation that takes 20 ms and 4 more for each row, and a clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, **costs: Any) -> None:
        self.now, self.outcome, self.sizes = 0.0, Outcome.DONE, list[int]()
        clock = SimpleNamespace(perf_counter=lambda: self.now)
        monkeypatch.setattr(measuring, "time", clock)
        context: Any = FakeContext(self._evaluated)
        self.context, self.lanes = context, Lanes(context, 2)
        self.notebook = Notebook(folder, lambda: 0.0)
        self.drafting = Drafting(off="", tuner=Tuner(Costs(dict(SHORT), **costs)))
        self.drafting._notebook, self.drafting._own = self.notebook, "key"
        self.lengths = Lengths(context, self.lanes, self.drafting)

    def _evaluated(self, rows: int) -> int:
        self.now += (20 + 4 * rows) / 1000
        self.sizes.append(rows)
        return self.outcome

    @property
    def costs(self) -> Costs:
        assert self.drafting.tuner.costs
        return self.drafting.tuner.costs

    def asked(self, text: list[int]) -> Lane:
        lane = self.lanes.seat(generation(text, room=9999))
        self.context.content[lane.sequence] = list(text)
        lane.past = len(text)
        self.lanes.release(lane)
        return lane

    def rest(self) -> int:
        steps = 0
        while self.lengths.step():
            steps += 1
        return steps


def test_a_long_text_that_is_there_is_measured_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house = House(monkeypatch, tmp_path)
    lane = house.asked(TEXT)
    assert house.costs.table(1500) == SHORT
    assert house.rest() == ROUNDS * len(SHORT) + 1
    assert house.costs.table(1500) == pytest.approx({rows: 20.0 + 4 * rows for rows in SHORT})
    assert house.costs.table(100) == SHORT
    assert house.costs.table(5000) == house.costs.table(1500)  # the best that is known
    assert (lane.past, house.context.content[lane.sequence]) == (1500, TEXT)
    assert house.rest() == 0
    kept = house.notebook.read("key-1024")
    assert kept is not None
    again = Costs(dict(SHORT))
    again.measured(1024, kept.milliseconds)
    assert again.table(1500) == pytest.approx(house.costs.table(1500))
    assert not again.wants(1500)


@pytest.mark.parametrize("text", [[], TEXT[:1000]])
def test_behind_a_short_text_nothing_is_left_to_measure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: list[int]
) -> None:
    house = House(monkeypatch, tmp_path)
    if text:
        house.asked(text)
    assert house.rest() == 0


def test_where_costs_are_fixed_or_drafting_is_off_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fixed = House(monkeypatch, tmp_path, fixed=True)
    fixed.asked(TEXT)
    assert fixed.rest() == 0
    off = House(monkeypatch, tmp_path)
    off.drafting.off = "switched off"
    off.asked(TEXT)
    assert off.rest() == 0


def test_a_question_in_between_has_it_begun_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house = House(monkeypatch, tmp_path)
    house.asked(TEXT)
    for _ in range(3):
        assert house.lengths.step()
    lane = house.asked([*TEXT, 1, 2, 3])
    assert house.lengths.step()  # sees that it is not what it was
    assert house.costs.wants(1500)
    assert house.rest() == ROUNDS * len(SHORT) + 1
    assert not house.costs.wants(1500)
    assert lane.past == 1503


def test_a_failing_evaluation_is_not_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house = House(monkeypatch, tmp_path)
    house.outcome = Outcome.NO_ROOM
    house.asked(TEXT)
    assert house.rest() == 1
    assert house.costs.wants(1500)


def test_what_takes_long_is_not_timed_and_goes_up_with_the_rest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house = House(monkeypatch, tmp_path)
    slow = {rows: 20 * ms for rows, ms in SHORT.items()}
    house.drafting.tuner.costs = Costs(dict(slow))
    house.asked(TEXT)
    house.rest()
    assert max(house.sizes) == max(rows for rows, ms in slow.items() if ms <= BRIEF_MS) == 2
    table = house.costs.table(1500)
    assert table[2] == pytest.approx(28.0)
    assert table[8] / table[2] == pytest.approx(slow[8] / slow[2])


def test_what_was_measured_of_long_texts_is_read_at_the_start(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.write("key-4096", Measured({rows: 3 * ms for rows, ms in SHORT.items()}, 0.0, 0.0))
    drafting = Drafting(tuner=Tuner(Costs(dict(SHORT))))
    drafting._own = "key"
    drafting._recall_longer(notebook, {})
    assert drafting.tuner.costs
    assert drafting.tuner.costs.table(4100)[1] == 30.0
    assert drafting.tuner.costs.wants(1100)
