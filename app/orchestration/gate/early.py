"""First words: how likely the answer they begin will turn out right, and when they are hopeless.

Calibrated apart from whole answers: a beginning has other sums, other extremes, and says less. To
give an answer up is promised like letting one pass: of all answers, few right ones may be lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.orchestration.gate.acceptance import FEW, FIRST_RIDGE, FOLDS, Judged, cold_odds
from app.orchestration.gate.calibration import Logistic, fit_logistic, sigmoid
from app.orchestration.gate.signals import LOOKS, PARTS, early_name
from app.orchestration.gate.thresholds import Judged as Scored
from app.orchestration.gate.thresholds import learn

# Of all answers, at most this share may be right ones that were given up.
LOST: Final = 0.05
DELTA: Final = 0.10
# However few would be lost: an answer with a better chance than this is waited for.
HOPEFUL: Final = 0.25
# What is not known of the beginning alone.
_BESIDE: Final = ("prior", "refused")

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of an answer by its first words.

    `probability` that it will be right, resting on `count` answers; below `hopeless` its end is not
    worth waiting for.
    """

    probability: float
    count: int
    hopeless: float


@dataclass(frozen=True, slots=True)
class _Learned:
    fit: Logistic
    count: int
    hopeless: float


class Openings:
    """What first words are worth, by model and number of words. Replaced whole by `fitted`."""

    def __init__(self, learned: Mapping[Key, _Learned] | None = None) -> None:
        """Begin with no evidence."""
        self._learned = learned or {}

    def estimate(self, signals: Mapping[str, float], model_id: str, tokens: int) -> Opening:
        """Return what the first tokens say.

        Args:
            signals: of the tokens up to the look alone.
            model_id: who writes.
            tokens: how many there are.
        """
        looks = [look for look in LOOKS if look <= tokens]
        known = self._learned.get((model_id, looks[-1])) if looks else None
        if known is None:
            cold = float(sigmoid(np.array([cold_odds(signals)]))[0])
            return Opening(cold, 0, 0.0)
        row = np.array([[signals.get(name, 0.0) for name in (*PARTS, *_BESIDE)]])
        return Opening(float(known.fit.probabilities(row)[0]), known.count, known.hopeless)

    @property
    def counts(self) -> dict[Key, int]:
        """How many answers the opinion on first words rests on, by model and number of words."""
        return {key: each.count for key, each in self._learned.items()}

    @staticmethod
    def fitted(rows: Sequence[Judged]) -> "Openings":
        """Return what these outcomes teach; only answers that went on behind a look count there."""
        pooled: dict[Key, list[Judged]] = {}
        for row in rows:
            for look in LOOKS:
                if early_name("mean", look) in row.signals:
                    pooled.setdefault((row.model_id, look), []).append(row)
        return Openings(
            {key: _learned(own, key[1]) for key, own in pooled.items() if len(own) >= FEW}
        )


def _learned(rows: Sequence[Judged], look: int) -> _Learned:
    design = np.array([_features(row.signals, look) for row in rows])
    right = np.array([row.right for row in rows])
    weights = np.array([row.weight for row in rows])
    doubts = [
        Scored(1 - float(chance), row.right < 0.5)
        for chance, row in zip(_unseen(design, right, weights), rows, strict=True)
    ]
    found = learn(doubts, alpha=LOST, delta=DELTA)
    hopeless = min(HOPEFUL, 1 - found.value) if found.promises else 0.0
    fit = fit_logistic(design, right, ridge=FIRST_RIDGE, weights=weights)
    return _Learned(fit, len(rows), hopeless)


def _features(signals: Mapping[str, float], look: int) -> list[float]:
    begun = [signals.get(early_name(part, look), 0.0) for part in PARTS]
    return begun + [signals.get(name, 0.0) for name in _BESIDE]


def _unseen(
    design: NDArray[np.float64], right: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the chance of each row by a fit on the others."""
    fold = np.arange(len(right)) % FOLDS
    found = np.zeros(len(right))
    for each in range(FOLDS):
        inside, outside = fold != each, fold == each
        fit = fit_logistic(
            design[inside], right[inside], ridge=FIRST_RIDGE, weights=weights[inside]
        )
        found[outside] = fit.probabilities(design[outside])
    return found
