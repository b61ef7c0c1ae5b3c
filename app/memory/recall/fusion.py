"""Four ranked lists as one: weighted reciprocal ranks, each place as far as it is related. Pure.

Ranks alone say nothing of how good the best is: the first of a list may hold no more than the name
of who is asked about. So a place counts as much as its memory holds of the question, by words or by
cosine.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.memories import Why

Ranked = Sequence[tuple[int, float]]

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
    """Memories with how related they are (0 to 1), best first, by each way of looking."""

    words: Ranked = ()
    words_wide: Ranked = ()
    meaning: Ranked = ()
    meaning_wide: Ranked = ()


def fused(lists: Lists, weights: Weights) -> dict[int, Why]:
    """Return why each memory was found; a score of 1 is first everywhere and all that was asked."""
    weighed = (
        (lists.words, weights.words),
        (lists.words_wide, weights.words_wide),
        (lists.meaning, weights.meaning),
        (lists.meaning_wide, weights.meaning_wide),
    )
    counted = [(ranked, weight) for ranked, weight in weighed if ranked and weight]
    best = sum(weight for _, weight in counted) / (_SMOOTHING + 1)
    scores: defaultdict[int, float] = defaultdict(float)
    for ranked, weight in counted:
        for rank, (memory, related) in enumerate(ranked, 1):
            scores[memory] += weight * min(1.0, max(0.0, related)) / (_SMOOTHING + rank) / best
    places = [_ranks(ranked) for ranked, _ in weighed]
    return {
        each: _why(score, [ranks.get(each, 0) for ranks in places])
        for each, score in scores.items()
    }


def joined(parts: Sequence[Mapping[int, Why]]) -> dict[int, Why]:
    """Return the best reason of each memory among the parts of a question.

    The best of every part is as good as the best of all: no part may crowd out another.
    """
    if len(parts) == 1:
        return dict(parts[0])
    tops = [max((why.score for why in part.values()), default=0.0) for part in parts]
    found: dict[int, Why] = {}
    for part, top in zip(parts, tops, strict=True):
        for each, why in part.items():
            score = why.score * max(tops) / top if top else 0.0
            if each not in found or score > found[each].score:
                found[each] = why.model_copy(update={"score": score})
    return found


def _ranks(ranked: Ranked) -> dict[int, int]:
    return {memory: rank for rank, (memory, _) in enumerate(ranked, 1)}


def _why(score: float, ranks: Sequence[int]) -> Why:
    words, words_wide, meaning, meaning_wide = ranks
    return Why(
        words=words,
        words_wide=words_wide,
        meaning=meaning,
        meaning_wide=meaning_wide,
        score=score,
    )
