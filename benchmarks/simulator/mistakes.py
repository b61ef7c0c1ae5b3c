"""How wrong answers look: some show it to a check, others read as well as right ones.

For each kind: the share of wrong answers whose mistake shows, and the share of right ones that look
as if they had one. What the program's own validators make of the words is their business: an answer
to another question fails a check that recomputes it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from benchmarks.simulator.dice import chance
from benchmarks.simulator.items import Item

# (of wrong answers, of right answers)
SHOWS: Final[Mapping[str, tuple[float, float]]] = {
    "add": (0.15, 0.04),
    "subtract": (0.15, 0.04),
    "multiply": (0.15, 0.04),
    "code": (0.30, 0.0),
    "json": (0.30, 0.0),
    "json-repeat": (0.30, 0.0),
    "notes": (0.20, 0.0),
    "quote": (0.40, 0.0),
}
_NUMBER: Final = re.compile(r"\d+(?=\D*$)")


def mistaken(item: Item, key: tuple[object, ...]) -> str:
    """Return a wrong answer."""
    share = SHOWS.get(item.kind, (0.0, 0.0))[0]
    if chance("shows", *key) >= share:
        return item.other
    return _BREAKS[item.kind](item.answer)


def blemished(item: Item, key: tuple[object, ...]) -> str:
    """Return a right answer, now and then with a slip beside what was asked."""
    share = SHOWS.get(item.kind, (0.0, 0.0))[1]
    slip = chance("slip", *key) < share
    return f"6 + 7 = 14\n{item.answer}" if slip else item.answer


def _last_number(answer: str) -> str:
    return _NUMBER.sub(lambda found: str(int(found[0]) + 10), answer)


def _unclosed(answer: str) -> str:
    return answer.rstrip("}]` \n")


def _no_colon(answer: str) -> str:
    return answer.replace("):", ")", 1) if "):" in answer else answer.replace("(", "((", 1)


def _other_words(answer: str) -> str:
    words = answer.split()
    return " ".join([words[0], *reversed(words[1:-1]), words[-1]])


_BREAKS: Final[Mapping[str, Callable[[str], str]]] = {
    "add": _last_number,
    "subtract": _last_number,
    "multiply": _last_number,
    "code": _no_colon,
    "json": _unclosed,
    "json-repeat": _unclosed,
    "notes": _unclosed,
    "quote": _other_words,
}
