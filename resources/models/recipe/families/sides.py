"""On which side of the line between training and evaluation something lies, once and for all."""

from functools import lru_cache
from hashlib import blake2b

# One number in so many is held out; small ones, round ones, products of the multiplication table
# and the days of a year never are.
NUMBERS = 10
COMMON = 20
_EVERYDAY = frozenset(a * b for a in range(2, 10) for b in range(2, 10)) | {365}
CHOICES = 6


@lru_cache(maxsize=65536)
def fingerprint(text: str) -> int:
    """Return a number that follows from `text` alone and looks like chance."""
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")


def is_on_both_sides(number: int) -> bool:
    """Return whether `number` is too common to be held out."""
    return number <= COMMON or number % 10 == 0 or number in _EVERYDAY


def is_held_number(number: int) -> bool:
    """Return whether `number` is kept for the evaluation."""
    return not is_on_both_sides(number) and fingerprint(str(number)) % NUMBERS == 0


def is_held_choice(*parts: object, every: int = CHOICES) -> bool:
    """Return whether a combination of common parts, one in `every`, is kept for the evaluation."""
    return fingerprint(repr(parts)) % every == 0
