"""Logistic regression with a ridge on many questions of few words each.

Newton's method with conjugate gradients (Lin, Weng, Keerthi 2008): only products with the sparse
matrix of questions are needed, so thousands of questions of some dozens of words are fitted in a
blink.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.orchestration.gate.calibration import sigmoid
from app.orchestration.router.hashing import SIZE
from app.orchestration.router.lexical import WIDTH
from app.orchestration.router.seen import Seen

# The numbers of a question against its words: numbers are scaled, words have length 1.
NUMBERS: Final = 0.1
# No scaled number is farther from the mean.
FARTHEST: Final = 4.0
# A kind of task counts as one more word of this weight.
FAMILY: Final = 1.0
COLUMNS: Final = SIZE + WIDTH + 1
NEWTON_STEPS: Final = 6
CG_STEPS: Final = 10
# The search ends where the slope is this part of what it was; within a step, this part suffices.
CLOSE: Final = 0.03
CLOSE_WITHIN: Final = 0.2

Vector = NDArray[np.float64]
Order = NDArray[np.int64]


class Scale:
    """What numbers of a question are usual."""

    def __init__(self, questions: Sequence[Seen]) -> None:
        """Take mean and spread of these questions."""
        numbers = np.array([each.numbers for each in questions], np.float64).reshape(-1, WIDTH)
        self._centre = numbers.mean(axis=0) if len(numbers) else np.zeros(WIDTH)
        spread = numbers.std(axis=0) if len(numbers) else np.ones(WIDTH)
        self._spread = np.where(spread > 1e-3, spread, 1.0)

    def scaled(self, numbers: NDArray[np.float32]) -> Vector:
        """Return numbers [n, WIDTH] as columns of the matrix."""
        return NUMBERS * np.clip((numbers - self._centre) / self._spread, -FARTHEST, FARTHEST)


class Rows:
    """Questions as a sparse matrix [rows, COLUMNS]; the last column is all ones."""

    def __init__(self, places: Order, values: Vector, counts: Order, dense: Vector) -> None:
        """Take the entries of all rows, one row after the other, and how many each has."""
        self.count = len(counts)
        self._places = places
        self._values = values
        self._counts = counts
        self._ends = np.cumsum(counts)
        self._row_of = np.repeat(np.arange(self.count), counts)
        self._dense = dense

    @classmethod
    def of(cls, questions: Sequence[Seen], scale: Scale) -> "Rows":
        """Return the matrix of these questions."""
        numbers = np.array([each.numbers for each in questions], np.float32).reshape(-1, WIDTH)
        dense = np.hstack([scale.scaled(numbers), np.ones((len(questions), 1))])
        places, values = [], []
        for each in questions:
            places += [each.places, np.array([each.family_place], np.uint16)]
            values += [each.values, np.array([FAMILY], np.float32)]
        counts = np.array([len(each.places) + 1 for each in questions], np.int64)
        if not places:
            return cls(np.zeros(0, np.int64), np.zeros(0), counts, dense)
        joined = np.concatenate(places).astype(np.int64)
        return cls(joined, np.concatenate(values).astype(np.float64), counts, dense)

    def take(self, rows: Order) -> "Rows":
        """Return some of the rows."""
        counts = self._counts[rows]
        first = np.repeat(self._ends[rows] - counts - (np.cumsum(counts) - counts), counts)
        at = first + np.arange(int(counts.sum()))
        return Rows(self._places[at], self._values[at], counts, self._dense[rows])

    def times(self, weights: Vector) -> Vector:
        """Return matrix times weights."""
        # Every row has an entry, its family, so that none of the sums is of nothing.
        starts = self._ends - self._counts
        words = np.add.reduceat(self._values * weights[self._places], starts)
        return np.asarray(words + self._dense @ weights[SIZE:], np.float64)

    def back(self, rows: Vector) -> Vector:
        """Return the transposed matrix times one number per row."""
        words = np.bincount(self._places, self._values * rows[self._row_of], minlength=SIZE)
        return np.concatenate([words, self._dense.T @ rows])

    def bends(self, rows: Vector) -> Vector:
        """Return the sum of squares in each column, one weight per row."""
        words = np.bincount(self._places, self._values**2 * rows[self._row_of], minlength=SIZE)
        return np.concatenate([words, (self._dense**2).T @ rows])


def fitted(
    rows: Rows, right: Vector, counted: Vector, ridge: float, offset: Vector, start: Vector | None
) -> Vector:
    """Return the weights that fit.

    Args:
        rows: the questions.
        right: 0 to 1 for each.
        counted: how much each counts.
        ridge: how strongly weights are held to nothing.
        offset: log-odds that are known already.
        start: where the search begins.
    """
    penalty = np.full(COLUMNS, ridge)
    penalty[-1] = 1e-3
    found = np.zeros(COLUMNS) if start is None else start.copy()
    first = 0.0
    for _ in range(NEWTON_STEPS):
        chance = sigmoid(rows.times(found) + offset)
        slope = rows.back(counted * (chance - right)) + penalty * found
        steep = float(np.linalg.norm(slope))
        first = first or float(np.linalg.norm(rows.back(counted * (sigmoid(offset) - right))))
        if steep <= CLOSE * first:
            break
        found = found - _solved(rows, counted * chance * (1 - chance) + 1e-9, penalty, slope)
    return found


def _solved(rows: Rows, bend: Vector, penalty: Vector, slope: Vector) -> Vector:
    """Return the Newton step by conjugate gradients."""
    found = np.zeros_like(slope)
    rest, way = slope.copy(), slope.copy()
    size = float(rest @ rest)
    goal = CLOSE_WITHIN**2 * size
    for _ in range(CG_STEPS):
        bent = rows.back(bend * rows.times(way)) + penalty * way
        length = size / max(1e-30, float(way @ bent))
        found += length * way
        rest -= length * bent
        fresh = float(rest @ rest)
        if fresh <= goal:
            break
        way = rest + (fresh / size) * way
        size = fresh
    return found
