"""Four ranked lists as one: weighted reciprocal ranks, each list as it deserves. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.memories import Why

# The lower, the more the first places count.
_SMOOTHING: Final = 10


@dataclass(frozen=True, slots=True)
class Weights:
    """What each list counts: words and meaning, of a memory alone and with what was before it."""

    words: float = 1.0
    words_wide: float = 2.0
    meaning: float = 1.0
    meaning_wide: float = 0.5


@dataclass(frozen=True, slots=True)
class Lists:
    """Ids of memories, best first, by each way of looking."""

    words: Sequence[int] = ()
    words_wide: Sequence[int] = ()
    meaning: Sequence[int] = ()
    meaning_wide: Sequence[int] = ()


def fused(lists: Lists, weights: Weights) -> dict[int, Why]:
    """Return why each memory was found; a score of 1 is the first of every list."""
    words, words_wide = _ranks(lists.words), _ranks(lists.words_wide)
    meaning, meaning_wide = _ranks(lists.meaning), _ranks(lists.meaning_wide)
    weighed = (
        (words, weights.words),
        (words_wide, weights.words_wide),
        (meaning, weights.meaning),
        (meaning_wide, weights.meaning_wide),
    )
    counted = [(ranks, weight) for ranks, weight in weighed if ranks and weight]
    best = sum(weight / (_SMOOTHING + 1) for _, weight in counted)
    return {
        each: Why(
            words=words.get(each, 0),
            words_wide=words_wide.get(each, 0),
            meaning=meaning.get(each, 0),
            meaning_wide=meaning_wide.get(each, 0),
            score=sum(_worth(ranks.get(each, 0)) * weight for ranks, weight in counted) / best,
        )
        for each in dict.fromkeys(memory for ranks, _ in counted for memory in ranks)
    }


def joined(parts: Sequence[Mapping[int, Why]]) -> dict[int, Why]:
    """Return the best reason of each memory among the parts of a question."""
    found: dict[int, Why] = {}
    for part in parts:
        for each, why in part.items():
            if each not in found or why.score > found[each].score:
                found[each] = why
    return found


def _ranks(ids: Sequence[int]) -> dict[int, int]:
    return {each: rank for rank, each in enumerate(dict.fromkeys(ids), 1)}


def _worth(rank: int) -> float:
    return 1 / (_SMOOTHING + rank) if rank else 0.0
