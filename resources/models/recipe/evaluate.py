"""Asks the exported models every held-out question and notes what they said and how sure they were.

One line of JSON for each question and model; the report and the calibration data are made from it.
A model that has been asked already is not asked again as long as file and questions are the same.
"""

import hashlib
import json
import logging
import math
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from resources.models.recipe.answers import Answer, Prompt, ask
from resources.models.recipe.chatml import render
from resources.models.recipe.outcomes import Outcome
from resources.models.recipe.source import Question

log = logging.getLogger(__name__)

Record = dict[str, Any]


def evaluate(model: Path, questions: Sequence[Question], folder: Path, workers: int) -> Path:
    """Ask `model` all `questions` and return the file of outcomes in `folder`."""
    prompts = [Prompt(at, render(each.chat, prompt=True)) for at, each in enumerate(questions)]
    head = {"model": model.stem, "file": _digest(model), "questions": _sum_of(prompts)}
    path = folder / f"{model.stem}.jsonl"
    if _head(path) == head:
        log.info("%s: asked already", model.stem)
        return path
    started = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n")
        for outcome in _outcomes(model, questions, prompts, workers):
            file.write(json.dumps(vars(outcome), ensure_ascii=False) + "\n")
    fresh.replace(path)
    seconds = time.monotonic() - started
    log.info("%s: %d questions in %.0f s", model.stem, len(questions), seconds)
    return path


def _outcomes(
    model: Path, questions: Sequence[Question], prompts: list[Prompt], workers: int
) -> Iterator[Outcome]:
    # Similar questions side by side share the engine's batches best; every worker gets some of all.
    shares = [prompts[at::workers] for at in range(workers)]
    if workers == 1:
        answers = ask(model, shares[0])
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            found = pool.map(ask, [model] * workers, shares)
            answers = [answer for share in found for answer in share]
    for answer in sorted(answers, key=lambda each: each.key):
        yield _judged(questions[answer.key], answer)


def _judged(question: Question, answer: Answer) -> Outcome:
    logs = answer.logprobs
    return Outcome(
        family=question.family,
        grade=question.grade,
        number=question.number,
        right=answer.ended and question.check(answer.text),
        tokens=len(logs),
        mean=_short(math.fsum(logs) / len(logs)),
        least=_short(min(logs)),
        total=_short(math.fsum(logs)),
        first=_short(logs[0]),
        entropy=_short(math.fsum(answer.entropies) / len(logs)),
        most_entropy=_short(max(answer.entropies)),
        margin=_short(min(answer.margins)),
        ended=answer.ended,
        answer=answer.text,
        logprobs=tuple(round(each, 3) for each in logs),
        margins=tuple(round(each, 3) for each in answer.margins),
    )


def _short(value: float) -> float:
    return round(value, 5)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sum_of(prompts: list[Prompt]) -> str:
    found = hashlib.sha256()
    for prompt in prompts:
        found.update(prompt.text.encode() + b"\0")
    return found.hexdigest()


def _head(path: Path) -> Record | None:
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        found: Record = json.loads(file.readline())
        return found
