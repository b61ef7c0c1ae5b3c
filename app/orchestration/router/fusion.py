"""How the parts of a chance become one: weights in log-odds that grow with the evidence."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.orchestration.gate.calibration import logit, sigmoid
from app.orchestration.skills import STRENGTH

# Words count for n / (n + this) as long as too little is known to fit a weight.
HALF: Final = 200
# From so many answers of a model on its weights are fitted; held to the others by this many.
FITTED_FROM: Final = 200
HOLD: Final = 10.0
NEWTON_STEPS: Final = 8
# A fitted weight stays within these.
LEAST: Final = (-1.0, 0.3, 0.0)
MOST: Final = (1.0, 1.5, 1.5)

Vector = NDArray[np.float64]
Words = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Fusion:
    """Log-odds are `bias` + `table` * table + `words` * (words - table)."""

    bias: float = 0.0
    table: float = 1.0
    words: float = 0.0

    def odds(self, table: float, words: float) -> float:
        """Return the log-odds of both parts together."""
        return self.bias + self.table * table + self.words * (words - table)


def by_count(count: float) -> Fusion:
    """Return the weights for a model with so many judged answers."""
    return Fusion(words=count / (count + HALF))


def fit_fusion(table: Vector, words: Vector, right: Vector, weights: Vector) -> Fusion:
    """Return the weights that fit, and make the whole calibrated, if there is enough.

    Args:
        table: log-odds from the skill table without the answer itself [n].
        words: log-odds from heads that have not seen the question [n].
        right: 0 to 1 for each.
        weights: how much each counts.
    """
    begin = by_count(len(right))
    if len(right) < FITTED_FROM:
        return begin
    columns = np.stack([np.ones_like(table), table, words - table], axis=1)
    prior = np.array([begin.bias, begin.table, begin.words])
    found = prior.copy()
    for _ in range(NEWTON_STEPS):
        chance = sigmoid(columns @ found)
        slope = columns.T @ (weights * (chance - right)) + HOLD * (found - prior)
        bend = columns.T @ (columns * (weights * chance * (1 - chance))[:, None])
        found = found - np.linalg.solve(bend + HOLD * np.eye(3), slope)
    bias, first, second = (float(each) for each in np.clip(found, LEAST, MOST))
    return Fusion(bias, first, second)


def table_without(families: Words, right: Vector, weights: Vector, expected: float) -> Vector:
    """Return the log-odds the skill table would give to each answer without that answer.

    Args:
        families: the kind of task of each.
        right: 0 to 1 for each.
        weights: how much each counts.
        expected: what the model's mean is drawn to.
    """
    good = weights * right
    mean = (STRENGTH * expected + good.sum() - good) / (STRENGTH + weights.sum() - weights)
    _, kind = np.unique(families, return_inverse=True)
    goods, wholes = np.bincount(kind, good), np.bincount(kind, weights)
    chance = (STRENGTH * mean + goods[kind] - good) / (STRENGTH + wholes[kind] - weights)
    return np.array([logit(each) for each in chance])
