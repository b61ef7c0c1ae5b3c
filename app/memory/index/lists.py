"""Very many vectors, sorted into lists of neighbours so that a search looks at few of them.

How many lists a search looks at is found by trying: as many as it takes for stored vectors to find
their own nearest again.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from app.memory.index.vectors import Ids, Matrix, Vectors, library

# Of ten nearest vectors so many are found again.
RECALL: Final = 0.98
NEAREST: Final = 10
TRIED: Final = 200
# Vectors per list that its centre is learned from; the library complains below.
PER_LIST: Final = 40


def lists_for(count: int) -> int:
    """Return into how many lists so many vectors are sorted."""
    return max(1, round(4 * math.sqrt(count)))


class Sorting:
    """Makes vectors in lists, step by step: learn from a sample, take in all, tune."""

    def __init__(self, size: int, count: int) -> None:
        """Begin for about so many vectors."""
        self._size = size
        self.lists = lists_for(count)
        self._every = max(1, count // max(TRIED, self.lists * PER_LIST))
        self._sample: list[Matrix] = []
        self._seen = 0
        self._index: Any = None
        self._ids: list[Ids] = []
        self._tried = np.zeros((0, size), np.float32)
        self._best = np.zeros((0, 0), np.float32)
        self._best_ids = np.zeros((0, 0), np.int64)

    def look(self, rows: Matrix) -> None:
        """Take some of the vectors to learn from."""
        first = -self._seen % self._every
        self._sample.append(rows[first :: self._every].copy())
        self._seen += len(rows)

    def learn(self) -> None:
        """Find the centres of the lists."""
        sample = np.concatenate([np.zeros((0, self._size), np.float32), *self._sample])
        self._sample = []
        self.lists = max(1, min(self.lists, len(sample) // PER_LIST))
        self._tried = sample[:: max(1, len(sample) // TRIED)][:TRIED].copy()
        self._best = np.full((len(self._tried), NEAREST + 1), -np.inf, np.float32)
        self._best_ids = np.full((len(self._tried), NEAREST + 1), -1, np.int64)
        faiss = library()
        self._index = faiss.index_factory(
            self._size, f"IVF{self.lists},SQfp16", faiss.METRIC_INNER_PRODUCT
        )
        self._index.train(sample)

    def take(self, ids: Ids, rows: Matrix) -> None:
        """Take in vectors, and note those that are nearest to the tried ones."""
        library()
        self._index.add_with_ids(rows, ids)
        self._ids.append(ids)
        if not len(ids) or not len(self._tried):
            return
        values = np.concatenate([self._best, self._tried @ rows.T], axis=1)
        numbers = np.broadcast_to(ids, (len(self._tried), len(ids)))
        numbers = np.concatenate([self._best_ids, numbers], axis=1)
        order = np.argsort(-values, axis=1, kind="stable")[:, : NEAREST + 1]
        self._best = np.take_along_axis(values, order, axis=1)
        self._best_ids = np.take_along_axis(numbers, order, axis=1)

    def tuned(self) -> Vectors:
        """Return the vectors; searches look at no more lists than they have to."""
        probes = 1
        self._index.nprobe = probes
        while probes < self.lists and self._found() < RECALL:
            probes = min(self.lists, probes * 2)
            self._index.nprobe = probes
        ids = np.concatenate([np.zeros(0, np.int64), *self._ids])
        return Vectors.of(self._index, ids, self._size)

    def _found(self) -> float:
        """Return how many of the nearest vectors are found, without the tried one itself."""
        library()
        _, found = self._index.search(self._tried, NEAREST + 1)
        return shared(found.tolist(), self._best_ids.tolist())


def shared(found: Sequence[Sequence[int]], best: Sequence[Sequence[int]]) -> float:
    """Return how many of the best are among those found; the first of the best does not count."""
    wanted = [{each for each in row[1:] if each >= 0} for row in best]
    whole = sum(len(row) for row in wanted)
    hits = sum(len(row & set(got)) for row, got in zip(wanted, found, strict=True))
    return hits / whole if whole else 1.0
