"""Equations in answers are recomputed, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.gate.arithmetic import MOST, answered, equations


def verdict(text: str) -> int:
    """1 if all equations that can be computed are right, -1 if one is wrong, 0 for none."""
    judged = [each.right for each in equations(text) if each.right is not None]
    return 0 if not judged else (1 if all(judged) else -1)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("17 + 25 = 42", 1),
        ("17 + 25 = 43", -1),
        ("So 3 x 4 = 12, and 12 - 5 = 7.", 1),
        ("So 3 \u00d7 4 = 12, and 12 - 5 = 8.", -1),
        ("1,200 + 34 = 1,234", 1),
        ("10 / 4 = 2.5", 1),
        ("10 / 3 = 3.33", 1),
        ("10 / 3 = 3.34", -1),
        ("(2 + 3) * 4 = 20", 1),
        ("-5 + 3 = -2", 1),
        ("7 / 0 = 5", 0),
        ("x = 5", 0),
        ("version 1.2.3 = 5", 0),
        ("a1 + 2 = 3b", 0),
        ("nothing here", 0),
        ("2 + 2 =", 0),
        ("1 + 2 = 2 + 1", 0),
        ("10 / 4 = 250%", 0),
        ("1000 + 200 = 1 200", 0),
        ("2x-3=7", 0),
        ("2x - 3 = 7", 0),
        ("2^3 + 1 = 9", 0),
        ("a * 3 + 1 = 7", 0),
        ("- 3 + 5 = 8", 1),
        ("7,5 * 2 = 15", 1),
        ("7,5 * 2 = 16", -1),
        ("1.000 + 234 = 1.234", 1),
        ("0.5 + 1.25 = 1.75", 1),
        ("12\n- 3 = 4", 0),
    ],
)
def test_known_cases(text: str, wanted: int) -> None:
    assert verdict(text) == wanted


@given(st.integers(-999, 999), st.integers(0, 999), st.integers(-3, 3))
def test_only_the_right_result_is_right(a: int, b: int, off: int) -> None:
    (found,) = equations(f"We get {a} + {b} = {a + b + off}.")
    assert found.right == (off == 0)


@given(st.text(alphabet="0123456789+-*/=x(). ,", max_size=60))
def test_nothing_breaks_it(text: str) -> None:
    assert verdict(text) in (-1, 0, 1)


@pytest.mark.parametrize(
    ("question", "answer", "wanted"),
    [
        ("What is 12 + 7?", "12 + 7 = 19", 1),
        ("What is 12 + 7?", "20", -1),
        ("What is 12 + 7?", "19, that is 9 more than 10", 0),
        ("What is 12 plus 7?", "It is 19.", 1),
        ("Was ist 6 mal 7?", "42", 1),
        ("What is 2 + 3 * 4?", "2 + 12\n14", 1),
        ("1,200 + 34?", "1234", 1),
        ("3 x 4", "12", 1),
        ("What is 12 + 7 and 3 + 4?", "19 and 7", 0),
        ("What is 2 ^ 3 + 1?", "9", 0),
        ("Call me at 555-1234 tomorrow", "Yes", 0),
        ("What is 555-1234?", "A number", 0),
        ("Is 16 / 9 a good ratio?", "Yes", 0),
        ("Is 3 + 4 = 7?", "Yes", 0),
        ("How many legs has a cat?", "4", 0),
        ("What is 10 / 0?", "Nobody knows", -1),
    ],
)
def test_the_calculation_of_a_question_is_done_again(
    question: str, answer: str, wanted: int
) -> None:
    assert answered(question, answer) == wanted


@pytest.mark.parametrize(
    "hostile",
    ["9" * 200_000, "1+" * 100_000 + "=1", "(" * 200_000, "1=1" * 70_000, "1 + " * 50_000 + "= 2"],
)
def test_what_was_made_to_be_slow_is_looked_at_a_little(hostile: str) -> None:
    assert len(list(equations(hostile))) <= MOST
