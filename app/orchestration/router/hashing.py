"""Words and pairs of words as hashed features: the same on every machine and in every run."""

import re
from collections import Counter
from functools import lru_cache
from math import log1p, sqrt
from typing import Final
from zlib import crc32

BITS: Final = 16
SIZE: Final = 1 << BITS
# A longer text is known by its begin and end.
EDGE: Final = 1500
MOST_WORDS: Final = 500
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")

Grams = tuple[tuple[int, float], ...]


@lru_cache(maxsize=1 << 15)
def place(gram: str) -> int:
    """Return where a word or pair is counted."""
    return crc32(gram.encode("utf-8", "replace")) & (SIZE - 1)


def grams(text: str) -> Grams:
    """Return (place, weight) of the words and pairs in a text: logarithmic counts, length 1.

    Digits are seen by how many there are: what a number is says little, how long it is a lot.
    """
    text = text if len(text) <= 2 * EDGE else f"{text[:EDGE]} {text[-EDGE:]}"
    words = [_plain(word) for word in _TOKEN.findall(text)[:MOST_WORDS]]
    counts: Counter[int] = Counter()
    previous = "^"
    for word in words:
        counts[place(word)] += 1
        counts[place(f"{previous} {word}")] += 1
        previous = word
    weights = {at: log1p(count) for at, count in counts.items()}
    norm = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return tuple(sorted((at, round(weight / norm, 4)) for at, weight in weights.items()))


def _plain(word: str) -> str:
    return f"#{len(word)}" if word.isdigit() else word.casefold()
