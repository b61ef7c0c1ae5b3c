"""One head per model: how likely it answers a question rightly, from hashed words and numbers.

Logistic regression with a ridge, by Newton's method with conjugate gradients (Lin, Weng, Keerthi
2008): only products with the sparse matrix of questions are needed, so thousands of questions of
some dozens of words are fitted in a blink.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.orchestration.gate.calibration import sigmoid
from app.orchestration.router.hashing import SIZE, Grams, place

# How strongly weights are held to nothing, per row; chosen on one half of a public trace.
RIDGE: Final = 2.0
# The numbers of a question against its words: numbers are scaled, words have length 1.
NUMBERS: Final = 0.25
# A kind of task counts as one more word of this weight.
FAMILY: Final = 1.0
NEWTON_STEPS: Final = 8
CG_STEPS: Final = 12
# The search ends where the slope is this part of what it was; within a step, this part suffices.
CLOSE: Final = 0.02
CLOSE_WITHIN: Final = 0.15

Vector = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as a head sees it."""

    family: str
    lexical: tuple[float, ...]
    grams: Grams


class _Rows:
    """Questions as a sparse matrix [rows, SIZE + numbers + 1], the last column being all ones."""

    def __init__(self, seen: Sequence[Seen], centre: Vector, scale: Vector) -> None:
        counts, places, values = [], [], []
        for each in seen:
            found = [*each.grams, (place(f"family {each.family}"), FAMILY)]
            counts.append(len(found))
            places += [at for at, _ in found]
            values += [value for _, value in found]
        self.count = len(seen)
        self._places: Places = np.array(places, np.int64)
        self._values = np.array(values, np.float64)
        self._row_of = np.repeat(np.arange(self.count), counts)
        numbers = np.array([each.lexical for each in seen], np.float64).reshape(self.count, -1)
        numbers = NUMBERS * (numbers - centre) / scale
        self._dense = np.hstack([numbers, np.ones((self.count, 1))])

    @property
    def width(self) -> int:
        """How many columns there are."""
        return SIZE + int(self._dense.shape[1])

    def times(self, weights: Vector) -> Vector:
        """Return matrix times weights."""
        words = np.bincount(
            self._row_of, self._values * weights[self._places], minlength=self.count
        )
        return np.asarray(words + self._dense @ weights[SIZE:], np.float64)

    def back(self, rows: Vector) -> Vector:
        """Return the transposed matrix times one number per row."""
        words = np.bincount(self._places, self._values * rows[self._row_of], minlength=SIZE)
        return np.concatenate([words, self._dense.T @ rows])


class Head:
    """The fitted head of one model."""

    def __init__(self, weights: Vector, centre: Vector, scale: Vector) -> None:
        self._weights = weights
        self._centre = centre
        self._scale = scale

    def odds(self, seen: Sequence[Seen]) -> Vector:
        """Return the log-odds that each question is answered rightly."""
        return _Rows(seen, self._centre, self._scale).times(self._weights)


def fit_head(
    seen: Sequence[Seen],
    right: Sequence[float],
    weights: Sequence[float] | None = None,
    *,
    ridge: float = RIDGE,
) -> Head:
    """Return the head that fits these questions.

    Args:
        seen: the questions, all with the same count of numbers.
        right: 0 to 1 for each.
        weights: how much each counts; all the same if not given.
        ridge: how strongly weights are held to nothing.
    """
    numbers = np.array([each.lexical for each in seen], np.float64).reshape(len(seen), -1)
    centre, spread = numbers.mean(axis=0), numbers.std(axis=0)
    scale = np.where(spread > 1e-9, spread, 1.0)
    rows = _Rows(seen, centre, scale)
    target = np.array(right, np.float64)
    counted = np.ones(len(seen)) if weights is None else np.array(weights, np.float64)
    penalty = np.full(rows.width, ridge)
    penalty[-1] = 1e-6
    found = np.zeros(rows.width)
    steepest = 0.0
    for _ in range(NEWTON_STEPS):
        chance = sigmoid(rows.times(found))
        slope = rows.back(counted * (chance - target)) + penalty * found
        steepest = max(steepest, float(np.linalg.norm(slope)))
        if float(np.linalg.norm(slope)) <= CLOSE * steepest:
            break
        bend = counted * chance * (1 - chance) + 1e-9
        found = found - _solved(rows, bend, penalty, slope)
    return Head(found, centre, scale)


def _solved(rows: _Rows, bend: Vector, penalty: Vector, slope: Vector) -> Vector:
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
