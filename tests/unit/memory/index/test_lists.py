"""Very many vectors in lists: what is found is nearly what is nearest."""

import numpy as np
import pytest

from app.memory.index.lists import NEAREST, RECALL, Sorting, lists_for, shared
from app.memory.index.vectors import Matrix, Vectors

SIZE, COUNT = 16, 3_000


def clustered(count: int) -> Matrix:
    dice = np.random.default_rng(5)
    centres = dice.standard_normal((40, SIZE))
    found = centres[dice.integers(0, 40, count)] + 0.4 * dice.standard_normal((count, SIZE))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def made_of(rows: Matrix) -> Vectors:
    sorting = Sorting(SIZE, len(rows))
    for begin in range(0, len(rows), 700):
        sorting.look(rows[begin : begin + 700])
    sorting.learn()
    for begin in range(0, len(rows), 700):
        part = rows[begin : begin + 700]
        sorting.take(np.arange(begin, begin + len(part)), part)
    return sorting.tuned()


def test_most_of_the_nearest_are_found() -> None:
    rows = clustered(COUNT)
    made = made_of(rows)
    assert len(made) == COUNT
    assert 1 < made.lists <= lists_for(COUNT)
    best = np.argsort(-(rows @ rows.T), axis=1)[:, : NEAREST + 1]
    found = [[each for each, _ in made.near(row, NEAREST + 1)] for row in rows[::30]]
    assert shared(found, best[::30].tolist()) >= RECALL - 0.02


def test_what_is_added_or_dropped_later_is_followed() -> None:
    rows = clustered(COUNT)
    made = made_of(rows)
    made.drop({1, 2, 3})
    made.put([COUNT + 5], rows[:1])
    again = Vectors.unpacked(made.packed(), SIZE)
    assert again.ids == made.ids == (set(range(COUNT)) - {1, 2, 3}) | {COUNT + 5}
    assert {each for each, _ in again.near(rows[0], 2)} == {0, COUNT + 5}
    assert again.lists == made.lists


@pytest.mark.parametrize("count", [0, 1, 50])
def test_few_are_one_list(count: int) -> None:
    rows = clustered(count)
    if not count:
        sorting = Sorting(SIZE, 0)
        assert sorting.lists == 1
        return
    made = made_of(rows)
    assert made.lists == 1
    assert len(made.near(rows[0], 60)) == count
