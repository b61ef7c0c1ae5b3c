"""A question as heads and neighbours keep it: small arrays that nothing from a row can spoil."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.orchestration.router.hashing import MOST_WORDS, SIZE, place
from app.orchestration.router.lexical import WIDTH

Vector = NDArray[np.float64]
Places = NDArray[np.uint16]
Values = NDArray[np.float32]

# No sound number of a question is farther from nothing.
FARTHEST = 50.0


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Where a question's words are counted, with their weights, its numbers and its family.

    `mark` is the same for the same words. `embedding` has length 1, or no entries.
    """

    family: str
    numbers: Values
    places: Places
    values: Values
    mark: int
    embedding: Values

    @property
    def family_place(self) -> int:
        """Where the family is counted, as if it were a word."""
        return place(f"family {self.family}")


def seen(
    family: str,
    numbers: Sequence[float],
    grams: Sequence[tuple[int, float]],
    embedding: Sequence[float] = (),
) -> Seen:
    """Return a question as it is kept; what is no number counts nothing."""
    grams = grams[: 2 * MOST_WORDS]
    places = np.array([at % SIZE for at, _ in grams], np.uint16)
    values = _sound([value for _, value in grams], 1.0)
    return Seen(
        family,
        _sound(numbers if len(numbers) == WIDTH else [0.0] * WIDTH, FARTHEST),
        places,
        values,
        (crc32(places.tobytes()) << 32) | crc32(values.tobytes()),
        _of_length_one(embedding),
    )


def _sound(values: Sequence[float], farthest: float) -> Values:
    plain = np.nan_to_num(np.array(values, np.float64), posinf=farthest, neginf=-farthest)
    return np.clip(plain, -farthest, farthest).astype(np.float32)


def _of_length_one(values: Sequence[float]) -> Values:
    plain = np.array(values, np.float64)
    largest = float(np.abs(plain).max(initial=0.0))
    if not np.isfinite(largest) or largest <= 0:
        return np.zeros(0, np.float32)
    plain = plain / largest  # squares of what is very large or very small would be no numbers
    return np.asarray(plain / np.linalg.norm(plain), np.float32)
