"""How likely each model answers a question rightly, before anybody has answered it."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from app.domain.doctor import Condition, Mechanism
from app.domain.routing import OutcomeRecord
from app.orchestration.gate.calibration import logit, sigmoid
from app.orchestration.question import Question
from app.orchestration.router.families import family_of
from app.orchestration.router.hashing import grams
from app.orchestration.router.heads import Head, Seen, fit_head
from app.orchestration.router.lexical import WIDTH, lexical
from app.orchestration.router.pairs import Pairs
from app.orchestration.skills import Skills

# Below so many outcomes words tell nothing; from there on they count for n / (n + this).
LEAST: Final = 60
HALF: Final = 150
KEPT: Final = 4000
REFIT_EVERY: Final = 25


@dataclass(frozen=True, slots=True)
class Features:
    """What the router sees of a question."""

    family: str
    lexical: tuple[float, ...]
    grams: tuple[tuple[int, float], ...]
    embedding: tuple[float, ...] | None = None

    def seen(self) -> Seen:
        """Return it as a head sees it."""
        return Seen(self.family, self.lexical, self.grams)


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely an answer is right; `parts`: what the skill table and the words say alone."""

    probability: float
    count: float
    parts: dict[str, float] = field(default_factory=dict)


class _Evidence:
    """The judged questions of one model, and what was fitted to them."""

    def __init__(self, kept: int) -> None:
        self.seen: deque[Seen] = deque(maxlen=kept)
        self.right: deque[float] = deque(maxlen=kept)
        self.weights: deque[float] = deque(maxlen=kept)
        self.head: Head | None = None
        self.fresh = 0


class Predictor:
    """Chances of all models. Owns what was learned of questions; asks no model."""

    def __init__(self, skills: Skills | None = None, *, kept: int = KEPT) -> None:
        """Begin with nothing known; `skills` may be shared, `kept` rows of a model are fitted."""
        self.skills = skills or Skills()
        self.pairs = Pairs()
        self._kept = kept
        self._evidence: dict[str, _Evidence] = {}

    def features(self, question: Question) -> Features:
        """Return what there is to see of a question."""
        return Features(family_of(question), lexical(question), grams(question.text))

    def chance(self, features: Features, model_id: str) -> Chance:
        """Return how likely a model answers rightly."""
        table = self.skills.posterior(features.family, model_id)
        known = self._evidence.get(model_id)
        if known is None or known.head is None:
            return Chance(table.mean, table.right + table.wrong, {"skills": table.mean})
        count = len(known.seen)
        share = count / (count + HALF)
        odds = float(known.head.odds([features.seen()])[0])
        words = float(sigmoid(np.array([odds]))[0])
        both = share * odds + (1 - share) * logit(table.mean)
        fused = float(sigmoid(np.array([both]))[0])
        return Chance(fused, count, {"skills": table.mean, "words": words})

    def learn(self, outcome: OutcomeRecord) -> None:
        """Take in how an answer turned out."""
        self.skills.learn(outcome)
        self.pairs.learn(outcome)
        if len(outcome.features) != WIDTH:
            return  # of a probe or a form that is not known here
        known = self._evidence.setdefault(outcome.model_id, _Evidence(self._kept))
        known.seen.append(Seen(outcome.family, outcome.features, outcome.grams))
        known.right.append(outcome.right)
        known.weights.append(outcome.witness.weight)
        known.fresh += 1

    @property
    def is_stale(self) -> bool:
        """Whether enough is new for another fit."""
        return any(each.fresh >= REFIT_EVERY for each in self._evidence.values())

    def refit(self, outcomes: Sequence[OutcomeRecord] | None = None) -> None:
        """Fit all heads again, on `outcomes` or on what was learned; may run in a thread."""
        if outcomes is not None:
            self._evidence.clear()
            for outcome in outcomes:
                self.learn(outcome)
        for known in tuple(self._evidence.values()):
            known.fresh = 0
            if len(known.seen) >= LEAST:
                known.head = fit_head(tuple(known.seen), tuple(known.right), tuple(known.weights))

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what chances rest on."""
        heads = [each for each in self._evidence.values() if each.head is not None]
        yield Mechanism(area="routing", name="skill table", condition=Condition.LIVE)
        yield Mechanism(
            area="routing",
            name="words and numbers",
            condition=Condition.LIVE if heads else Condition.OBSERVING,
            reason=f"{len(heads)} models have a head"
            if heads
            else f"from {LEAST} judged answers of a model on",
        )

    def forget(self, model_id: str) -> None:
        """Drop what was learned of a model."""
        self.skills.forget(model_id)
        self.pairs.forget(model_id)
        self._evidence.pop(model_id, None)
