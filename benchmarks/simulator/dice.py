"""Chance that depends on nothing but what it is asked for: the same key, the same number."""

import hashlib
from random import Random
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()


def whole(*key: object) -> int:
    """Return 64 bits for a key, the same on every machine and in every process."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def chance(*key: object) -> float:
    """Return a number between 0 and 1, never either."""
    return ((whole(*key) >> 12) + 0.5) / 2**52


def normal(*key: object) -> float:
    """Return a number of the standard normal distribution."""
    return _NORMAL.inv_cdf(chance(*key))


def stream(*key: object) -> Random:
    """Return a generator of its own for a key."""
    return Random(whole(*key))
