"""Neighbours: by meaning where it is known, else by words; few of them say little."""

import numpy as np
import pytest

from app.orchestration.router.hashing import grams
from app.orchestration.router.lexical import WIDTH
from app.orchestration.router.neighbours import MOST, PRIOR, Near, Neighbours, believed
from app.orchestration.router.seen import Seen, seen


def asked(text: str, *embedding: float) -> Seen:
    return seen("facts", [0.0] * WIDTH, grams(text), embedding)


def gathered(*questions: Seen, kept: int = 100) -> Neighbours:
    known = Neighbours(kept)
    for each in questions:
        known.learn(each, "m", 1.0, 1.0)
    known.gather()
    return known


def test_similar_words_are_near_and_others_are_not() -> None:
    known = gathered(asked("name the longest river of peru"), asked("prove this theorem"))
    near = known.near(asked("name the longest river of chile"))
    assert len(near) == 1
    assert 0 < near[0].weight < 1
    assert known.near(asked("bake a cake")) == ()


def test_meaning_goes_before_words() -> None:
    known = gathered(asked("a b c", 1.0, 0.0), asked("name a river", 0.0, 1.0))
    near = known.near(asked("name a town", 1.0, 0.1))
    assert len(near) == 1
    assert near[0].weight > 0.9
    assert known.meanings == 2


def test_a_vector_of_another_length_falls_back_to_words() -> None:
    known = gathered(asked("name a river", 1.0, 0.0))
    assert known.near(asked("name a river", 1.0, 0.0, 0.0))[0].weight == pytest.approx(
        1.0, abs=0.01
    )


def test_the_same_question_is_known_before_it_is_gathered() -> None:
    known = Neighbours()
    known.learn(asked("name a river"), "m", 0.0, 1.0)
    near = known.near(asked("name a river"))
    assert [each.weight for each in near] == [1.0]
    assert believed(0.9, near, "m")[0] < 0.9


def test_a_question_that_was_asked_twice_counts_both_times() -> None:
    known = Neighbours()
    for right in (1.0, 0.0, 0.0):
        known.learn(asked("name a river"), "m", right, 1.0)
    known.learn(asked("name a river", 1.0, 0.0), "m", 0.0, 1.0)
    known.gather()
    assert known.meanings == 1
    chance, weight = believed(0.5, known.near(asked("name a river", 1.0, 0.0)), "m")
    assert weight == pytest.approx(4.0)
    assert chance == pytest.approx((1 + PRIOR * 0.5) / (4 + PRIOR))


def test_who_has_no_neighbours_is_believed_as_before() -> None:
    near = [Near(1.0, {"other": (5.0, 5.0)})]
    assert believed(0.3, near, "m") == pytest.approx((0.3, 0.0))
    assert believed(0.3, [], "m") == pytest.approx((0.3, 0.0))


def test_the_oldest_make_room_and_the_forgotten_are_gone() -> None:
    many = [asked(f"{'word' * (at + 1)} river") for at in range(50)]
    known = gathered(*many, kept=10)
    assert known.near(many[0])[:1] != (Near(1.0, {"m": (1.0, 1.0)}),)
    assert known.near(many[-1])[0].weight == pytest.approx(1.0, abs=0.01)
    known.forget("m")
    assert believed(0.3, known.near(many[-1]), "m")[1] == 0.0


def test_no_more_than_so_many_neighbours_count() -> None:
    dice = np.random.default_rng(2)
    many = [asked("ab"[at % 2] * at, 1.0, *(0.01 * dice.random(3))) for at in range(3 * MOST)]
    assert len(gathered(*many).near(asked("x", 1.0, 0.0, 0.0, 0.0))) == MOST


def test_nothing_known_has_no_neighbours() -> None:
    known = Neighbours()
    known.gather()
    assert known.near(asked("name a river")) == ()
    assert known.near(asked("name a river", 1.0, 0.0)) == ()
    assert known.meanings == 0
