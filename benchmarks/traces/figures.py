"""What routing recovers of the gap between two models, and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from benchmarks.traces.reading import Vector

FOLDS: Final = 5
DRAWS: Final = 200


@dataclass(frozen=True)
class Figures:
    """Area, and the shares of strong calls that recover 50 and 80 % of the gap."""

    apgr: float
    cpt50: float
    cpt80: float


@dataclass(frozen=True)
class Interval:
    """The middle 90 % over bootstrap samples of questions."""

    apgr: tuple[float, float]
    cpt50: tuple[float, float]


def folds(count: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield (training, test) places, always the same."""
    order = list(range(count))
    Random(0).shuffle(order)
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        yield [at for number in range(FOLDS) if number != fold for at in order[number::FOLDS]], test


def figures(gain: Vector, weak: Vector, strong: Vector) -> Figures:
    """Return the figures when questions go to the strong model in the order of `gain`."""
    order = np.argsort(-gain, kind="stable")
    right = weak.sum() + np.concatenate([[0.0], np.cumsum((strong - weak)[order])])
    recovered = (right - weak.sum()) / (strong.sum() - weak.sum())
    size = len(weak)

    def share(goal: float) -> float:
        return float(np.argmax(recovered >= goal)) / size

    return Figures(float(np.trapezoid(recovered, dx=1 / size)), share(0.5), share(0.8))


def interval(gain: Vector, weak: Vector, strong: Vector) -> Interval:
    """Return how far the figures may be from what other questions would give."""
    dice = np.random.default_rng(0)
    found = []
    for _ in range(DRAWS):
        drawn = dice.integers(0, len(gain), len(gain))
        if strong[drawn].sum() > weak[drawn].sum():  # a sample without a gap says nothing
            found.append(figures(gain[drawn], weak[drawn], strong[drawn]))
    areas, halves = ([getattr(each, name) for each in found] for name in ("apgr", "cpt50"))
    return Interval(_middle(areas), _middle(halves))


def auroc(scores: Vector, right: Vector) -> float:
    """Return how often a right answer scores above a wrong one."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[place]
    good = right > 0.5
    pairs = good.sum() * (~good).sum()
    if not pairs:
        return float("nan")
    wins = ranks[good].sum() - good.sum() * (good.sum() + 1) / 2
    return float(wins / pairs)


def _middle(values: list[float]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)
