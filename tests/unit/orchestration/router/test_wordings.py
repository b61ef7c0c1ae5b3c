"""Patterns of how people ask: none is slow on any text it may see."""

import re
import time

import pytest

from app.orchestration.router import wordings
from app.orchestration.router.families import EDGE, REQUEST

# What a pattern sees at most: what is asked, or the edges of the whole text.
LONGEST = 2 * EDGE
SEES_EVERYTHING = {"CODE_SIGNS", "JSON_TEXT", "SCHEMA", "ADDS_UP", "WANTS_FORM", "ABOUT_USER"}
PATTERNS = {name: value for name, value in vars(wordings).items() if isinstance(value, re.Pattern)}
SLOW = (
    "a" * LONGEST,
    " " * LONGEST,
    "\n" * LONGEST,
    "( " * (LONGEST // 2),
    "`" * LONGEST,
    "how many " * (LONGEST // 9),
    "in the list " * (LONGEST // 12),
    "1+" * (LONGEST // 2),
    "1 " * (LONGEST // 2),
    "((((1" * (LONGEST // 5),
    "write the " * (LONGEST // 10),
    "select " * (LONGEST // 7),
    "def a" * (LONGEST // 5),
    "what my " * (LONGEST // 8),
    "if " * (LONGEST // 3),
    '{"a' * (LONGEST // 3),
    "am i " * (LONGEST // 5),
    "x" * (LONGEST // 2) + "?" * (LONGEST // 2),
)


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_no_pattern_is_slow(name: str) -> None:
    sees = LONGEST if name in SEES_EVERYTHING else 2 * REQUEST
    for text in SLOW:
        began = time.process_time()
        PATTERNS[name].search(text[:sees])
        assert time.process_time() - began < 0.05, text[:20]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (wordings.CODE, "Write a Python function"),
        (wordings.FORMS, "Gib mir das als Tabelle"),
        (wordings.ACTIONS, "Set a timer for ten minutes"),
        (wordings.CHANGES, "Translate this into German: hello"),
        (wordings.PUZZLES, "Which letters are vowels in banana?"),
        (wordings.MATHS, "What is the square root of 16?"),
        (wordings.BEFORE, "What did I say earlier?"),
        (wordings.MINE, "What is my name?"),
        (wordings.TALKS, "Guten Morgen"),
        (wordings.MAKES, "Write a poem"),
        (wordings.ASKS, "Who wrote Faust?"),
        (wordings.FOLLOWS, "And what about Peru?"),
    ],
)
def test_patterns_know_what_they_are_for(pattern: re.Pattern[str], says: str) -> None:
    assert pattern.search(says)
