"""Finds answers that go round in circles; probabilities show nothing, a loop is sure of itself."""

from collections.abc import Sequence
from typing import Final

WINDOW: Final = 256  # of the last words
GRAM: Final = 4
# Tables and JSON repeat up to half of their 4-grams; a loop repeats nearly all.
MOST_REPEATED: Final = 0.65
LEAST_WORDS: Final = 40
LONGEST_PERIOD: Final = 64
LEAST_TURNS: Final = 4


def repeated_share(words: Sequence[str]) -> float:
    """Return the share of 4-grams in the last words that occurred in them before."""
    last = words[-WINDOW:]
    grams = [tuple(last[at : at + GRAM]) for at in range(len(last) - GRAM + 1)]
    return 1 - len(set(grams)) / len(grams) if grams else 0.0


def period(words: Sequence[str]) -> int:
    """Return the length of the piece the text ends in at least four times in a row, or 0."""
    for length in range(1, min(LONGEST_PERIOD, len(words) // LEAST_TURNS) + 1):
        piece = words[-length:]
        turns = (words[-(turn + 1) * length : -turn * length] for turn in range(1, LEAST_TURNS))
        if all(turn == piece for turn in turns):
            return length
    return 0


def is_loop(text: str) -> bool:
    """Return whether a text goes round in circles; lists and tables with repeated cells do not."""
    words = text.split()
    if len(words) < LEAST_WORDS:
        # A short answer may be one word again and again, as asked; eight times it is a loop.
        return len(words) >= 2 * LEAST_TURNS and 0 < period(words) <= 2 and len(set(words)) <= 2
    return period(words) > 0 or repeated_share(words) > MOST_REPEATED
