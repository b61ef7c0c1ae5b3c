"""Figures of recall: which share of the turns that answer a question is among the first k."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

CUTS: Final = (5, 10, 20)
ROUNDS: Final = 2_000
SURE: Final = 0.95


@dataclass(frozen=True)
class Outcome:
    """A question that was asked of a method: what answers it, and what was found."""

    conversation: str
    category: str
    evidence: frozenset[int]
    found: tuple[int, ...]

    def recall(self, cut: int) -> float:
        """Return which share of the evidence is among the first."""
        return len(self.evidence & set(self.found[:cut])) / len(self.evidence)


@dataclass(frozen=True)
class Interval:
    """A figure, and where it lies in nearly all resamples of the questions."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return it as it stands in tables."""
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def interval(values: Sequence[float], seed: int = 1) -> Interval:
    """Return the mean with its bootstrap interval; the same for the same seed."""
    dice, many = random.Random(seed), len(values)
    means = sorted(sum(dice.choices(values, k=many)) / many for _ in range(ROUNDS))
    cut = int((1 - SURE) / 2 * ROUNDS)
    return Interval(sum(values) / many, means[cut], means[-1 - cut])


def difference(one: Sequence[Outcome], two: Sequence[Outcome], cut: int, seed: int = 1) -> Interval:
    """Return by how much one method finds more than another on the same questions."""
    pairs = zip(one, two, strict=True)
    return interval([first.recall(cut) - second.recall(cut) for first, second in pairs], seed)


def mean(outcomes: Sequence[Outcome], cut: int) -> float:
    """Return the mean recall."""
    return sum(each.recall(cut) for each in outcomes) / len(outcomes)


def share(outcomes: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> float:
    """Return of how many something holds."""
    return sum(map(holds, outcomes)) / max(1, len(outcomes))
