"""Memories that say the same: only the newest is kept. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from app.domain.memories import Memory, Why
from app.memory.recall.terms import words

_COSINE: Final = 0.92
_WORDS: Final = 0.8
Vector = npt.NDArray[np.float32]
Words = frozenset[str]
Near = dict[int, frozenset[int]]
Found = tuple[Memory, Why]


def distinct(found: Sequence[Found], vectors: Mapping[int, Vector]) -> list[Found]:
    """Return memories in their order, of those that say the same the newest in the best place.

    What two people say is not the same, whatever the words; nor are passages of documents.
    """
    said = {memory.id: frozenset(map(str.casefold, words(memory.text))) for memory, _ in found}
    near = _near([memory for memory, _ in found], vectors)
    kept: list[Found] = []
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for pair in found:
        memory, _ = pair
        group = groups[memory.speaker, memory.place]
        at = _twin(memory, [(place, kept[place][0]) for place in group], said, near)
        if at is None:
            group.append(len(kept))
            kept.append(pair)
        elif _newer(memory, kept[at][0]) and not kept[at][0].pinned:
            kept[at] = pair
    return kept


def _twin(
    memory: Memory, kept: Iterable[tuple[int, Memory]], said: Mapping[int, Words], near: Near
) -> int | None:
    own, alike = said[memory.id], near.get(memory.id, frozenset())
    for at, other in kept:
        if other.id in alike or _overlap(own, said[other.id]):
            return at
    return None


def _newer(memory: Memory, other: Memory) -> bool:
    return (memory.created, memory.id) > (other.created, other.id)


def _overlap(one: Words, two: Words) -> bool:
    """Whether two texts share nearly all their words, which texts of other lengths cannot."""
    fewer, more = sorted((len(one), len(two)))
    return fewer > _WORDS * more and len(one & two) > _WORDS * len(one | two)


def _near(memories: Sequence[Memory], vectors: Mapping[int, Vector]) -> Near:
    """Return which memories mean nearly the same; vectors of two models are not compared."""
    near: Near = {}
    sizes = {each.id: vectors[each.id].size for each in memories if each.id in vectors}
    for size in set(sizes.values()):
        ids = [each for each, its in sizes.items() if its == size]
        rows = np.stack([vectors[each] for each in ids])
        # A product of matrices would use several threads, which wait for each other.
        close = np.einsum("ik,jk->ij", rows, rows) > _COSINE
        for at in np.flatnonzero(close.sum(axis=1) > 1):
            near[ids[at]] = frozenset(ids[other] for other in np.flatnonzero(close[at]))
    return near
