"""How likely each model answers a question rightly, before anybody has answered it.

Three parts: the skill table (kind of task), the heads (words and numbers), the neighbours (similar
questions). No model is asked for an answer; only a vector of the question may be made, where that
could matter.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from app.domain.doctor import Condition, Mechanism
from app.domain.routing import OutcomeRecord
from app.orchestration.gate.calibration import logit
from app.orchestration.question import Question
from app.orchestration.router.families import family_of
from app.orchestration.router.fusion import fused
from app.orchestration.router.hashing import grams
from app.orchestration.router.heads import LEAST, Answered, Heads, Lessons
from app.orchestration.router.lexical import WIDTH, lexical
from app.orchestration.router.meaning import Meaning
from app.orchestration.router.neighbours import KEPT, Near, Neighbours, believed
from app.orchestration.router.pairs import Pairs
from app.orchestration.router.seen import FARTHEST, Seen, seen
from app.orchestration.skills import Skills

REFIT_EVERY: Final = 25
# What was looked at because of a low chance to be looked at counts for more, up to so much.
MOST_WEIGHT: Final = 4.0
# An answer of another model tells as much of a question as this part of an own one.
ELSEWHERE: Final = 0.05
# Neighbours rarely move log-odds by more than this.
SHIFT: Final = 1.0
# So much of a question is embedded, in words from its begin and from its end.
HEAD_WORDS: Final = 24
TAIL_WORDS: Final = 8
# Of vectors of length 1; more digits would make rows long and neighbours no closer.
DIGITS: Final = 4
# Fewer questions known by their meaning have no neighbours to offer: until then every question is
# embedded to be one, but no more than so many in a run, as perhaps nobody ever judges an answer.
MEANINGS: Final = 30
MOST_TRIES: Final = 300


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
        self, skills: Skills | None = None, *, kept: int = KEPT, meaning: Meaning | None = None
    ) -> None:
        """Begin with nothing known.

        Args:
            skills: the skill table, if it is shared.
            kept: so many judged answers of each model are fitted, so many questions remembered.
            meaning: makes vectors of meaning; without it, neighbours are found by words.
        """
        self.skills = skills or Skills()
        self.pairs = Pairs()
        self._kept = kept
        self._meaning = meaning
        self._tries = 0
        self._begin()

    def _begin(self) -> None:
        self._answers: dict[str, deque[Answered]] = {}
        self._neighbours = Neighbours(self._kept)
        self._heads: Heads | None = None
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
            odds = fused(odds, words, self._evidence(model_id))
        found, weight = believed(_probability(odds), looked.near, model_id)
        if weight > 0:
            parts["neighbours"] = found
        return Chance(found, count, parts)

    def may_look(self, features: Features) -> bool:
        """Return whether the meaning of a question may be looked at."""
        there = self._meaning is not None and self._meaning.there
        return there and not features.embedding

    def undecided(
        self,
        features: Features,
        chances: Mapping[str, float],
        choose: Callable[[Mapping[str, float]], str],
    ) -> bool:
        """Return whether the meaning of a question could change who is chosen.

        Args:
            features: what is seen of the question.
            chances: of all who could answer.
            choose: names the best of them by their chances.
        """
        if not self.may_look(features):
            return False
        if self._neighbours.meanings < MEANINGS:
            return self._tries < MOST_TRIES
        best = choose(chances)
        turned = {
            name: _probability(logit(chance) + (-SHIFT if name == best else SHIFT))
            for name, chance in chances.items()
        }
        return choose(turned) != best

    async def closer(self, question: Question, features: Features) -> Features:
        """Return the features with the meaning of the question; as they are if nobody can say."""
        if self._meaning is None:
            return features
        found = await self._meaning.vector(edges(question.text))
        if not found or not np.all(np.isfinite(found)):
            return features
        self._tries += 1
        return replace(features, embedding=tuple(round(float(each), DIGITS) for each in found))

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
            self._heads = lessons.fit(start=self._heads)
        self._looked = None

    def forget(self, model_id: str) -> None:
        """Drop what was learned of a model; what questions have in common stays."""
        self.skills.forget(model_id)
        self.pairs.forget(model_id)
        self._answers.pop(model_id, None)
        self._neighbours.forget(model_id)
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
        yield self._by_meaning(area)

    def _by_meaning(self, area: str) -> Mechanism:
        """Say whether similar meanings are looked for."""
        name, known = "neighbours by meaning", self._neighbours.meanings
        why_not = self._meaning.why_not() if self._meaning else "no role makes embeddings"
        if why_not:
            return Mechanism(area=area, name=name, condition=Condition.OFF, reason=why_not)
        enough = known >= MEANINGS
        reason = f"{known} questions are known by it"
        return Mechanism(
            area=area,
            name=name,
            condition=Condition.LIVE if enough else Condition.OBSERVING,
            reason=f"{reason}; asked where it can change a plan"
            if enough
            else f"{reason}, from {MEANINGS} on it counts",
        )

    def _evidence(self, model_id: str) -> float:
        """Return how much the heads have learned about a model."""
        own = len(self._answers.get(model_id, ()))
        others = sum(len(each) for each in self._answers.values()) - own
        return own + ELSEWHERE * others

    def _look(self, features: Features) -> _Looked:
        looked = self._looked
        if looked is None or looked.features is not features:
            asked = seen(
                features.family, features.lexical, features.grams, features.embedding or ()
            )
            looked = self._looked = _Looked(features, asked, self._neighbours.near(asked))
        return looked


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-FARTHEST, min(FARTHEST, odds))))


def edges(text: str) -> str:
    """Return the begin and the end of a text that is too long to be embedded in no time."""
    if len(text) > 12 * (HEAD_WORDS + TAIL_WORDS):
        begin, end = text[: 12 * HEAD_WORDS].split(), text[-12 * TAIL_WORDS :].split()
    else:
        begin = end = text.split()
        if len(begin) <= HEAD_WORDS + TAIL_WORDS:
            return text
    return " ".join([*begin[:HEAD_WORDS], *end[-TAIL_WORDS:]])
