"""Made-up memories: words as often as in languages, vectors in clusters as those of texts are."""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.memories import NewMemory

SIZE: Final = 384  # of the embedding model that is shipped
COMMON: Final = tuple(
    word
    for line in (
        "the a i to and of in is it you that was for on my we with at have be this are but so not",
        "they me he she had what",
    )
    for word in line.split()
)
_RARE: Final = 20_000
_PER_CLUSTER: Final = 50
# How far vectors are from the centre of their cluster, which has length 1.
_SPREAD: Final = 0.8
_SYLLABLES: Final = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en")]

Matrix = NDArray[np.float32]


class Words:
    """Texts whose n-th word is about n times as rare as the first."""

    def __init__(self, seed: int) -> None:
        """Begin with words of this seed."""
        self._dice = random.Random(seed)
        rare = {"".join(self._dice.choices(_SYLLABLES, k=3)) for _ in range(_RARE)}
        self._all = [*COMMON, *self._dice.sample(sorted(rare), len(rare))]
        self._weights = list(accumulate(1 / (place + 2.7) for place in range(len(self._all))))

    def text(self, least: int = 8, most: int = 30) -> str:
        """Return so many words."""
        count = self._dice.randrange(least, most)
        return " ".join(self._dice.choices(self._all, cum_weights=self._weights, k=count))

    def memories(self, count: int, scope: str) -> Iterator[NewMemory]:
        """Yield turns of a long chat."""
        before: tuple[str, ...] = ()
        for number in range(count):
            text = self.text()
            speaker = ("Anna", "Ben")[number % 2]
            yield NewMemory(scope=scope, text=text, speaker=speaker, before=before)
            before = (*before[-1:], f"{speaker}: {text}")


class Meanings:
    """Vectors of length 1 around centres, and others of the same kind to be asked with."""

    def __init__(self, count: int, seed: int) -> None:
        """Begin with centres enough for so many."""
        self._dice = np.random.default_rng(seed)
        clusters = max(1, count // _PER_CLUSTER)
        self._centres = _unit(self._dice.standard_normal((clusters, SIZE), np.float32))

    def vectors(self, count: int) -> Matrix:
        """Return so many vectors."""
        chosen = self._centres[self._dice.integers(0, len(self._centres), count)]
        noise = self._dice.standard_normal((count, SIZE), np.float32)
        return _unit(chosen + noise * np.float32(_SPREAD / SIZE**0.5))


class Silent:
    """An embedding model that has made all its vectors already."""

    id = "made-up"

    def why_not(self) -> str:
        """It could be asked."""
        return ""

    async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Nobody does."""
        raise AssertionError(f"{len(texts)} texts were to be embedded")


class Given(Silent):
    """An embedding model that has the vector of the question at hand."""

    def __init__(self, vector: Sequence[float]) -> None:
        """Answer with this one."""
        self._vector = vector

    async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return the vector for every text."""
        return [self._vector for _ in texts]


def _unit(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
