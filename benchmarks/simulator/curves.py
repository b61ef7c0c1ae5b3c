"""How likely a model answers a question: item response with guessing and with luck of its own.

P(right) = g + (1 - g) * sigmoid(a * (ability - difficulty + luck)); difficulty is standard normal
within a kind of question and the same for all models, luck is normal with spread s and each model's
own. So a strong model mostly fails where a weak one does; s says how often it is the other way.
"""

from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

Vector = NDArray[np.float64]

_PLACES, _SHARES = hermegauss(32)
_SHARES = _SHARES / _SHARES.sum()
_FARTHEST: Final = 12.0
_HALVINGS: Final = 50


@dataclass(frozen=True, slots=True)
class Curve:
    """`guess`: right by chance alone; `steep`: how sharply ability decides; `spread` of luck."""

    guess: float = 0.0
    steep: float = 2.0
    spread: float = 0.5

    def chance(self, lead: float) -> float:
        """Return how likely an answer is right, by the lead of ability over difficulty."""
        bounded = max(-30.0, min(30.0, self.steep * lead))
        return self.guess + (1 - self.guess) / (1 + exp(-bounded))

    def mean(self, ability: float) -> float:
        """Return the share of right answers over questions of one kind."""
        return float(_SHARES @ self._by_difficulty(ability))

    def both(self, one: float, other: float) -> float:
        """Return the share of questions that two models get right."""
        return float(_SHARES @ (self._by_difficulty(one) * self._by_difficulty(other)))

    def only(self, one: float, other: float) -> float:
        """Return the share of questions that only the first of two models gets right."""
        return self.mean(one) - self.both(one, other)

    def ability(self, mean: float) -> float:
        """Return the ability that leads to a share of right answers."""
        low, high = -_FARTHEST, _FARTHEST
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if self.mean(middle) < mean:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    def _by_difficulty(self, ability: float) -> Vector:
        """Return P(right) at each difficulty of the quadrature, luck averaged out."""
        leads = ability - _PLACES[:, None] + self.spread * _PLACES[None, :]
        odds = 1 / (1 + np.exp(-np.clip(self.steep * leads, -30, 30)))
        return np.asarray(self.guess + (1 - self.guess) * (odds @ _SHARES), np.float64)
