"""Thresholds by model and group, and what may be promised of them."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.routing import GROUP_OF, Group
from app.orchestration.gate.acceptance import Judged
from app.orchestration.gate.thresholds import Judged as Scored
from app.orchestration.gate.thresholds import (
    Threshold,
    learn,
    least_count,
    lower_bound,
    upper_bound,
)

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

    `needed`: answers that are missing until a promise is possible at all. `wrong_share`: of those
    that pass, with a 90 % interval.
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
    def wrong_interval(self) -> tuple[float, float]:
        """Where that share lies, by Clopper and Pearson."""
        wrong, passed = self.threshold.wrong, self.threshold.passed
        sure = 1 - DELTA / 2  # at each end
        return lower_bound(wrong, passed, sure), upper_bound(wrong, passed, sure)

    @property
    def passed_share(self) -> float:
        """The share of all answers that pass."""
        return self.threshold.passed / max(1, self.threshold.count)


class Promises:
    """The thresholds of all models. Replaced as a whole by `learned`."""

    def __init__(
        self,
        standings: dict[Key, Standing] | None = None,
        scores: Mapping[tuple[str, str], Sequence[Scored]] | None = None,
    ) -> None:
        """Begin with nothing promised; `scores` by model and kind of task."""
        self._standings = standings or {}
        self._scores = {key: _Scores.of(judged) for key, judged in (scores or {}).items()}

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

    def passing(self, model_id: str, family: str, required: float) -> tuple[float, float]:
        """Return what share of right and of wrong answers is good enough to ask nobody else.

        What is promised plays no part: who is not worth the time is not asked, also where an answer
        is shown as doubtful. A kind of task of which little is known is taken to be like the others
        of its group.
        """
        group = GROUP_OF.get(family, Group.TALK)
        alike = [each for each in GROUP_OF if GROUP_OF[each] is group and each != family]
        of_right, of_wrong = USUAL
        for names in (alike, [family]):
            found = [self._scores.get((model_id, name), _Scores()) for name in names]
            of_right = _share([each.right for each in found], required, of_right)
            of_wrong = _share([each.wrong for each in found], required, of_wrong)
        return of_right, of_wrong

    @staticmethod
    def learned(rows: Sequence[Judged], scores: Sequence[float]) -> "Promises":
        """Return what these outcomes allow; each was scored by a fit that has not seen it."""
        pooled: dict[Key, list[Scored]] = {}
        by_family: dict[tuple[str, str], list[Scored]] = {}
        for row, score in zip(rows, scores, strict=True):
            key = row.model_id, GROUP_OF.get(row.family, Group.TALK)
            decisive = float(score) if row.settled is None else row.settled
            scored = Scored(decisive, row.right >= 0.5, 1 / row.share)
            pooled.setdefault(key, []).append(scored)
            by_family.setdefault((row.model_id, row.family), []).append(scored)
        standings = {}
        for key, judged in pooled.items():
            alpha = ALPHA[key[1]]
            threshold = learn(judged, alpha=alpha, delta=DELTA)
            needed = max(0, least_count(alpha, DELTA) - threshold.effective)
            standings[key] = Standing(*key, threshold, needed)
        return Promises(standings, by_family)


@dataclass(frozen=True, slots=True)
class _Scores:
    """The scores of right and of wrong answers, rising."""

    right: tuple[float, ...] = ()
    wrong: tuple[float, ...] = ()

    @staticmethod
    def of(judged: Sequence[Scored]) -> "_Scores":
        return _Scores(
            tuple(sorted(each.score for each in judged if each.right)),
            tuple(sorted(each.score for each in judged if not each.right)),
        )


def _share(scores: Sequence[Sequence[float]], least: float, usual: float) -> float:
    count = sum(map(len, scores))
    passed = count - sum(bisect_left(each, least) for each in scores)
    return (passed + HABIT * usual) / (count + HABIT)
