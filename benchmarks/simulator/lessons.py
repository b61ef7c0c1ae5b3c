"""Answers that were judged before anybody asks: what is shipped with models, as outcomes.

What was expected of an answer is one of its signals, so it has to come from somebody who did not
know how that answer turned out: the questions are dealt into folds, and each fold's expectations
come from what was learned of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.gate.gate import Answer, Asked, Gate
from app.orchestration.question import Question
from app.orchestration.router.predictor import Features, Predictor

FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Lesson:
    """One answer of one model, and whether it is right."""

    model_id: str
    role: str
    question: Question
    answer: Answer
    right: bool


def outcomes(lessons: Sequence[Lesson]) -> list[OutcomeRecord]:
    """Return lessons as rows of a ledger, in their order."""
    predictor, gate = Predictor(), Gate()
    features = _features(predictor, lessons)
    plain = [_row(each, features[each.question.key]) for each in lessons]
    fold_of = {key: at % FOLDS for at, key in enumerate(features)}
    found = list(plain)
    for fold in range(FOLDS):
        inside = [row for row in plain if fold_of[row.question] != fold]
        expecting = Predictor()
        expecting.refit(inside)
        for at, (each, row) in enumerate(zip(lessons, plain, strict=True)):
            if fold_of[row.question] == fold:
                seen = features[row.question]
                prior = expecting.chance(seen, each.model_id).probability
                judged = gate.judge(
                    Asked(each.question, seen.family), each.answer, each.model_id, prior
                )
                update = {"signals": dict(judged.signals), "validators": dict(judged.validators)}
                found[at] = row.model_copy(update=update)
    return found


def _features(predictor: Predictor, lessons: Sequence[Lesson]) -> dict[str, Features]:
    """Return what there is to see of each question, by its key."""
    questions = {each.question.key: each.question for each in lessons}
    return {key: predictor.features(question) for key, question in questions.items()}


def _row(lesson: Lesson, features: Features) -> OutcomeRecord:
    return OutcomeRecord(
        at=0.0,
        model_id=lesson.model_id,
        family=features.family,
        right=float(lesson.right),
        witness=Witness.VALIDATOR,
        source="probe",
        question=lesson.question.key,
        role=lesson.role,
        features=features.lexical,
        grams=features.grams,
    )
