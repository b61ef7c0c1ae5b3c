"""What became of the most similar questions: by meaning where that is known, else by their words.

Similarity alone is no evidence: a neighbour counts the more the closer it is, and all of them
together stand against what is believed without them.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.memory.index.vectors import Vectors
from app.orchestration.router.hashing import SIZE
from app.orchestration.router.seen import Seen

KEPT: Final = 4000
MOST: Final = 32
# Below this cosine nobody is a neighbour.
FLOOR: Final = 0.5
# What is believed without neighbours counts as so many of them.
PRIOR: Final = 8.0


@dataclass(slots=True)
class _Asked:
    """A question, and by model how much of its answers was right, of how much."""

    seen: Seen
    answers: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Near:
    """A similar question and how much it counts."""

    weight: float
    answers: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class _Index:
    """Questions by their words (`rows` and `values` from `starts[place]` on) and by meaning.

    The ids of `meanings` are places in `asked`; None where no question is known by its meaning.
    """

    asked: tuple[_Asked, ...]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    values: NDArray[np.float32]
    meanings: Vectors | None


class Neighbours:
    """Owns the questions that were judged lately; the oldest make room."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep so many questions."""
        self._kept = kept
        self._asked: OrderedDict[int, _Asked] = OrderedDict()
        self._index: _Index | None = None

    def learn(self, seen: Seen, model_id: str, right: float, weight: float) -> None:
        """Take in how a model answered a question."""
        asked = self._asked.get(seen.mark)
        if asked is None:
            asked = self._asked[seen.mark] = _Asked(seen)
            while len(self._asked) > self._kept:
                self._asked.popitem(last=False)
        elif seen.embedding.size and not asked.seen.embedding.size:
            asked.seen = seen
        good, whole = asked.answers.get(model_id, (0.0, 0.0))
        asked.answers[model_id] = (good + weight * right, whole + weight)

    def forget(self, model_id: str) -> None:
        """Drop what a model answered."""
        for asked in self._asked.values():
            asked.answers.pop(model_id, None)

    @property
    def meanings(self) -> int:
        """How many questions are known by their meaning."""
        meanings = self._index.meanings if self._index else None
        return len(meanings) if meanings is not None else 0

    def gather(self) -> None:
        """Make all questions findable that came since the last time; may run in a thread."""
        self._index = _gathered(tuple(self._asked.values()))

    def near(self, seen: Seen) -> tuple[Near, ...]:
        """Return the most similar questions; the same one is found even before it is gathered."""
        found = self._by_similarity(seen)
        same = self._asked.get(seen.mark)
        if same is not None and not any(each.answers is same.answers for each in found):
            found = (Near(1.0, same.answers), *found)
        return found

    def _by_similarity(self, seen: Seen) -> tuple[Near, ...]:
        index = self._index
        if index is None or not index.asked:
            return ()
        return tuple(
            Near(min(1.0, (likeness - FLOOR) / (1 - FLOOR)) ** 2, index.asked[at].answers)
            for at, likeness in _nearest(index, seen)
            if likeness > FLOOR
        )


def believed(chance: float, near: Sequence[Near], model_id: str) -> tuple[float, float]:
    """Return a chance as it is with its neighbours, and how much they count."""
    good = whole = 0.0
    for each in near:
        right, count = each.answers.get(model_id, (0.0, 0.0))
        good += each.weight * right
        whole += each.weight * count
    return (good + PRIOR * chance) / (whole + PRIOR), whole


def _nearest(index: _Index, seen: Seen) -> list[tuple[int, float]]:
    """Return the places of the most similar questions, and how similar they are."""
    meanings = index.meanings
    if meanings is not None and seen.embedding.size == meanings.size:
        return meanings.near(seen.embedding, MOST)
    likeness = _likeness(index, seen)
    best = np.argpartition(-likeness, MOST)[:MOST] if len(likeness) > MOST else ...
    places = np.arange(len(likeness))[best]
    return list(zip(places.tolist(), likeness[best].tolist(), strict=True))


def _likeness(index: _Index, seen: Seen) -> NDArray[np.float32]:
    begins = index.starts[seen.places]
    counts = index.starts[seen.places.astype(np.int64) + 1] - begins
    # The entries of all words, one word after the other.
    first = np.repeat(begins - (np.cumsum(counts) - counts), counts)
    at = first + np.arange(int(counts.sum()))
    weights = np.repeat(seen.values, counts) * index.values[at]
    found = np.bincount(index.rows[at], weights, minlength=len(index.asked))
    return np.asarray(found, np.float32)


def _gathered(asked: tuple[_Asked, ...]) -> _Index:
    counts = [len(each.seen.places) for each in asked]
    places = np.concatenate([np.zeros(0, np.uint16), *(each.seen.places for each in asked)])
    values = np.concatenate([np.zeros(0, np.float32), *(each.seen.values for each in asked)])
    rows = np.repeat(np.arange(len(asked), dtype=np.int32), counts)
    order = np.argsort(places, kind="stable")
    ends = np.cumsum(np.bincount(places, minlength=SIZE))
    starts = np.concatenate([np.zeros(1, np.int64), ends])
    return _Index(asked, starts, rows[order], values[order], _meanings(asked))


def _meanings(asked: Sequence[_Asked]) -> Vectors | None:
    """Return the meanings of those questions whose vectors have the most usual length."""
    sizes = [each.seen.embedding.size for each in asked if each.seen.embedding.size]
    if not sizes:
        return None
    size = max(set(sizes), key=sizes.count)
    meant = [at for at, each in enumerate(asked) if each.seen.embedding.size == size]
    meanings = Vectors(size, "exact")
    meanings.put(meant, np.stack([asked[at].seen.embedding for at in meant]))
    return meanings
