"""Thresholds by model and group, and what may be promised of them."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.routing import GROUP_OF, Group
from app.orchestration.gate.acceptance import Judged, out_of_fold
from app.orchestration.gate.thresholds import Judged as Scored
from app.orchestration.gate.thresholds import Threshold, learn, least_count, upper_bound

# Of all questions of a group, at most this share may end as a wrong answer that passed.
ALPHA: Final = {Group.TALK: 0.10, Group.CHECKED: 0.05, Group.GIVEN: 0.05, Group.ACTION: 0.02}
DELTA: Final = 0.10
# What passes before anything can be promised.
COLD: Final = 0.6
# What passes of right and of wrong answers before this gate has shown it, and how many answers
# it takes to show otherwise.
USUAL: Final = (0.9, 0.2)
HABIT: Final = 10.0

Key = tuple[str, Group]


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for the answers of one model to one group of questions.

    `wrong_share`: of those that pass, with `wrong_most` as the upper bound at 90 %.
    """

    model_id: str
    group: Group
    threshold: Threshold
    needed: int

    @property
    def promises(self) -> bool:
        """Whether the share of wrong answers that pass is bounded."""
        return self.threshold.promises

    @property
    def value(self) -> float:
        """The least probability that passes."""
        return self.threshold.value if self.promises else COLD

    @property
    def wrong_share(self) -> float | None:
        """The share of wrong ones among the answers that passed."""
        passed = self.threshold.passed
        return self.threshold.wrong / passed if passed else None

    @property
    def wrong_most(self) -> float:
        """Its upper bound, with a confidence of 90 %."""
        return upper_bound(self.threshold.wrong, self.threshold.passed, 1 - DELTA)


class Promises:
    """The thresholds of all models. Replaced as a whole by `learned`."""

    def __init__(
        self,
        standings: dict[Key, Standing] | None = None,
        scores: Mapping[Key, Sequence[Scored]] | None = None,
    ) -> None:
        """Begin with nothing promised."""
        self._standings = standings or {}
        self._scores = {key: _sorted(judged) for key, judged in (scores or {}).items()}

    @property
    def standings(self) -> tuple[Standing, ...]:
        """All that is known."""
        return tuple(self._standings.values())

    def of(self, model_id: str, group: Group) -> Standing:
        """Return what holds for a model and a group."""
        found = self._standings.get((model_id, group))
        if found is not None:
            return found
        alpha = ALPHA[group]
        nothing = learn((), alpha=alpha, delta=DELTA)
        return Standing(model_id, group, nothing, least_count(alpha, DELTA))

    def passing(self, model_id: str, group: Group, required: float) -> tuple[float, float]:
        """Return what share of right and of wrong answers reaches threshold and requirement."""
        least = max(self.of(model_id, group).value, required)
        right, wrong = self._scores.get((model_id, group), ((), ()))
        return _share(right, least, USUAL[0]), _share(wrong, least, USUAL[1])

    @staticmethod
    def learned(rows: Sequence[Judged]) -> "Promises":
        """Return what these outcomes allow; each is scored by a fit that has not seen it."""
        scores = out_of_fold(rows)
        pooled: dict[Key, list[Scored]] = {}
        for row, score in zip(rows, scores, strict=True):
            key = row.model_id, GROUP_OF.get(row.family, Group.TALK)
            decisive = float(score) if row.settled is None else row.settled
            pooled.setdefault(key, []).append(Scored(decisive, row.right >= 0.5))
        standings = {}
        for key, judged in pooled.items():
            alpha = ALPHA[key[1]]
            threshold = learn(judged, alpha=alpha, delta=DELTA)
            needed = max(0, least_count(alpha, DELTA) - len(judged))
            standings[key] = Standing(*key, threshold, needed)
        return Promises(standings, pooled)


def _sorted(judged: Sequence[Scored]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the scores of right and of wrong answers, rising."""
    right = sorted(each.score for each in judged if each.right)
    return tuple(right), tuple(sorted(each.score for each in judged if not each.right))


def _share(scores: Sequence[float], least: float, usual: float) -> float:
    passed = len(scores) - bisect_left(scores, least)
    return (passed + HABIT * usual) / (len(scores) + HABIT)
