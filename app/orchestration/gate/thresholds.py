"""From which score on answers may pass, so that a promise about wrong ones is kept.

The promise: of all questions, at most `alpha` end as a wrong answer that passed. Learn-then-Test
(Angelopoulos et al. 2021): candidate thresholds are tested from strict to lenient, each against the
hypothesis that it breaks the promise; the walk ends at the first that cannot be refuted at `delta`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, lgamma, log, log1p
from typing import Final

CANDIDATES: Final = 50
NOBODY: Final = 2.0  # no score reaches this
EPSILON: Final = 1e-6  # sums of fractions are not exact


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with its score, and whether it was right; it stands for so many others."""

    score: float
    right: bool
    stands_for: float = 1.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold and what was seen at it.

    `value`: the least score that passes; `NOBODY` when nothing may pass. Of `count` questions,
    `passed` answers passed and `wrong` of these were wrong.
    """

    value: float
    alpha: float
    delta: float
    count: int
    passed: int = 0
    wrong: int = 0
    effective: int = 0  # fewer than `count` where some stand for many

    @property
    def promises(self) -> bool:
        """Whether anything may pass under the promise."""
        return self.value < NOBODY


def least_count(alpha: float, delta: float) -> int:
    """Return how many questions it takes at least, if every answer that passed was right."""
    return int(-(-log(delta) // log1p(-alpha)))


def learn(judged: Sequence[Judged], *, alpha: float, delta: float) -> Threshold:
    """Return the most lenient threshold that keeps the promise with confidence 1 - `delta`.

    Where answers stand for different numbers of others, their share is taken as if it came from as
    many equal ones as they are worth, rounded to the unfavourable side.
    """
    count = len(judged)
    whole = sum(each.stands_for for each in judged)
    effective = int(whole**2 / sum(each.stands_for**2 for each in judged) + EPSILON) if count else 0
    best = Threshold(NOBODY, alpha, delta, count, effective=effective)
    for value in _candidates([each.score for each in judged]):
        passing = [each for each in judged if each.score >= value]
        wrong = [each.stands_for for each in passing if not each.right]
        seen = ceil(sum(wrong) / whole * effective - EPSILON)
        if binomial_cdf(seen, effective, alpha) > delta:
            break
        best = Threshold(value, alpha, delta, count, len(passing), len(wrong), effective)
    return best


def _candidates(scores: Sequence[float]) -> list[float]:
    """Return thresholds from strict to lenient that let equal shares of the scores pass."""
    if not scores:
        return []
    ordered = sorted(scores, reverse=True)
    steps = min(CANDIDATES, len(ordered))
    places = [round((step + 1) * len(ordered) / steps) - 1 for step in range(steps)]
    return list(dict.fromkeys(ordered[place] for place in places))


def binomial_cdf(successes: int, trials: int, probability: float) -> float:
    """Return P(X <= successes) for X binomial; the p-value of "the true rate is `probability`"."""
    if successes >= trials:
        return 1.0
    if probability <= 0.0:
        return 1.0
    if probability >= 1.0:
        return 0.0
    whole = lgamma(trials + 1)
    logs = (
        whole
        - lgamma(k + 1)
        - lgamma(trials - k + 1)
        + k * log(probability)
        + (trials - k) * log1p(-probability)
        for k in range(successes + 1)
    )
    return min(1.0, sum(exp(each) for each in logs))


def upper_bound(wrong: int, count: int, confidence: float) -> float:
    """Return the Clopper-Pearson upper bound of a rate of which `wrong` of `count` were seen."""
    if count == 0 or wrong >= count:
        return 1.0
    low, high = wrong / count, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if binomial_cdf(wrong, count, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def lower_bound(wrong: int, count: int, confidence: float) -> float:
    """Return the Clopper-Pearson lower bound of a rate of which `wrong` of `count` were seen."""
    if count == 0 or wrong <= 0:
        return 0.0
    low, high = 0.0, wrong / count
    for _ in range(60):
        middle = (low + high) / 2
        if 1 - binomial_cdf(wrong - 1, count, middle) < 1 - confidence:
            low = middle
        else:
            high = middle
    return low
