"""The mock's answers repeat exactly, differ by tier, and obey control words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.mock import script


@given(st.text(max_size=80), st.sampled_from("ABCD"), st.integers(0, 99))
def test_the_same_question_gets_the_same_answer(question: str, tier: str, seed: int) -> None:
    said = script.answer(question, tier, seed)
    assert said
    assert said == script.answer(question, tier, seed)
    assert "".join(script.tokens(said)) == said


@pytest.mark.parametrize("tier", "ABCD")
def test_a_greeting_names_the_tier(tier: str) -> None:
    assert f"tier {tier}" in script.answer("Hello there", tier, 0)


def test_stronger_tiers_calculate_better() -> None:
    def right(tier: str) -> int:
        return sum(
            f"**{n * 7}**" in script.answer(f"What is {n} * 7?", tier, 1) for n in range(100)
        )

    assert right("D") < right("A") < right("C") < right("B")


@pytest.mark.parametrize(
    ("word", "mark"), [("list", "1. "), ("code", "```python"), ("table", "|---|"), ("plain", ".")]
)
def test_a_shape_can_be_asked_for(word: str, mark: str) -> None:
    assert mark in script.answer(f"Tell me /mock {word}", "A", 0)


def test_shapes_vary_by_themselves() -> None:
    answers = [script.answer(f"Question {n}?", "A", 0) for n in range(40)]
    for mark in ("1. **", "```", "|---|"):
        assert 0 < sum(mark in text for text in answers) < len(answers)


def test_a_long_answer_is_long() -> None:
    assert len(script.tokens(script.answer("History /mock long", "A", 0))) > 300


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("hi", ("", "hi")),
        ("a /mock die-mid b", ("die-mid", "a  b")),
        ("/mock stall", ("stall", "")),
        ("a /mockery b", ("", "a /mockery b")),
    ],
)
def test_control_words_are_taken_out(question: str, expected: tuple[str, str]) -> None:
    assert script.control(question) == expected


@given(st.text(max_size=60))
def test_vectors_have_length_one_or_nothing_to_say(text: str) -> None:
    norm = math.hypot(*script.vector(text, 64))
    assert norm == pytest.approx(1.0) or not script.tokens(text)
    assert all(0 <= script.token_id(token) < script.VOCABULARY for token in script.tokens(text))
