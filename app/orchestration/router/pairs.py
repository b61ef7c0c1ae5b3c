"""How two models fail: whether one still knows what the other one did not."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from app.domain.routing import OutcomeRecord

# What is expected before two models were seen on the same questions: on those the one got wrong,
# the other keeps this part of its chance. It takes so many such questions to show otherwise.
USUAL: Final = 0.8
HABIT: Final = 15.0
KEPT: Final = 4000
# All kinds of tasks together.
_ALL: Final = ""


@dataclass
class _Tally:
    """Questions both answered: how many, those the upper got right, those the lower got wrong."""

    count: float = 0.0
    right: float = 0.0
    lower_wrong: float = 0.0
    saved: float = 0.0  # wrong by the lower, right by the upper

    def add(self, lower: float, upper: float) -> None:
        """Count a question."""
        self.count += 1
        self.right += upper
        self.lower_wrong += 1 - lower
        self.saved += (1 - lower) * upper

    def kept(self, usual: float) -> float:
        """Return what part of its chance the upper keeps; `usual` before anything was seen."""
        base = (self.right + HABIT * 0.5) / (self.count + HABIT)
        saved = (self.saved + HABIT * usual * base) / (self.lower_wrong + HABIT)
        return min(1.0, saved / base)


class Pairs:
    """What is known of models on the same questions. Owns the tallies."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._tallies: dict[tuple[str, str, str], _Tally] = {}
        self._questions: OrderedDict[str, dict[str, float]] = OrderedDict()

    def learn(self, outcome: OutcomeRecord) -> None:
        """Take in an answer that was judged, once for each model and question."""
        if not outcome.question or not outcome.witness.moves_thresholds:
            return
        seen = self._questions.setdefault(outcome.question, {})
        if outcome.model_id in seen:
            return
        for other, right in seen.items():
            for family in (_ALL, outcome.family):
                self._tally(other, outcome.model_id, family).add(right, outcome.right)
                self._tally(outcome.model_id, other, family).add(outcome.right, right)
        seen[outcome.model_id] = outcome.right
        while len(self._questions) > KEPT:
            self._questions.popitem(last=False)

    def kept(self, upper: str, lower: str, *, family: str) -> float:
        """Return what part of its chance `upper` keeps on questions that `lower` got wrong.

        A kind of task of which little is known is taken to be like all of them together.
        """
        part = USUAL
        for each in (_ALL, family):
            part = self._tallies.get((lower, upper, each), _Tally()).kept(part)
        return part

    def forget(self, model_id: str) -> None:
        """Drop what is known of a model."""
        for key in [key for key in self._tallies if model_id in key[:2]]:
            del self._tallies[key]
        for seen in self._questions.values():
            seen.pop(model_id, None)

    def _tally(self, lower: str, upper: str, family: str) -> _Tally:
        return self._tallies.setdefault((lower, upper, family), _Tally())
