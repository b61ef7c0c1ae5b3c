"""Which of several candidates a message means."""

import pytest

from app.memory.choosing import chosen


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("forget 2", 3, (1,)),
        ("2", 3, (1,)),
        ("Please forget 1 and 3.", 3, (0, 2)),
        ("vergiss 1, 2", 3, (0, 1)),
        ("#3", 3, (2,)),
        ("all", 2, (0, 1)),
        ("alle", 2, (0, 1)),
        ("yes", 1, (0,)),
        ("yes", 2, None),
        ("no", 2, ()),
        ("forget 4", 3, None),
        ("0", 3, None),
        ("What is 2 and 2?", 3, None),
        ("forget my cat", 3, None),
        ("", 3, None),
    ],
)
def test_a_choice_is_told_from_everything_else(
    text: str, count: int, expected: tuple[int, ...] | None
) -> None:
    assert chosen(text, count) == expected
