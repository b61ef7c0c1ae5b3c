"""From scores to probabilities: logistic regression with a ridge, and isotonic steps on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

ROUNDS: Final = 30
CLOSE: Final = 1e-8
STEEPEST: Final = 30.0  # beyond this a sigmoid is 0 or 1 anyway


def sigmoid(value: Vector) -> Vector:
    """Return 1 / (1 + exp(-value)), safe for any number."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(value, -STEEPEST, STEEPEST))), np.float64)


def logit(probability: float) -> float:
    """Return the log-odds of a probability, kept away from 0 and 1."""
    kept = min(max(probability, 1e-6), 1 - 1e-6)
    return float(np.log(kept) - np.log1p(-kept))


@dataclass(frozen=True, slots=True)
class Logistic:
    """A linear score in log-odds over scaled features."""

    centre: Vector
    scale: Vector
    weights: Vector
    bias: float

    def odds(self, rows: Matrix) -> Vector:
        """Return the log-odds of each row."""
        return np.asarray((rows - self.centre) / self.scale @ self.weights + self.bias, np.float64)

    def probabilities(self, rows: Matrix) -> Vector:
        """Return the probability of each row."""
        return sigmoid(self.odds(rows))


def fit_logistic(
    rows: Matrix, right: Vector, *, ridge: float = 1e-2, weights: Vector | None = None
) -> Logistic:
    """Fit by Newton's method; `ridge` per row keeps weights finite, the bias is left free.

    Args:
        rows: features [n, d].
        right: 0 to 1 for each row [n].
        ridge: penalty on squared weights, relative to the number of rows.
        weights: how much each row counts [n]; all the same if not given.
    """
    count, width = rows.shape
    centre, spread = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(spread > 1e-9, spread, 1.0)
    design = np.hstack([(rows - centre) / scale, np.ones((count, 1))])
    counted = np.ones(count) if weights is None else weights
    penalty = np.full(width + 1, ridge * counted.sum())
    penalty[-1] = 1e-9
    found = np.zeros(width + 1)
    for _ in range(ROUNDS):
        chance = sigmoid(design @ found)
        slope = design.T @ (counted * (chance - right)) + penalty * found
        bend = (design * (counted * chance * (1 - chance) + 1e-9)[:, None]).T @ design
        step = np.linalg.solve(bend + np.diag(penalty), slope)
        found -= step
        if float(np.abs(step).max()) < CLOSE:
            break
    return Logistic(centre, scale, found[:-1], float(found[-1]))


@dataclass(frozen=True, slots=True)
class Steps:
    """A rising step function; between the middles of its blocks a line is drawn."""

    places: Vector
    values: Vector

    def __call__(self, scores: Vector) -> Vector:
        """Return the value at each score."""
        return np.asarray(np.interp(scores, self.places, self.values), np.float64)


def fit_isotonic(scores: Sequence[float], right: Sequence[float], *, block: int = 20) -> Steps:
    """Fit a rising function by pooling neighbours that are out of order; `block` scores at least.

    Pool adjacent violators (Ayer et al. 1955).
    """
    order = np.argsort(np.asarray(scores), kind="stable")
    places, values = np.asarray(scores, np.float64)[order], np.asarray(right, np.float64)[order]
    pools: list[tuple[float, float, int]] = []  # mean place, mean value, count
    for begin in range(0, len(places), block):
        end = len(places) if len(places) - begin < 2 * block else begin + block
        piece = slice(begin, end)
        pools.append((float(places[piece].mean()), float(values[piece].mean()), end - begin))
        while len(pools) > 1 and pools[-2][1] >= pools[-1][1]:
            pools.append(_joined(pools.pop(), pools.pop()))
        if end == len(places):
            break
    return Steps(np.array([pool[0] for pool in pools]), np.array([pool[1] for pool in pools]))


def _joined(
    one: tuple[float, float, int], other: tuple[float, float, int]
) -> tuple[float, float, int]:
    count = one[2] + other[2]
    place = (one[0] * one[2] + other[0] * other[2]) / count
    return place, (one[1] * one[2] + other[1] * other[2]) / count, count


def calibration_error(probabilities: Vector, right: Vector, *, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal mass."""
    order = np.argsort(probabilities, kind="stable")
    pieces = np.array_split(order, min(bins, len(order)))
    gaps = [
        len(piece) * abs(float(probabilities[piece].mean()) - float(right[piece].mean()))
        for piece in pieces
        if len(piece)
    ]
    return sum(gaps) / max(1, len(order))
