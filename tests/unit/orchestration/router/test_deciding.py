"""The meaning of a question is looked at where it could change who begins, and only there."""

from collections.abc import Sequence

import numpy as np
import pytest

from app.domain.doctor import Condition, Mechanism
from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.router.predictor import (
    HEAD_WORDS,
    MEANINGS,
    MOST_TRIES,
    TAIL_WORDS,
    Predictor,
    edges,
)
from tests.unit.orchestration.router.stage import PERU, ROSTER, asked, router, user

HARD, EASY = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)


class Told:
    """Says what every question means, as it is told to."""

    there = True

    def __init__(self, vector: Sequence[float] = HARD, why: str = "") -> None:
        self.says, self.why, self.asked = vector, why, list[str]()

    def why_not(self) -> str:
        return self.why

    async def vector(self, text: str) -> Sequence[float]:
        self.asked.append(text)
        return () if self.why else self.says


def knowing(told: Told | None, questions: int = 2 * MEANINGS) -> Predictor:
    """Return who knows that the front model fails where a question means what is hard."""
    predictor, dice = Predictor(meaning=told), np.random.default_rng(5)
    features = predictor.features(asked(PERU))
    for at in range(questions):
        means = HARD if at % 2 else EASY
        for role in ROSTER.answering:
            weak = role.name in {"front", "worker"}
            predictor.learn(
                OutcomeRecord(
                    at=0,
                    model_id=role.model.name,
                    family=features.family,
                    right=float(not (weak and at % 2)),
                    witness=Witness.VALIDATOR,
                    source="gate",
                    features=features.lexical,
                    grams=((at, 1.0),),
                    embedding=tuple(np.array(means) + dice.normal(0, 0.01, 3)),
                )
            )
    predictor.refit()
    return predictor


def line(predictor: Predictor) -> Mechanism:
    return next(each for each in predictor.mechanisms() if each.name == "neighbours by meaning")


async def test_a_question_like_hard_ones_begins_higher() -> None:
    hard, easy = Told(HARD), Told(EASY)
    plans = [
        await router(predictor=knowing(told)).decide([user(PERU)]) for told in (None, hard, easy)
    ]
    chances = [plan.chances["front"] for plan in plans]
    assert chances[1] < chances[0] < chances[2]
    assert plans[1].role.name in {"coder", "architect"}
    assert plans[2].role.name == "front"
    assert hard.asked == [PERU]
    assert plans[1].features is not None
    assert plans[1].features.embedding == HARD


async def test_who_was_chosen_needs_no_meaning() -> None:
    told = Told()
    plan = await router(predictor=knowing(told)).decide([user(PERU)], role="front")
    assert (plan.role.name, told.asked) == ("front", [])


async def test_what_cannot_change_the_plan_is_not_asked() -> None:
    told = Told()
    predictor = knowing(told)
    features = predictor.features(asked(PERU))
    chances = {"front": 0.5, "architect": 0.6}
    assert predictor.undecided(features, chances, lambda found: max(found, key=found.__getitem__))
    assert not predictor.undecided(features, chances, lambda _: "front")
    # Somebody so much better stays so, whatever the neighbours say.
    sure = {"front": 0.97, "architect": 0.2}
    assert not predictor.undecided(features, sure, lambda found: max(found, key=found.__getitem__))


async def test_first_questions_are_asked_to_become_neighbours_but_not_for_ever() -> None:
    told = Told()
    route = router(predictor=Predictor(meaning=told))
    for _ in range(MOST_TRIES + 5):
        await route.decide([user(PERU)])
    assert len(told.asked) == MOST_TRIES


@pytest.mark.parametrize("vector", [(), (float("nan"), 1.0), (float("inf"),)])
async def test_no_sound_vector_leaves_the_plan_as_it_was(vector: Sequence[float]) -> None:
    route = router(predictor=knowing(Told(vector)))
    plan = await route.decide([user(PERU)])
    assert plan.chances == route.plan([user(PERU)]).chances
    assert plan.features is not None
    assert plan.features.embedding is None


def test_the_doctor_says_what_is_live_and_why_not() -> None:
    assert line(Predictor()).reason == "no role makes embeddings"
    assert line(Predictor()).condition is Condition.OFF
    away = line(Predictor(meaning=Told(why="others would have to leave memory for it")))
    assert (away.condition, away.reason) == (
        Condition.OFF,
        "others would have to leave memory for it",
    )
    few = line(knowing(Told(), questions=4))
    assert (few.condition, few.reason) == (
        Condition.OBSERVING,
        f"4 questions are known by it, from {MEANINGS} on it counts",
    )
    many = line(knowing(Told()))
    assert many.condition is Condition.LIVE
    assert many.reason.startswith(f"{2 * MEANINGS} questions are known by it")


def test_a_long_text_is_embedded_by_its_edges() -> None:
    assert edges("a short one\n") == "a short one\n"
    words = edges("begin " + "x " * 500_000 + "end").split()
    assert (words[0], words[-1]) == ("begin", "end")
    assert len(words) <= HEAD_WORDS + TAIL_WORDS
    assert len(edges("y" * 1_000_000)) <= 12 * (HEAD_WORDS + TAIL_WORDS) + 1
