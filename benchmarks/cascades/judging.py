"""What the gate is worth on real answers: separation, calibration, and whether promises are kept.

Everything is measured on answers the gate has not learned from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.domain.routing import GROUP_OF, Group
from app.orchestration.escalation import Cause
from app.orchestration.gate.calibration import calibration_error, sigmoid
from app.orchestration.gate.gate import Answer, Gate, Judgement, Look, look
from app.orchestration.gate.gate import Asked as AskedOf
from app.orchestration.gate.promises import ALPHA, DELTA
from app.orchestration.router.families import family_of
from app.orchestration.router.predictor import Predictor
from benchmarks.cascades.answers import Answered
from benchmarks.cascades.questions import Asked
from benchmarks.simulator.dice import stream
from benchmarks.simulator.lessons import Lesson, outcomes
from resources.models.recipe.figures import auroc

SPLITS: Final = 200
# Fewer answers to measure a promise on say nothing.
LEAST_MEASURED: Final = 100


@dataclass(frozen=True)
class Given:
    """One real answer of one model, and whether it is right."""

    model_id: str
    family: str
    asked: AskedOf
    answer: Answer
    right: bool
    is_calibration: bool

    def judged(self, gate: Gate, prior: float) -> Judgement:
        """Return what a gate says of it; `prior` was expected of the model before it answered."""
        return gate.judge(self.asked, self.answer, self.model_id, prior)

    def lesson(self) -> Lesson:
        """Return it as something to learn from."""
        return Lesson(self.model_id, "", self.asked.question, self.answer, self.right)


@dataclass(frozen=True, slots=True)
class Worth:
    """How well the gate tells right from wrong: all answers, and those a validator spoke of."""

    count: int
    separation: float
    checked: int
    checked_separation: float
    error: float


@dataclass(frozen=True, slots=True)
class Kept:
    """Over many splits: how often a promise was given, how often it was broken, what passed."""

    splits: int
    given: int
    broken: int
    passed: float
    wrong: float

    @property
    def share(self) -> float:
        """The share of promises that were broken."""
        return self.broken / self.given if self.given else 0.0


def given(asked: Asked, answered: Answered, model_id: str) -> Given:
    """Return a remembered answer in the form the gate takes."""
    question = asked.question()
    family = family_of(question)
    answer = Answer(
        answered.text,
        answered.logprobs,
        answered.margins,
        answered.finish_reason,
        len(answered.logprobs),
    )
    right = answered.ended and asked.check(answered.text)
    of = AskedOf(question, family)
    return Given(model_id, family, of, answer, right, asked.is_calibration)


def worth(answers: Sequence[Given]) -> Worth:
    """Learn from the calibration questions and measure on the others."""
    rows = outcomes([each.lesson() for each in answers if each.is_calibration])
    gate, predictor = Gate(), Predictor()
    gate.refit(rows)
    predictor.refit(rows)
    measured = [each for each in answers if not each.is_calibration]
    judged = [each.judged(gate, _expected(predictor, each)) for each in measured]
    sure = [each.probability or 0.0 for each in judged]
    right = [each.right for each in measured]
    checked = [at for at, each in enumerate(judged) if each.validators]
    return Worth(
        len(measured),
        auroc(sure, right),
        len(checked),
        auroc([sure[at] for at in checked], [right[at] for at in checked]),
        calibration_error(np.array(sure), np.array(right, np.float64)),
    )


def _expected(predictor: Predictor, given: Given) -> float:
    features = predictor.features(given.asked.question)
    return predictor.chance(features, given.model_id).probability


def promises(answers: Sequence[Given], splits: int = SPLITS) -> Mapping[tuple[str, Group], Kept]:
    """Split again and again, learn on one half, measure on the other; by model and group.

    What was expected of an answer comes from others alone, whatever the split.
    """
    rows = outcomes([each.lesson() for each in answers])
    priors = sigmoid(np.array([row.signals["prior"] for row in rows])).tolist()
    looks = [look(each.asked, each.answer, at) for each, at in zip(answers, priors, strict=True)]
    judgeable = list(zip(answers, looks, strict=True))
    tallies: dict[tuple[str, Group], list[tuple[float, float]]] = {}
    for split in range(splits):
        order = list(range(len(answers)))
        stream("split", split).shuffle(order)
        half = len(order) // 2
        gate = Gate()
        gate.refit([rows[at] for at in order[:half]])
        for key, found in _measured(gate, [judgeable[at] for at in order[half:]]).items():
            tallies.setdefault(key, []).append(found)
    return {key: _kept(key[1], found, splits) for key, found in sorted(tallies.items())}


def _measured(
    gate: Gate, answers: Sequence[tuple[Given, Look]]
) -> dict[tuple[str, Group], tuple[float, float]]:
    """Return by model and group what share passed, and what share passed and is wrong.

    Only where something is promised.
    """
    counts: dict[tuple[str, Group], list[int]] = {}
    for each, seen in answers:
        judged = gate.weigh(seen, each.model_id)
        if not judged.promise:
            continue
        tally = counts.setdefault((each.model_id, GROUP_OF[each.family]), [0, 0, 0])
        passes = judged.cause is Cause.PASSED
        tally[0] += 1
        tally[1] += passes
        tally[2] += passes and not each.right
    return {
        key: (passed / count, wrong / count)
        for key, (count, passed, wrong) in counts.items()
        if count >= LEAST_MEASURED
    }


def _kept(group: Group, found: Sequence[tuple[float, float]], splits: int) -> Kept:
    broken = sum(wrong > ALPHA[group] for _, wrong in found)
    count = len(found)
    return Kept(
        splits,
        count,
        broken,
        sum(passed for passed, _ in found) / count,
        sum(wrong for _, wrong in found) / count,
    )


ALLOWED: Final = DELTA + 0.04
