"""Answers that `make starter-eval` has written down already need not be asked again."""

import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.cascades.answers import Answered, Answers, key_of, prompt_of
from benchmarks.cascades.questions import Asked
from resources.models.recipe.answers import Answerer
from resources.models.recipe.outcomes import Outcome, outcomes

log = logging.getLogger(__name__)

# Counts the tokens of a prompt.
Count = Callable[[str], int]
_THOUGHT: Final = "</think>"


def take_in(answers: Answers, path: Path, asked: Sequence[Asked], count: Count) -> int:
    """Take in what a model has answered to these questions; return how many answers that are.

    Args:
        answers: of the model.
        path: the file the evaluation wrote; one of other weights is left alone.
        asked: the questions.
        count: counts the tokens of a prompt, with the tokenizer of the model.
    """
    if not path.exists() or _head(path).get("file") != answers.id:
        log.warning("%s has no answers of this model; it will be asked.", path)
        return 0
    known = {(each.family, each.grade, each.number): each for each in outcomes(path)}
    found = []
    for each in asked:
        outcome = known.get((each.family, each.grade, each.number))
        # What was thought first is counted otherwise; few are so, and they are asked.
        if outcome is not None and _THOUGHT not in outcome.answer:
            prompt = prompt_of([(one.role, one.content) for one in each.thread])
            found.append(_answered(prompt, outcome, count))
    answers.take(found)
    return len(found)


def recorded_items(folder: Path) -> int:
    """Return how many questions of a family and grade every model there was asked; 0 if none."""
    most = [max((each.number for each in outcomes(path)), default=-1) for path in _files(folder)]
    return min(most, default=-1) + 1


def counter(models: Path) -> tuple[Count, Callable[[], None]]:
    """Return what counts tokens, and what gives it back; all models share one tokenizer."""
    smallest = min(models.glob("*.gguf"), key=lambda path: (path.stem != "draft", path.name))
    model = Answerer(smallest, sequences=1)
    return lambda text: len(model.tokens(text)), model.close


def _answered(prompt: str, outcome: Outcome, count: Count) -> Answered:
    shown = len(outcome.logprobs) - outcome.ended  # without the token that ends it
    return Answered(
        prompt=key_of(prompt),
        text=outcome.answer,
        logprobs=tuple(outcome.logprobs[:shown]),
        margins=tuple(outcome.margins[:shown]),
        prompt_tokens=count(prompt),
        tokens=shown,
        ended=outcome.ended,
    )


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def _head(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        found: dict[str, Any] = json.loads(file.readline())
        return found
