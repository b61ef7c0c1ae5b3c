"""What the shipped models answered to checked questions before they were shipped.

One file holds questions and, by the id of each model, which answers were right and how sure the
model was; so gate and router know the starter models from the first question on.
"""

import gzip
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from app.domain.chat import ChatMessage
from app.domain.models import ModelSpec, Roles
from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.gate.signals import EARLY_NAMES, NAMES
from app.orchestration.question import Question
from app.orchestration.router.predictor import Features, Predictor

log = logging.getLogger(__name__)

FORM: Final = 1
FILE: Final = "probes.json.gz"


def load_probes(
    roster: Roles, folder: Path, identify: Callable[[ModelSpec], str]
) -> list[OutcomeRecord]:
    """Return the shipped outcomes of the models in use; none if the file cannot be read."""
    used = {identify(role.model): role.name for role in roster.answering}
    try:
        data = json.loads(gzip.decompress((folder / FILE).read_bytes()))
        if data["form"] != FORM:
            return []
        known = {model: rows for model, rows in data["models"].items() if model in used}
        if not known:
            return []
        features = [_features(each) for each in data["questions"]]
        return [
            outcome
            for model, rows in known.items()
            for outcome in _outcomes(model, used[model], rows, features)
        ]
    except (OSError, ValueError, LookupError, TypeError) as error:
        log.info("no shipped outcomes are used: %s", error)
        return []


def question_of(entry: Mapping[str, Any]) -> Question:
    """Return a question from the file: `thread` is a list of [role, content]."""
    thread = tuple(ChatMessage(role=role, content=text) for role, text in entry["thread"])
    return Question(thread[-1].content, thread, tools=bool(entry.get("tools")))


def _features(entry: Mapping[str, Any]) -> tuple[str, Features]:
    question = question_of(entry)
    return question.key, Predictor().features(question)


def _named(values: Sequence[float]) -> dict[str, float]:
    """Return signals by name; those of beginnings come last, short answers have none."""
    if len(values) < len(NAMES):
        raise ValueError("signals are missing")
    return dict(zip((*NAMES, *EARLY_NAMES), values, strict=False))


def _outcomes(
    model: str, role: str, rows: Mapping[str, Any], questions: list[tuple[str, Features]]
) -> list[OutcomeRecord]:
    return [
        OutcomeRecord(
            at=0.0,
            model_id=model,
            family=features.family,
            right=float(right),
            witness=Witness.VALIDATOR,
            source="probe",
            question=key,
            role=role,
            signals=_named(signals),
            features=features.lexical,
            grams=features.grams,
        )
        for (key, features), right, signals in zip(
            questions, rows["right"], rows["signals"], strict=True
        )
    ]
