"""What quality, time and being late are worth against each other: the one dial, and the price."""

import math
from dataclasses import dataclass
from typing import Final

# The dial in its middle: the time of the slowest answer is worth this much probability.
MIDDLE: Final = 0.1
# What it costs to be late for certain, in probability of a right answer.
LATE: Final = 0.5
# How far the time of an answer is from what was expected, as the spread of its logarithm.
SPREAD: Final = 0.5


def weight_of(balance: float) -> float:
    """Return what the time of the slowest answer is worth, in probability of a right one.

    Args:
        balance: the user's dial, 0 for speed, 1 for quality.
    """
    return MIDDLE * (2 * (1 - min(1.0, max(0.0, balance)))) ** 2


@dataclass(frozen=True, slots=True)
class Price:
    """What a plan costs: `second` for each second of the user's, `within_s` until it is late."""

    second: float
    within_s: float = math.inf

    def of(self, seconds: float, late: float) -> float:
        """Return the cost of a time and of a chance to be late, in probability."""
        return self.second * seconds + LATE * late

    def late(self, seconds: float) -> float:
        """Return how likely an answer that is expected after so many seconds comes too late."""
        if math.isinf(self.within_s) or seconds <= 0:
            return 0.0
        if self.within_s <= 0:
            return 1.0
        # Expected is the mean; the middle of a long-tailed distribution lies below it.
        middle = math.log(seconds) - SPREAD * SPREAD / 2
        return 0.5 * math.erfc((math.log(self.within_s) - middle) / (SPREAD * math.sqrt(2)))
