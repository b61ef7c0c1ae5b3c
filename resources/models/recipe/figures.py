"""The arithmetic of the report: intervals, separation, calibration."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959964
BINS = 10


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, with its interval."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.part / self.whole if self.whole else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval at 95 %."""
        if not self.whole:
            return 0.0, 1.0
        n, p = self.whole, self.value
        middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 / (1 + Z95**2 / n) * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


def auroc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Return how often a right answer scores above a wrong one; ties count half."""
    order = sorted(range(len(scores)), key=lambda at: scores[at])
    ranks = [0.0] * len(scores)
    begin = 0
    while begin < len(order):
        end = begin
        while end < len(order) and scores[order[end]] == scores[order[begin]]:
            end += 1
        for at in order[begin:end]:
            ranks[at] = (begin + end + 1) / 2
        begin = end
    good = sum(right)
    bad = len(right) - good
    if not good or not bad:
        return math.nan
    above = sum(rank for rank, ok in zip(ranks, right, strict=True) if ok)
    return (above - good * (good + 1) / 2) / (good * bad)


@dataclass(frozen=True)
class Bin:
    """Answers of similar confidence: how many, how sure on average, how many right."""

    count: int
    sure: float
    right: float


def reliability(sure: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Return the answers in bins of equal width by confidence (0..1); empty ones are left out."""
    bins: list[list[int]] = [[] for _ in range(BINS)]
    for at, value in enumerate(sure):
        bins[min(BINS - 1, int(value * BINS))].append(at)
    return [
        Bin(
            len(each),
            math.fsum(sure[at] for at in each) / len(each),
            sum(right[at] for at in each) / len(each),
        )
        for each in bins
        if each
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean gap between confidence and truth."""
    whole = sum(each.count for each in bins)
    return math.fsum(each.count * abs(each.sure - each.right) for each in bins) / whole
