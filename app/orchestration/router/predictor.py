"""How likely each model answers a question rightly, before anybody has answered it.

Three parts: the skill table (kind of task), the heads (words and numbers), the neighbours (similar
questions). Asks no model; only an embedding of the question may be made, where it could matter.
"""

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from app.domain.doctor import Condition, Mechanism
from app.domain.errors import AppError
from app.domain.routing import OutcomeRecord
from app.orchestration.gate.calibration import logit, sigmoid
from app.orchestration.question import Question
from app.orchestration.router.families import family_of
from app.orchestration.router.fusion import Fusion, by_count, fit_fusion, table_without
from app.orchestration.router.hashing import grams
from app.orchestration.router.heads import LEAST, Answered, Heads, Lessons
from app.orchestration.router.lexical import WIDTH, lexical
from app.orchestration.router.neighbours import KEPT, Near, Neighbours, believed
from app.orchestration.router.pairs import Pairs
from app.orchestration.router.seen import Seen, seen
from app.orchestration.skills import Skills

log = logging.getLogger(__name__)

REFIT_EVERY: Final = 25
# What was looked at because of a low chance to be looked at counts for more, up to so much.
MOST_WEIGHT: Final = 4.0
# An answer of another model tells as much of a question as this part of an own one.
ELSEWHERE: Final = 0.05
# Neighbours rarely move log-odds by more than this.
SHIFT: Final = 1.0
# So much of a question is embedded, in words from its begin and from its end.
HEAD_WORDS: Final = 96
TAIL_WORDS: Final = 32
# Fewer questions known by their meaning have no neighbours to offer.
MEANINGS: Final = 30

Embed = Callable[[str], Awaitable[Sequence[float]]]


@dataclass(frozen=True, slots=True)
class Features:
    """What the router sees of a question."""

    family: str
    lexical: tuple[float, ...]
    grams: tuple[tuple[int, float], ...]
    embedding: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely an answer is right; `count`: the model's judged answers to this kind of task.

    `parts`: what the skill table, the words and the neighbours say alone.
    """

    probability: float
    count: float
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Looked:
    """A question as it was looked at last, so that every model is told from the same look."""

    features: Features
    seen: Seen
    near: tuple[Near, ...]


class Predictor:
    """Chances of all models. Owns what was learned of questions."""

    def __init__(
        self, skills: Skills | None = None, *, kept: int = KEPT, embed: Embed | None = None
    ) -> None:
        """Begin with nothing known.

        Args:
            skills: the skill table, if it is shared.
            kept: so many judged answers of each model are fitted, so many questions remembered.
            embed: makes a vector of meaning; without it, neighbours are found by words.
        """
        self.skills = skills or Skills()
        self.pairs = Pairs()
        self._kept = kept
        self._embed = embed
        self._begin()

    def _begin(self) -> None:
        self._answers: dict[str, deque[Answered]] = {}
        self._neighbours = Neighbours(self._kept)
        self._heads: Heads | None = None
        self._fusions: dict[str, Fusion] = {}
        self._fresh = 0
        self._looked: _Looked | None = None

    def features(self, question: Question) -> Features:
        """Return what there is to see of a question."""
        return Features(family_of(question), lexical(question), grams(question.text))

    def chance(self, features: Features, model_id: str) -> Chance:
        """Return how likely a model answers rightly."""
        table = self.skills.posterior(features.family, model_id)
        count = table.right + table.wrong
        parts = {"skills": table.mean}
        odds = logit(table.mean)
        looked = self._look(features)
        if self._heads is not None:
            words = self._heads.odds(looked.seen, model_id, logit(self.skills.mean(model_id)))
            parts["words"] = _probability(words)
            odds = self._fusion(model_id).odds(odds, words)
        found, weight = believed(_probability(odds), looked.near, model_id)
        if weight > 0:
            parts["neighbours"] = found
        return Chance(found, count, parts)

    def undecided(
        self,
        features: Features,
        models: Sequence[str],
        choose: Callable[[Mapping[str, float]], str],
    ) -> bool:
        """Return whether neighbours by meaning could change who is chosen.

        Args:
            features: what is seen of the question.
            models: ids of all who could answer.
            choose: names the best of them by their chances.
        """
        if self._embed is None or features.embedding or self._neighbours.meanings < MEANINGS:
            return False
        odds = {model: logit(self.chance(features, model).probability) for model in models}
        best = choose({model: _probability(each) for model, each in odds.items()})
        worst = {
            model: _probability(each - SHIFT if model == best else each + SHIFT)
            for model, each in odds.items()
        }
        return choose(worst) != best

    async def closer(self, question: Question, features: Features) -> Features:
        """Return the features with the meaning of the question; without it if nobody can say."""
        if self._embed is None:
            return features
        try:
            found = tuple(float(each) for each in await self._embed(_edges(question.text)))
        except (AppError, OSError, TimeoutError, ValueError, TypeError) as error:
            log.info("a question could not be embedded: %s", error)
            return features
        if not found or not np.all(np.isfinite(found)):
            return features
        return replace(features, embedding=found)

    def learn(self, outcome: OutcomeRecord) -> None:
        """Take in how an answer turned out."""
        self.skills.learn(outcome)
        self.pairs.learn(outcome)
        self._remember(outcome)

    def _remember(self, outcome: OutcomeRecord) -> None:
        if len(outcome.features) != WIDTH:
            return  # of a probe or a form that is not known here
        asked = seen(outcome.family, outcome.features, outcome.grams, outcome.embedding)
        weight = outcome.witness.weight * min(MOST_WEIGHT, 1 / outcome.propensity)
        answered = Answered(asked, outcome.model_id, outcome.right, weight)
        kept = self._answers.setdefault(outcome.model_id, deque(maxlen=self._kept))
        kept.append(answered)
        self._neighbours.learn(asked, outcome.model_id, outcome.right, weight)
        if self._heads is not None:
            self._heads.learn(answered)
        self._fresh += 1
        self._looked = None

    @property
    def is_stale(self) -> bool:
        """Whether enough is new for another fit."""
        return self._fresh >= REFIT_EVERY

    def refit(self, outcomes: Sequence[OutcomeRecord] | None = None) -> None:
        """Fit all again, on `outcomes` or on what was learned; may run in a thread."""
        if outcomes is not None:
            self._begin()
            for outcome in outcomes:
                self.learn(outcome)
        self._fresh = 0
        self._neighbours.gather()
        answers = [each for kept in tuple(self._answers.values()) for each in tuple(kept)]
        if len(answers) >= LEAST:
            base = {model: logit(self.skills.mean(model)) for model in tuple(self._answers)}
            lessons = Lessons(answers, base)
            unseen, begun = lessons.fit_unseen()
            fusions = {model: self._fused(model, lessons, unseen) for model in base}
            self._heads, self._fusions = lessons.fit(start=begun), fusions
        self._looked = None

    def _fused(self, model: str, lessons: Lessons, unseen: np.ndarray) -> Fusion:
        """Return the weights of a model's parts."""
        here = np.flatnonzero(lessons.models == model)
        right, weights = lessons.right[here], lessons.weights[here]
        table = table_without(lessons.families[here], right, weights, self.skills.mean(model))
        return fit_fusion(table, unseen[here], right, weights)

    def forget(self, model_id: str) -> None:
        """Drop what was learned of a model; what questions have in common stays."""
        self.skills.forget(model_id)
        self.pairs.forget(model_id)
        self._answers.pop(model_id, None)
        self._neighbours.forget(model_id)
        self._fusions.pop(model_id, None)
        if self._heads is not None:
            self._heads = self._heads.without(model_id)
        self._looked = None

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what chances rest on."""
        live, observing, area = Condition.LIVE, Condition.OBSERVING, "routing"
        yield Mechanism(area=area, name="skill table", condition=live)
        heads = len(self._heads.own) if self._heads else 0
        yield Mechanism(
            area=area,
            name="words and numbers",
            condition=live if self._heads else observing,
            reason=f"{heads} models have a head of their own"
            if self._heads
            else f"from {LEAST} judged answers on",
        )
        yield Mechanism(area=area, name="neighbours by words", condition=live)
        yield Mechanism(
            area=area,
            name="neighbours by meaning",
            condition=live if self._embed else Condition.OFF,
            reason=f"{self._neighbours.meanings} questions have an embedding"
            if self._embed
            else "no model makes embeddings",
        )

    def _fusion(self, model_id: str) -> Fusion:
        known = self._fusions.get(model_id)
        if known is not None:
            return known
        others = sum(len(each) for each in self._answers.values())
        return by_count(len(self._answers.get(model_id, ())) + ELSEWHERE * others)

    def _look(self, features: Features) -> _Looked:
        looked = self._looked
        if looked is None or looked.features is not features:
            asked = seen(
                features.family, features.lexical, features.grams, features.embedding or ()
            )
            looked = self._looked = _Looked(features, asked, self._neighbours.near(asked))
        return looked


def _probability(odds: float) -> float:
    return float(sigmoid(np.array([odds]))[0])


def _edges(text: str) -> str:
    """Return the begin and the end of a text that is too long to be embedded in no time."""
    near = text[: 12 * HEAD_WORDS].split()[:HEAD_WORDS]
    if len(text) <= 12 * HEAD_WORDS:
        return text
    return " ".join([*near, *text[-12 * TAIL_WORDS :].split()[-TAIL_WORDS:]])
