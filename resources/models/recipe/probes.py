"""Writes what router and gate of the program shall know of the models before the first question.

Questions of the calibration half, each with which models answered it rightly and the signals of
their answers. One file for all models, by the SHA-256 of each, so that a model that is trained anew
is not judged by what another one did.
"""

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.gate.checks import is_refusal
from app.orchestration.gate.signals import early_signals, signals
from app.orchestration.gate.validators import validated
from app.orchestration.learning.shipped import FILE, FORM, question_of
from app.orchestration.question import Question as Asked
from app.orchestration.router.predictor import Features, Predictor
from resources.models.recipe.calibrate import is_calibration
from resources.models.recipe.outcomes import Outcome
from resources.models.recipe.source import Question

# Of each family and grade; more would make the program slower to start and little wiser.
EACH: Final = 10
FOLDS: Final = 5
SPEAKERS: Final = ("system", "user", "assistant")


def write(
    questions: Sequence[Question], found: Sequence[tuple[Path, Sequence[Outcome]]], folder: Path
) -> None:
    """Write the file of probes into `folder`.

    Args:
        questions: those that were asked.
        found: for each model file what came of each question, in the same order.
        folder: where the program looks for it.
    """
    chosen = _chosen(found[0][1])
    entries = [_entry(questions[at]) for at in chosen]
    asked = [question_of(entry) for entry in entries]
    features = [Predictor().features(question) for question in asked]
    models = {
        _id(path): _rows([outcomes[at] for at in chosen], asked, features)
        for path, outcomes in found
    }
    data = {"form": FORM, "questions": entries, "models": models}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Without a time of writing, the same content is the same file.
    (folder / FILE).write_bytes(gzip.compress(text.encode(), mtime=0))


def _chosen(outcomes: Sequence[Outcome]) -> list[int]:
    return [
        at for at, each in enumerate(outcomes) if is_calibration(each) and each.number < 2 * EACH
    ]


def _entry(question: Question) -> dict[str, Any]:
    thread = [
        [message["role"] if message["role"] in SPEAKERS else "user", message["content"] or " "]
        for message in question.chat.messages
    ]
    return {"thread": thread, **({"tools": True} if question.chat.tools else {})}


def _rows(
    outcomes: Sequence[Outcome], asked: Sequence[Asked], features: Sequence[Features]
) -> dict[str, Any]:
    chances = _unseen_chances(outcomes, features)
    rows = [
        _signals(outcome, question, each.family, chance)
        for outcome, question, each, chance in zip(outcomes, asked, features, chances, strict=True)
    ]
    return {"right": [int(each.right) for each in outcomes], "signals": rows}


def _unseen_chances(outcomes: Sequence[Outcome], features: Sequence[Features]) -> list[float]:
    """Return what the router would have expected of each, had it learned from the others alone."""
    order = np.random.default_rng(0).permutation(len(outcomes))
    chances = [0.5] * len(outcomes)
    for fold in range(FOLDS):
        predictor = Predictor()
        for at in order[np.arange(len(order)) % FOLDS != fold]:
            predictor.learn(_outcome(outcomes[at], features[at]))
        predictor.refit()
        for at in order[np.arange(len(order)) % FOLDS == fold]:
            chances[at] = predictor.chance(features[at], "model").probability
    return chances


def _outcome(outcome: Outcome, features: Features) -> OutcomeRecord:
    return OutcomeRecord(
        at=0.0,
        model_id="model",
        family=features.family,
        right=float(outcome.right),
        witness=Witness.VALIDATOR,
        source="probe",
        features=features.lexical,
        grams=features.grams,
    )


def _signals(outcome: Outcome, asked: Asked, family: str, chance: float) -> list[float]:
    checked = validated(asked, family, outcome.answer)
    shown = slice(len(outcome.logprobs) - outcome.ended)  # without the token that ends it
    logprobs, margins = outcome.logprobs[shown], outcome.margins[shown]
    refused = is_refusal(outcome.answer)
    values = signals(logprobs, margins, checked.verdicts, prior=chance, refused=refused)
    values |= early_signals(logprobs, margins)
    return [round(value, 4) for value in values.values()]


def _id(path: Path) -> str:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
