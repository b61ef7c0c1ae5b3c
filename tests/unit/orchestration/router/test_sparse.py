"""Regression on sparse rows: the same as on full ones."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.orchestration.gate.calibration import sigmoid
from app.orchestration.router.hashing import SIZE, grams
from app.orchestration.router.lexical import WIDTH
from app.orchestration.router.seen import Seen, seen
from app.orchestration.router.sparse import COLUMNS, FAMILY, Rows, Scale, fitted

WORDS = ("river", "theorem", "town", "proof", "colour", "limit")


def questions(count: int) -> list[Seen]:
    dice = np.random.default_rng(3)
    return [
        seen(
            dice.choice(["math", "facts"]),
            dice.normal(0, 1, WIDTH).tolist(),
            grams(" ".join(dice.choice(WORDS, 3))),
        )
        for _ in range(count)
    ]


def full(asked: list[Seen], scale: Scale) -> NDArray[np.float64]:
    """Return the matrix with all its nothings."""
    found = np.zeros((len(asked), COLUMNS))
    for row, each in enumerate(asked):
        np.add.at(found[row], each.places.astype(int), each.values)
        found[row, each.family_place] += FAMILY
        found[row, SIZE:-1] = scale.scaled(each.numbers)
    found[:, -1] = 1.0
    return found


def test_products_are_those_of_the_full_matrix() -> None:
    asked = questions(12)
    scale = Scale(asked)
    rows, matrix = Rows.of(asked, scale), full(asked, scale)
    dice = np.random.default_rng(4)
    weights, per_row = dice.normal(0, 1, COLUMNS), dice.normal(0, 1, 12)
    assert rows.times(weights) == pytest.approx(matrix @ weights)
    assert rows.back(per_row) == pytest.approx(matrix.T @ per_row)
    some = np.array([7, 2, 2])
    assert rows.take(some).times(weights) == pytest.approx(matrix[some] @ weights)
    assert rows.take(some).back(per_row[:3]) == pytest.approx(matrix[some].T @ per_row[:3])


def test_weights_lie_where_the_slope_is_nothing() -> None:
    asked = questions(300)
    scale = Scale(asked)
    rows = Rows.of(asked, scale)
    hard = {int(each) for word in ("theorem", "proof", "limit") for each, _ in grams(word)[:1]}
    right = np.array([float(not hard & set(each.places.tolist())) for each in asked])
    offset = np.full(300, 0.3)
    found = fitted(rows, right, np.ones(300), 1.0, offset, None)
    chance = sigmoid(rows.times(found) + offset)
    before = np.linalg.norm(rows.back(sigmoid(offset) - right))
    penalty = np.full(COLUMNS, 1.0)
    penalty[-1] = 1e-3
    assert np.linalg.norm(rows.back(chance - right) + penalty * found) <= 0.05 * before
    assert np.mean((chance > 0.5) == (right > 0.5)) > 0.9
    # A search that begins where another ended has nothing left to do.
    assert fitted(rows, right, np.ones(300), 1.0, offset, found) == pytest.approx(found)


def test_nothing_to_learn_from_is_no_mistake() -> None:
    scale = Scale([])
    rows = Rows.of([], scale)
    assert rows.count == 0
    assert np.all(np.isfinite(scale.scaled(np.ones(WIDTH, np.float32))))
    empty = [seen("facts", [0.0] * WIDTH, [])] * 3
    alike = Rows.of(empty, Scale(empty))
    found = fitted(alike, np.ones(3), np.ones(3), 1.0, np.zeros(3), None)
    assert np.all(np.isfinite(found))
