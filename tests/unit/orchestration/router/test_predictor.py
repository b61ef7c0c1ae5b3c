"""Chances: stable features, heads that learn what words tell, and shrinkage while they cannot."""

import subprocess
import sys
from math import isfinite
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.question import Question
from app.orchestration.router.hashing import SIZE, grams
from app.orchestration.router.heads import LEAST
from app.orchestration.router.lexical import WIDTH, lexical
from app.orchestration.router.predictor import Predictor

EASY = ("Name the capital of Peru", "Who wrote Faust", "What colour is grass", "Name a river")
HARD = ("Prove the theorem of Gauss", "Derive the formula", "Prove that it halts", "Analyse it")


def asked(text: str) -> Question:
    return Question(text, (ChatMessage(role="user", content=text or " "),))


def outcome(predictor: Predictor, text: str, right: float, model: str = "m") -> OutcomeRecord:
    features = predictor.features(asked(text))
    return OutcomeRecord(
        at=0,
        model_id=model,
        family=features.family,
        right=right,
        witness=Witness.VALIDATOR,
        source="gate",
        features=features.lexical,
        grams=features.grams,
    )


def taught(count: int) -> Predictor:
    predictor, dice = Predictor(), Random(0)
    for _ in range(count):
        hard = dice.random() < 0.5
        text = dice.choice(HARD if hard else EASY) + dice.choice([".", "?", " now.", " please."])
        predictor.learn(outcome(predictor, text, float(not hard)))
    predictor.refit()
    return predictor


def test_words_tell_once_there_is_enough() -> None:
    predictor = taught(4 * LEAST)
    easy = predictor.chance(predictor.features(asked("Name the capital of Chile?")), "m")
    hard = predictor.chance(predictor.features(asked("Prove the other theorem.")), "m")
    assert easy.probability > 0.75
    assert hard.probability < 0.35
    assert set(easy.parts) == {"skills", "words", "neighbours"}


def test_few_outcomes_move_the_table_alone() -> None:
    predictor = taught(LEAST // 2)
    found = predictor.chance(predictor.features(asked("Untold zebras jump")), "m")
    assert set(found.parts) == {"skills"}
    assert predictor.chance(predictor.features(asked("x")), "unknown").probability == 0.6


def test_a_forgotten_model_is_unknown() -> None:
    predictor = taught(2 * LEAST)
    predictor.forget("m")
    assert predictor.chance(predictor.features(asked("Prove it.")), "m").count == 2.0


def test_it_says_when_it_wants_to_fit_again() -> None:
    predictor = Predictor()
    for at in range(30):
        assert predictor.is_stale == (at >= 25)
        predictor.learn(outcome(predictor, "x", 1.0))
    predictor.refit()
    assert not predictor.is_stale


@given(st.text(max_size=300))
def test_features_are_finite_and_bounded(text: str) -> None:
    numbers = lexical(asked(text))
    assert len(numbers) == WIDTH
    assert all(isfinite(each) and abs(each) < 100 for each in numbers)
    found = grams(text)
    assert all(0 <= at < SIZE and 0 < weight <= 1 for at, weight in found)
    assert abs(sum(weight**2 for _, weight in found) - 1) < 0.01 or not found


def test_a_megabyte_is_seen_by_its_edges() -> None:
    text = "word " * 200_000
    assert len(grams(text)) < 20
    assert lexical(asked(text))[0] > 10


def test_hashes_are_the_same_in_every_process() -> None:
    text = "Sort 3 words, please!"
    code = f"from app.orchestration.router.hashing import grams; print(grams({text!r}))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "7", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == str(grams(text))
