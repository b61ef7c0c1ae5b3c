"""Who says what the strong model would add: the product, and what it is measured against."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.router.neighbours import Neighbours
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.seen import Seen, seen
from benchmarks.traces.figures import folds
from benchmarks.traces.reading import Item, Vector

Router = Callable[[Sequence[Item], Sequence[Item]], Vector]


def routed(items: Sequence[Item], router: Router, most: int) -> Vector:
    """Return what each question would gain from the strong model, unseen by whoever says so.

    Args:
        items: all questions.
        router: says what the strong model adds, from questions with known answers.
        most: how many questions of the other folds it learns from; 0 is all.
    """
    gain = np.zeros(len(items))
    for train, test in folds(len(items)):
        known = [items[at] for at in train[: most or None]]
        gain[test] = router(known, [items[at] for at in test])
    return gain


def product(train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """Return the product's own chances: those of the strong model less those of the weak one."""
    predictor = Predictor(kept=len(train))
    for item in train:
        predictor.learn(_outcome(item, "weak", item.weak))
        predictor.learn(_outcome(item, "strong", item.strong))
    predictor.refit()
    return np.array([_gap(predictor, item) for item in test])


def expected_of_weak(train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """Return the product's chance that the weak model is right, before it answers."""
    predictor = Predictor(kept=len(train))
    for item in train:
        predictor.learn(_outcome(item, "weak", item.weak))
    predictor.refit()
    return np.array([predictor.chance(item.features, "weak").probability for item in test])


def one_head(train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """Return the chance that only the strong model is right, from one head for that."""
    predictor = Predictor(kept=len(train))
    for item in train:
        predictor.learn(_outcome(item, "gap", float(item.strong > item.weak)))
    predictor.refit()
    return np.array([predictor.chance(item.features, "gap").probability for item in test])


def nearest(train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """Return the gain among the most similar questions by words, drawn to that of all."""
    known = Neighbours(len(train))
    for item in train:
        known.learn(_seen(item), "gain", item.strong - item.weak, 1.0)
    known.gather()
    usual = float(np.mean([item.strong - item.weak for item in train]))
    found = []
    for item in test:
        near = known.near(_seen(item))
        each = [(one.weight, *one.answers["gain"]) for one in near]
        total = sum(weight * gain for weight, gain, _ in each)
        found.append((total + usual) / (1 + sum(weight * count for weight, _, count in each)))
    return np.array(found)


def subjects(train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """Return the gain of a subject (or kind of task), drawn to that of all."""
    gains: dict[str, list[float]] = {}
    for item in train:
        gains.setdefault(item.features.family, []).append(item.strong - item.weak)
    usual = float(np.mean([item.strong - item.weak for item in train]))
    known = {name: (sum(each) + 2 * usual) / (len(each) + 2) for name, each in gains.items()}
    return np.array([known.get(item.features.family, usual) for item in test])


def by_chance(_train: Sequence[Item], test: Sequence[Item]) -> Vector:
    """Return anything."""
    return np.random.default_rng(0).random(len(test))


ROUTERS: Final[dict[str, Router]] = {
    "the product": product,
    "one head": one_head,
    "nearest by words": nearest,
    "subject alone": subjects,
    "random": by_chance,
}


def _gap(predictor: Predictor, item: Item) -> float:
    strong, weak = (
        predictor.chance(item.features, model).probability for model in ("strong", "weak")
    )
    return strong - weak


def _seen(item: Item) -> Seen:
    features = item.features
    return seen(features.family, features.lexical, features.grams)


def _outcome(item: Item, model: str, right: float) -> OutcomeRecord:
    return OutcomeRecord(
        at=0.0,
        model_id=model,
        family=item.features.family,
        right=right,
        witness=Witness.VALIDATOR,
        source="probe",
        features=item.features.lexical,
        grams=item.features.grams,
    )
