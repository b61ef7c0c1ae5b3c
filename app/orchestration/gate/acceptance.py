"""How likely an answer is right: from its signals, in stages as evidence grows.

Before there is evidence, the mean log-probability alone says it (a fixed curve, moved to what is
known of the model and the kind of task). From 30 outcomes on, a handful of signals is weighed for
the model; from 200 on, all signals are weighed together, with an own offset for every model
and family; from 500 on, steps on top take out what a straight line cannot follow.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.routing import FAMILIES
from app.orchestration.gate.calibration import (
    Logistic,
    Steps,
    fit_isotonic,
    fit_logistic,
    sigmoid,
)
from app.orchestration.gate.signals import NAMES, vector

FEW: Final = 30
WEIGHED: Final = 200
STEPPED: Final = 500
# What is weighed first. One score alone (Platt's way) misleads: a sure short answer and a sure long
# one are not equally likely right.
FIRST: Final = ("mean", "total", "least", "prior", "passed", "failed", "refused")
# The newest outcomes of a model that are looked at.
KEPT: Final = 4000
FOLDS: Final = 5
# The fixed curve: log-odds of 3 at certainty, and 2 less for each unit of mean log-probability.
CURVE: Final = (2.0, 3.0)
# What a check that passed or failed adds to the log-odds before there is evidence.
CHECK: Final = 1.5
# Where the fixed curve stands for an ordinary answer; the prior moves it from there.
ORDINARY: Final = 2.0
RIDGE: Final = 3e-3
LEAST, MOST = 0.001, 0.999  # nothing is surer than that
FIRST_RIDGE: Final = 3e-2


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer that a witness has judged; `settled`: 1 or 0 where checks alone decide.

    `weight`: how much it counts in fits. `share`: how likely it was to be looked at, so that it
    stands for others that were not. `question`: its hash, or '' where that is not known.
    """

    model_id: str
    family: str
    signals: Mapping[str, float]
    right: float
    weight: float = 1.0
    settled: float | None = None
    share: float = 1.0
    question: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The probability that an answer is right, and how many outcomes it rests on."""

    probability: float
    count: int


class Acceptance:
    """Estimates of all models. Replaced as a whole by `fitted`, so that readers need no lock."""

    def __init__(self) -> None:
        """Begin with no evidence."""
        self.counts: Counter[str] = Counter()
        self._first: dict[str, Logistic] = {}
        self._weighed: Logistic | None = None
        self._models: tuple[str, ...] = ()
        self._steps: dict[str, Steps] = {}

    def estimate(self, signals: Mapping[str, float], model_id: str, family: str) -> Estimate:
        """Return how likely an answer with these signals is right."""
        row = Judged(model_id, family, signals, 0.0)
        return Estimate(float(self.probabilities([row])[0]), self.counts[model_id])

    def probabilities(self, rows: Sequence[Judged]) -> NDArray[np.float64]:
        """Return the probability of each row."""
        odds = np.array([cold_odds(row.signals) for row in rows])
        if self._weighed is not None:
            design = self._design(rows)
            weighed = self._weighed.odds(design)
        for at, row in enumerate(rows):
            count = self.counts[row.model_id]
            if self._weighed is not None and count >= WEIGHED:
                odds[at] = weighed[at]
            elif row.model_id in self._first:
                odds[at] = self._first[row.model_id].odds(_first([row]))[0]
        return self.stepped(rows, sigmoid(odds))

    def stepped(self, rows: Sequence[Judged], scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return scores without steps as the probabilities that are told."""
        found = scores.copy()
        for at, row in enumerate(rows):
            steps = self._steps.get(row.model_id)
            if steps is not None:
                found[at] = steps(found[at : at + 1])[0]
        return np.clip(found, LEAST, MOST)

    @staticmethod
    def fitted(
        rows: Sequence[Judged],
        unseen: NDArray[np.float64] | None = None,
        *,
        steps: bool = True,
    ) -> "Acceptance":
        """Return estimates that rest on these outcomes.

        Args:
            rows: the outcomes.
            unseen: their scores by fits that have not seen them, where these are known already.
            steps: whether steps are put on top.
        """
        made = Acceptance()
        made.counts = Counter(row.model_id for row in rows)
        made._fit_first(rows)
        made._fit_weighed(rows)
        if steps and any(count >= STEPPED for count in made.counts.values()):
            made._fit_steps(rows, out_of_fold(rows) if unseen is None else unseen)
        return made

    def _fit_first(self, rows: Sequence[Judged]) -> None:
        for model_id, count in self.counts.items():
            if count < FEW:
                continue
            own = [row for row in rows if row.model_id == model_id]
            right, weights = _targets(own)
            fit = fit_logistic(_first(own), right, ridge=FIRST_RIDGE, weights=weights)
            self._first[model_id] = fit

    def _fit_weighed(self, rows: Sequence[Judged]) -> None:
        known = [row for row in rows if self.counts[row.model_id] >= WEIGHED]
        if not known:
            return
        self._models = tuple(sorted({row.model_id for row in known}))
        right, weights = _targets(known)
        design = self._design(known)
        self._weighed = fit_logistic(design, right, ridge=RIDGE, weights=weights)

    def _fit_steps(self, rows: Sequence[Judged], unseen: NDArray[np.float64]) -> None:
        """Fit on scores of rows the weights have not seen: seen ones look better than they are."""
        for model_id, count in self.counts.items():
            if count < STEPPED:
                continue
            own = [at for at, row in enumerate(rows) if row.model_id == model_id]
            right = [rows[at].right for at in own]
            self._steps[model_id] = fit_isotonic([float(unseen[at]) for at in own], right)

    def _design(self, rows: Sequence[Judged]) -> NDArray[np.float64]:
        """Return signals, offsets of models and families, and what signals mean for each model."""
        width = len(NAMES)
        models = {name: at for at, name in enumerate(self._models)}
        families = {name: at for at, name in enumerate(FAMILIES)}
        design = np.zeros((len(rows), width * (1 + len(models)) + len(models) + len(families)))
        for at, row in enumerate(rows):
            values = vector(row.signals)
            design[at, :width] = values
            model = models.get(row.model_id)
            if model is not None:
                design[at, width * (1 + model) : width * (2 + model)] = values
                design[at, width * (1 + len(models)) + model] = 1.0
            family = families.get(row.family)
            if family is not None:
                design[at, width * (1 + len(models)) + len(models) + family] = 1.0
        return design


def out_of_fold(rows: Sequence[Judged]) -> NDArray[np.float64]:
    """Return for each row the probability given by a fit on the other folds, without steps.

    Answers to the same question are in the same fold: who has seen one has seen them all.
    """
    found = np.zeros(len(rows))
    folds: dict[str, int] = {}
    fold_of = [
        folds.setdefault(row.question or f"#{at}", len(folds)) for at, row in enumerate(rows)
    ]
    for fold in range(FOLDS):
        inside = [at for at in range(len(rows)) if fold_of[at] % FOLDS != fold]
        outside = [at for at in range(len(rows)) if fold_of[at] % FOLDS == fold]
        if not outside:
            continue
        fit = Acceptance.fitted([rows[at] for at in inside], steps=False)
        found[outside] = fit.probabilities([rows[at] for at in outside])
    return found


def cold_odds(signals: Mapping[str, float]) -> float:
    """Return log-odds without any evidence of how this model's confidence is to be read."""
    slope, height = CURVE
    score = slope * signals.get("mean", 0.0) + height if signals.get("scored") else ORDINARY
    prior = signals.get("prior", 0.0)
    checks = CHECK * (min(1.0, signals.get("passed", 0.0)) - signals.get("failed", 0.0))
    return score - ORDINARY + prior + checks


def _first(rows: Sequence[Judged]) -> NDArray[np.float64]:
    return np.array([[row.signals.get(name, 0.0) for name in FIRST] for row in rows])


def _targets(rows: Sequence[Judged]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([row.right for row in rows]), np.array([row.weight for row in rows])
