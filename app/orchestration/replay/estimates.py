"""What a policy would have been worth over turns that another policy began.

Every estimate is a ratio of two sums over conversations, so the bootstrap draws conversations and
divides again: self-normalised inverse propensities (Swaminathan and Joachims 2015), and doubly
robust ones that lean on a model of outcomes (Dudik et al. 2011). Weights are capped, and the
effective sample size says on how many turns an estimate really rests.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt

from app.domain.routing import TurnRecord
from app.orchestration.replay.cases import Case
from app.orchestration.replay.policies import Policy, as_logged

MOST_WEIGHT: Final = 20.0
DRAWS: Final = 500
LEVEL: Final = 0.9
# The middle 90 % of a normal distribution.
_Z: Final = 1.645

Floats = npt.NDArray[np.float64]
# How right an answer would be if a turn began with a role, from 0 to 1.
OutcomeModel = Callable[[TurnRecord, str], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the interval that holds it 90 times of 100.

    `bound`: at least this, 90 times of 100. `count` cases were looked at and `size` is what they
    are worth (effective sample size). `covered`: the share of what the policy would have done that
    had a chance to happen; of the rest the log says nothing.
    """

    value: float
    low: float
    high: float
    bound: float
    count: int
    size: float
    covered: float


def chances(turn: TurnRecord, role: str) -> float:
    """Return what the router expected then: a model of outcomes that every turn brings along."""
    known = turn.chances
    return known[role] if role in known else (sum(known.values()) / len(known) if known else 0.5)


def snips(policy: Policy, cases: Sequence[Case], dice: Random) -> Estimate | None:
    """Return the value of a policy; None where no case tells anything.

    Args:
        policy: how turns would have begun.
        cases: what is known of turns that did begin.
        dice: draws the samples of the interval.
    """
    looked = _Looked(policy, cases)
    return _estimated([looked.snips()], looked, dice)


def doubly_robust(
    policy: Policy, cases: Sequence[Case], model: OutcomeModel, dice: Random
) -> Estimate | None:
    """Return the value by a model of outcomes, corrected by how wrong the model was.

    Args:
        policy: how turns would have begun.
        cases: what is known of turns that did begin.
        model: how right an answer would be; it may be wrong.
        dice: draws the samples of the interval.
    """
    looked = _Looked(policy, cases)
    return _estimated([looked.robust(model)], looked, dice)


def difference(
    new: Policy,
    old: Policy,
    cases: Sequence[Case],
    dice: Random,
    model: OutcomeModel | None = None,
) -> Estimate | None:
    """Return by how much `new` is worth more than `old`, drawn together; None if nothing tells."""
    both = _Looked(new, cases), _Looked(old, cases)
    sums = [each.snips() if model is None else each.robust(model) for each in both]
    return _estimated(sums, both[0], dice)


class _Looked:
    """Cases as one policy looks at them: what it would have done, and how much each counts."""

    def __init__(self, policy: Policy, cases: Sequence[Case]) -> None:
        self.cases = cases
        self.wishes = [policy(case.turn) for case in cases]
        self.values = np.array([case.value for case in cases], dtype=np.float64)
        self.counts = np.array([case.count for case in cases], dtype=np.float64)
        # How much oftener each turn would have begun as it did, capped.
        oftener = [_oftener(case, wished) for case, wished in self._pairs()]
        self.weights = np.array(oftener, dtype=np.float64)

    def snips(self) -> Floats:
        """Return above and below the line of the ratio, by case."""
        below = self.weights * self.counts
        return np.stack([below * self.values, below], axis=1)

    def robust(self, model: OutcomeModel) -> Floats:
        """Return the same where a model of outcomes says what to expect."""
        expected = [
            sum(share * model(case.turn, role) for role, share in wished.items())
            for case, wished in self._pairs()
        ]
        there = [model(case.turn, case.turn.start) for case in self.cases]
        wrong_by = self.values - np.array(there, dtype=np.float64)
        value = np.array(expected, dtype=np.float64) + self.weights * wrong_by
        return np.stack([self.counts * value, self.counts], axis=1)

    def covered(self) -> float:
        """Return the share of the policy's wishes that the log could have granted."""
        granted = [_granted(wished, as_logged(case.turn)) for case, wished in self._pairs()]
        return float((self.counts * np.array(granted)).sum() / self.counts.sum())

    def _pairs(self) -> Iterator[tuple[Case, Mapping[str, float]]]:
        return zip(self.cases, self.wishes, strict=True)


def _oftener(case: Case, wished: Mapping[str, float]) -> float:
    share = wished.get(case.turn.start, 0.0)
    if not 0 <= share <= 1 + 1e-9:
        raise ValueError(f"{share} is no probability")
    return min(MOST_WEIGHT, share / case.given)


def _granted(wished: Mapping[str, float], possible: Mapping[str, float]) -> float:
    return sum(share for role, share in wished.items() if possible.get(role, 0.0) > 0)


def _estimated(sums: Sequence[Floats], looked: _Looked, dice: Random) -> Estimate | None:
    weights = looked.weights * looked.counts
    if weights.sum() <= 0:
        return None
    table = np.concatenate(sums, axis=1)
    value = float(_ratios(table.sum(axis=0, keepdims=True))[0])
    size = float(weights.sum() ** 2 / (weights**2).sum())
    drawn = _drawn(_clustered(table, looked.cases), dice)
    low, bound, high = np.quantile(drawn, [(1 - LEVEL) / 2, 1 - LEVEL, (1 + LEVEL) / 2])
    if len(sums) == 1 and low == high and value in {0.0, 1.0}:  # all alike: draws cannot differ
        low, high = _wilson(value, size)
        bound = low
    return Estimate(
        value=value,
        low=float(low),
        high=float(high),
        bound=float(bound),
        count=len(looked.cases),
        size=size,
        covered=looked.covered(),
    )


def _ratios(sums: Floats) -> Floats:
    """Return the ratio of each row, or of the new less that of the old."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = sums[:, 0::2] / sums[:, 1::2]
    found: Floats = ratios[:, 0] - (ratios[:, 1] if ratios.shape[1] > 1 else 0.0)
    return found


def _clustered(table: Floats, cases: Sequence[Case]) -> Floats:
    places: dict[str, int] = {}
    rows = [places.setdefault(case.cluster, len(places)) for case in cases]
    found = np.zeros((len(places), table.shape[1]))
    np.add.at(found, rows, table)
    return found


def _drawn(clusters: Floats, dice: Random) -> Floats:
    generator = np.random.default_rng(dice.getrandbits(64))
    count = len(clusters)
    sums = np.empty((DRAWS, clusters.shape[1]))
    for draw in range(DRAWS):
        times = np.bincount(generator.integers(0, count, count), minlength=count)
        sums[draw] = times @ clusters
    ratios = _ratios(sums)
    sound: Floats = ratios[np.isfinite(ratios)]
    # A draw without a single case that counts says nothing.
    return sound if len(sound) else _ratios(clusters.sum(axis=0, keepdims=True))


def _wilson(share: float, size: float) -> tuple[float, float]:
    middle = (share + _Z**2 / (2 * size)) / (1 + _Z**2 / size)
    reach = _Z / (1 + _Z**2 / size) * (share * (1 - share) / size + _Z**2 / (4 * size**2)) ** 0.5
    return max(0.0, middle - reach), min(1.0, middle + reach)
