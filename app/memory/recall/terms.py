"""A text as the words it can be found by. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from app.memory.recall.stopwords import STOP_WORDS

# Of a question, however long: each word is looked up in two views.
MOST_TERMS: Final = 10
# A text may be a pasted file; what is asked stands at its ends.
_MOST_CHARACTERS: Final = 4_000
_LONGEST: Final = 64
_WORD: Final = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Return the words of a text, in order, as they stand."""
    return _WORD.findall(text)


def ends(text: str, most: int = _MOST_CHARACTERS) -> str:
    """Return the beginning and the end of a text that is too long."""
    return text if len(text) <= most else f"{text[: most // 2]} {text[-most // 2 :]}"


def telling(word: str) -> bool:
    """Whether a word says something about what is asked."""
    return word.lower() not in STOP_WORDS and (len(word) > 1 or not word.isascii())


def terms(text: str, most: int = MOST_TERMS) -> tuple[str, ...]:
    """Return what a text is to be found by: its telling words, the most telling ones of many."""
    found: dict[str, str] = {}
    for word in words(ends(text)):
        if telling(word) and len(word) <= _LONGEST:
            found.setdefault(word.lower(), word)
    chosen = sorted(found.values(), key=_rank)[:most]
    return tuple(key for key, word in found.items() if word in chosen)


def quoted(term: str) -> str:
    """Return a word as a query of FTS5 that can be nothing but this word."""
    return '"' + term.replace('"', '""') + '"'


def any_of(found: Iterable[str]) -> str:
    """Return a query for texts with at least one of these words."""
    return " OR ".join(map(quoted, found))


def _rank(word: str) -> tuple[int, int]:
    """Names and numbers first, then long words before short ones."""
    return (0 if word[:1].isupper() or word[:1].isdigit() else 1, -len(word))
