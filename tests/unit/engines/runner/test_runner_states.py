"""Conversations on disk: found by their tokens, refused in words, within their budget."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.runner import statefile
from app.engines.runner.lanes import Lanes
from app.engines.runner.shelf import Shelf, pays
from app.engines.runner.statefile import Remembered, Unusable, difference, fingerprint
from app.engines.runner.states import States
from tests.unit.engines.runner.test_runner_lanes import FakeMemory, generation

OWN: dict[str, str | int] = {"content": "a", "size": 1, "modified": 2, "context": 64}
BIG = 1 << 20


def remembered(count: int, *, first: int = 0, memory: bytes = b"") -> Remembered:
    tokens = np.arange(first, first + count, dtype=np.int32)
    return Remembered(tokens, memory or bytes(tokens.astype(np.uint8)), ((1, b"mark"),))


def states(folder: Path, *, budget: int = BIG, can_cut: bool = True, context: int = 64) -> States:
    return States(folder, {**OWN, "context": context}, budget, can_cut=can_cut)


def test_what_was_written_is_read_by_the_next_process(tmp_path: Path) -> None:
    state = remembered(20)
    written = states(tmp_path).write(state)
    assert written is not None
    later = states(tmp_path)
    entry, usable = later.best([*range(20), 99, 98])
    assert entry is not None
    assert (entry.key, usable) == (written.key, 20)
    found = later.read(entry)
    assert found.tokens.tolist() == state.tokens.tolist()
    assert (found.memory, found.marks) == (state.memory, state.marks)
    assert [path.suffix for path in tmp_path.iterdir()] == [".state"]
    assert entry.path.stat().st_mode & 0o077 == 0 or os.name == "nt"


@given(st.integers(0, 30), st.booleans())
def test_what_can_be_used_depends_on_the_memory(
    tmp_path_factory: pytest.TempPathFactory, shared: int, can_cut: bool
) -> None:
    found = states(tmp_path_factory.mktemp("states"), can_cut=can_cut)
    found.write(remembered(20))
    prompt = [*range(shared), *range(500, 540)]
    _, usable = found.best(prompt)
    whole = 20 if shared >= 20 else min(shared, 1)
    assert usable == (min(shared, 20) if can_cut else whole)


def test_the_last_token_of_a_prompt_is_always_read(tmp_path: Path) -> None:
    found = states(tmp_path)
    found.write(remembered(20))
    assert found.best(range(20))[1] == 19
    assert found.best([0]) == (None, 0)


def test_every_damage_is_noticed_and_the_file_removed(tmp_path: Path) -> None:
    found = states(tmp_path)
    entry = found.write(remembered(20))
    assert entry is not None
    whole = entry.path.read_bytes()
    for place in range(0, len(whole), 7):
        entry.path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Unusable):
            statefile.read(entry.path)
    for length in (0, 10, 30, len(whole) - 1):
        entry.path.write_bytes(whole[:length])
        with pytest.raises(Unusable):
            statefile.glance(entry.path)
    with pytest.raises(Unusable):
        found.read(entry)
    assert not entry.path.exists()
    assert found.entries() == []


def test_a_foreign_state_is_refused_in_words_and_left_alone(tmp_path: Path) -> None:
    states(tmp_path, context=64).write(remembered(20))
    other = states(tmp_path, context=128)
    (reason,) = other.refused.values()
    assert reason == "it was made with context 64, here it is 128"
    assert other.best(range(30)) == (None, 0)
    assert difference({**OWN, "modified": 3}, OWN) == "it was made by another model file"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_fingerprint_changes_with_the_file(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.write_bytes(bytes(300_000))
    first = fingerprint(model, context=8)
    assert fingerprint(model, context=8) == first
    assert difference(fingerprint(model, context=9), first)
    changed = bytearray(300_000)
    changed[-1] = 1
    model.write_bytes(changed)
    assert fingerprint(model, context=8)["content"] != first["content"]


def test_what_was_left_half_written_goes(tmp_path: Path) -> None:
    old, young = tmp_path / "a.part", tmp_path / "b.part"
    for path in (old, young):
        path.touch()
    os.utime(old, (1, 1))
    states(tmp_path)
    assert list(tmp_path.iterdir()) == [young]


def test_what_goes_on_from_a_text_replaces_it(tmp_path: Path) -> None:
    for can_cut, left in ((True, [30]), (False, [20, 30])):
        found = states(tmp_path / str(can_cut), can_cut=can_cut)
        found.write(remembered(20))
        found.write(remembered(30))
        assert sorted(entry.tokens.size for entry in found.entries()) == left


def test_the_budget_is_kept_by_forgetting_what_was_not_used(tmp_path: Path) -> None:
    found = states(tmp_path, budget=5500)
    entries = [found.write(remembered(9, first=100 * at, memory=bytes(1500))) for at in range(2)]
    for age, entry in enumerate(entries):
        assert entry is not None
        os.utime(entry.path, (age, age))
    found.read(found.entries()[0])  # used again
    found.write(remembered(9, first=900, memory=bytes(1500)))
    assert {int(entry.tokens[0]) for entry in found.entries()} == {0, 900}
    assert found.write(remembered(9, memory=bytes(6001))) is None


def test_loading_has_to_be_quicker_than_reading() -> None:
    assert pays(100, 10**6, 0.001, 1e8)
    assert not pays(100, 10**8, 0.001, 1e8)
    assert pays(1, 10**12, 0, 1e8)  # nothing is known yet


class Desk:
    """Lanes over a memory and a shelf, as one process has them."""

    def __init__(self, folder: Path, *, can_cut: bool = True) -> None:
        self.memory = FakeMemory(2, can_cut=can_cut)
        self.log: list[str] = []
        self.shelf = Shelf(states(folder, can_cut=can_cut), self.log.append, least=4)
        self.lanes = Lanes(self.memory, 2, shelf=self.shelf)

    def read(self, *tokens: int, pace: float = 0.0) -> int:
        """Answer a prompt; returns how many of its tokens were known."""
        lane = self.lanes.seat(generation(tokens), pace)
        known = lane.past
        self.memory.evaluate(lane, lane.pending)
        assert self.memory.content[lane.sequence] == list(tokens)
        self.lanes.mark(lane)
        self.lanes.release(lane)
        return known

    def stop(self) -> None:
        self.lanes.save_all(1e18)
        self.shelf.close()


@pytest.mark.parametrize("can_cut", [True, False])
def test_a_conversation_goes_on_in_another_process(tmp_path: Path, can_cut: bool) -> None:
    first = Desk(tmp_path, can_cut=can_cut)
    first.read(*range(10))
    first.stop()
    second = Desk(tmp_path, can_cut=can_cut)
    assert second.read(*range(12)) == 10
    assert second.shelf.restored == 10
    assert second.read(*range(6), 77, 78) == (6 if can_cut else 0)


def test_what_leaves_the_memory_is_saved_and_comes_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.read(*range(10))
    desk.read(*range(50, 60))
    desk.read(*range(100, 110))  # takes the place of the first
    desk.shelf.settle()
    assert desk.read(*range(10), 5) == 10
    assert desk.shelf.restored == 10


def test_short_texts_and_slow_disks_are_not_worth_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.read(1, 2, 3)
    desk.read(*range(50, 60))
    desk.stop()
    again = Desk(tmp_path)
    assert again.read(1, 2, 3, 4) == 0
    assert again.read(*range(50, 61), pace=1e-12) == 0
    assert again.read(*range(50, 63)) == 11


def test_a_damaged_state_is_said_and_the_text_read_again(tmp_path: Path) -> None:
    first = Desk(tmp_path)
    first.read(*range(10))
    first.stop()
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    second = Desk(tmp_path)
    assert second.read(*range(12)) == 0
    assert "it is damaged" in second.log[-1]


def test_a_full_disk_is_said_and_nothing_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(statefile, "write", full)
    desk = Desk(tmp_path)
    desk.read(*range(10))
    desk.stop()
    assert "No space left" in desk.log[-1]
