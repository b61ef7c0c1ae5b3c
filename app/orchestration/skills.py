"""What each model is good at: a posterior for every kind of task, drawn towards the model's mean.

A Beta distribution per (family, model) with the model's global mean as prior of strength 2, and the
global mean itself from a prior of the same strength (routing notes: 0.5 to 8 differ little). There
is no forgetting; a model that changes has another id and begins anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from app.domain.routing import OutcomeRecord, Witness

STRENGTH: Final = 2.0
# What is expected of a model nothing is known of.
UNKNOWN: Final = 0.6
# Of 200 draws, at least one goes to every candidate: what is never tried is never learned.
DRAWS: Final = 200
FLOOR: Final = 0.01


@dataclass(frozen=True, slots=True)
class Beta:
    """A distribution over a probability, with so many right and wrong answers behind it."""

    right: float
    wrong: float

    @property
    def mean(self) -> float:
        """The expected probability."""
        return self.right / (self.right + self.wrong)

    @property
    def variance(self) -> float:
        """How far from it the truth may be, squared."""
        total = self.right + self.wrong
        return self.right * self.wrong / (total * total * (total + 1))

    def interval(self, width: float = 1.645) -> tuple[float, float]:
        """Return about the middle 90 %."""
        reach = width * self.variance**0.5
        return max(0.0, self.mean - reach), min(1.0, self.mean + reach)

    def draw(self, dice: Random) -> float:
        """Return one draw."""
        return dice.betavariate(max(self.right, 1e-3), max(self.wrong, 1e-3))


@dataclass
class Tally:
    """Right and wrong answers, by weight; `hard` counts those a reliable witness has judged."""

    right: float = 0.0
    wrong: float = 0.0
    hard: int = 0

    def add(self, right: float, weight: float, *, hard: bool) -> None:
        """Count one answer."""
        self.right += weight * right
        self.wrong += weight * (1 - right)
        self.hard += hard


class Skills:
    """The posteriors of all models. Owns the tallies."""

    def __init__(self, priors: Mapping[str, float] | None = None) -> None:
        """Begin with nothing known but `priors`, expected means by model id."""
        self._priors = dict(priors or {})
        self._whole: dict[str, Tally] = {}
        self._by_family: dict[tuple[str, str], Tally] = {}

    def expect(self, model_id: str, mean: float) -> None:
        """Set what is expected of a model before it has answered anything."""
        self._priors.setdefault(model_id, mean)

    def learn(self, outcome: OutcomeRecord) -> None:
        """Count how an answer turned out."""
        weight = outcome.witness.weight
        hard = outcome.witness is Witness.VALIDATOR
        for tally in (
            self._whole.setdefault(outcome.model_id, Tally()),
            self._by_family.setdefault((outcome.family, outcome.model_id), Tally()),
        ):
            tally.add(outcome.right, weight, hard=hard)

    def forget(self, model_id: str) -> None:
        """Drop what was counted for a model."""
        self._whole.pop(model_id, None)
        for key in [key for key in self._by_family if key[1] == model_id]:
            del self._by_family[key]

    def mean(self, model_id: str) -> float:
        """Return the model's mean over all kinds of tasks."""
        return self._posterior(
            self._whole.get(model_id, Tally()), self._priors.get(model_id, UNKNOWN)
        ).mean

    def posterior(self, family: str, model_id: str) -> Beta:
        """Return what is known of a model's answers to one kind of task."""
        tally = self._by_family.get((family, model_id), Tally())
        return self._posterior(tally, self.mean(model_id))

    def hard_count(self, family: str, model_id: str) -> int:
        """Return how many answers reliable witnesses have judged."""
        return self._by_family.get((family, model_id), Tally()).hard

    def propensities(
        self, family: str, costs: Mapping[str, float], dice: Random
    ) -> dict[str, float]:
        """Return how often each model wins if skill less cost is drawn; at least 1 % each.

        Args:
            family: the kind of task.
            costs: by model id, in units of probability.
            dice: where chance comes from.
        """
        wins = dict.fromkeys(costs, 0)
        posteriors = {model: self.posterior(family, model) for model in costs}
        for _ in range(DRAWS):
            drawn = {model: posteriors[model].draw(dice) - costs[model] for model in costs}
            wins[max(drawn, key=lambda model: drawn[model])] += 1
        floored = {model: max(FLOOR, count / DRAWS) for model, count in wins.items()}
        total = sum(floored.values())
        return {model: share / total for model, share in floored.items()}

    def table(self) -> Iterator[tuple[str, str, Beta, int]]:
        """Yield family, model id, posterior and count of judged answers, in a fixed order."""
        for family, model_id in sorted(self._by_family):
            tally = self._by_family[family, model_id]
            count = round(tally.right + tally.wrong)
            yield family, model_id, self.posterior(family, model_id), count

    @staticmethod
    def _posterior(tally: Tally, prior: float) -> Beta:
        return Beta(STRENGTH * prior + tally.right, STRENGTH * (1 - prior) + tally.wrong)
