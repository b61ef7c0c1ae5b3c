"""Loops are found, lists and verses are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.gate.loops import is_loop, period, repeated_share

STORY = (
    "Once upon a time a fox lived in a small village. One morning it heard a strange song behind "
    "the hill. It walked for three days and three nights, and on the way it shared its last bread. "
    "In the end it was home before the rain, and everybody in the village was glad about it."
)


def test_a_story_is_no_loop() -> None:
    assert not is_loop(STORY)


@pytest.mark.parametrize(
    "text",
    [
        f"{STORY} {'and then it went on ' * 8}",
        "the the the the the the the the",
        "ha " * 60,
        "One two three four five six. " * 12,
    ],
)
def test_circles_are_loops(text: str) -> None:
    assert is_loop(text)


def test_a_table_with_equal_cells_is_no_loop() -> None:
    rows = "\n".join(f"| thing {at} | red | {at * 7} | in stock |" for at in range(20))
    assert not is_loop(rows)


def test_short_answers_may_repeat_a_little() -> None:
    assert not is_loop("no no no")
    assert not is_loop("")


@given(st.lists(st.sampled_from("abc"), max_size=40), st.integers(1, 6))
def test_a_piece_repeated_is_found(words: list[str], length: int) -> None:
    piece = [f"w{at}" for at in range(length)]
    assert period([*words, *piece * 4]) == length


@given(st.lists(st.text(max_size=5), max_size=80))
def test_shares_are_shares(words: list[str]) -> None:
    assert 0 <= repeated_share(words) < 1
    assert period(words) <= max(0, len(words) // 4)
