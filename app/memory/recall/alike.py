"""Memories that say the same: only the newest is kept. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from app.domain.memories import Memory, Why
from app.memory.recall.terms import words

_COSINE: Final = 0.92
_WORDS: Final = 0.8
Vector = npt.NDArray[np.float32]
Found = tuple[Memory, Why]


def distinct(found: Sequence[Found], vectors: Mapping[int, Vector]) -> list[Found]:
    """Return memories in their order, of those that say the same the newest in the best place.

    What two people say is not the same, whatever the words; nor are passages of documents.
    """
    kept: list[Found] = []
    sets = {memory.id: frozenset(map(str.casefold, words(memory.text))) for memory, _ in found}
    for pair in found:
        at = _twin(pair[0], kept, sets, vectors)
        if at is None:
            kept.append(pair)
        elif _newer(pair[0], kept[at][0]) and not kept[at][0].pinned:
            kept[at] = pair
    return kept


def _twin(
    memory: Memory,
    kept: Sequence[Found],
    sets: Mapping[int, frozenset[str]],
    vectors: Mapping[int, Vector],
) -> int | None:
    for at, (other, _) in enumerate(kept):
        comparable = (memory.speaker, memory.place) == (other.speaker, other.place)
        if comparable and (
            _overlap(sets[memory.id], sets[other.id]) > _WORDS
            or _cosine(vectors.get(memory.id), vectors.get(other.id)) > _COSINE
        ):
            return at
    return None


def _newer(memory: Memory, other: Memory) -> bool:
    return (memory.created, memory.id) > (other.created, other.id)


def _overlap(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / max(1, len(one | two))


def _cosine(one: Vector | None, two: Vector | None) -> float:
    return 0.0 if one is None or two is None or one.shape != two.shape else float(one @ two)
