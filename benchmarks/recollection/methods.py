"""Ways to find what answers a question, each from the question to ids of memories, best first.

The peers are plain: BM25 as FTS5 has it, cosine over all vectors, and their fusion with equal
weights as it is usually done (reciprocal ranks, k = 60). Ours is the program's own recall, for
which a search over all vectors stands for the index.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, cast

import numpy as np

from app.domain.memories import MemoryKind, NewMemory, chat_scope
from app.memory.file import MemoryFile
from app.memory.recall.embedders import Taste, taste
from app.memory.recall.recall import Recall
from app.memory.recall.terms import any_of, terms
from app.memory.rows import VIEWS, View
from app.memory.store import MemoryStore
from app.platform.bus import Bus
from app.platform.storage import Database
from benchmarks.recollection.sets import Sample, Turn
from benchmarks.recollection.vectors import Vector, Vectors

DEPTH: Final = 60
EQUAL_K: Final = 60
# Nothing is left out for want of room: what is measured is the order.
BUDGET: Final = 1_000_000

Method = Callable[[str], Awaitable[list[int]]]


@dataclass(frozen=True)
class Kept:
    """A conversation in the store: its scope, its memories by turn, when it ended, its vectors."""

    scope: str
    ids: Mapping[str, int]
    ended: float
    order: Sequence[int]
    matrices: Mapping[View, Vector]


class Nearest:
    """The nearest of all vectors of a scope, one by one: the index, without its speed."""

    def __init__(self, kept: Mapping[str, Kept], vectors: Vectors | None) -> None:
        """Search what is kept; without vectors it cannot."""
        self._kept = kept
        self._vectors = vectors

    @property
    def id(self) -> str:
        """The hash of the model's file, '' when there is none."""
        return self._vectors.id if self._vectors else ""

    def why_not(self) -> str:
        """Return why there is no search by meaning."""
        return "" if self._vectors else "It was left out."

    async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return one vector per text."""
        assert self._vectors is not None
        self._vectors.learn(texts)
        return [self._vectors.of(each).tolist() for each in texts]

    async def nearest(
        self, scopes: Sequence[str], vector: Sequence[float], view: View, limit: int
    ) -> list[tuple[int, float]]:
        """Return memories of these scopes with their cosine, best first."""
        found: list[tuple[int, float]] = []
        for scope in scopes:
            kept = self._kept[scope]
            cosines = kept.matrices[view] @ np.array(vector, np.float32)
            best = np.argsort(-cosines, kind="stable")[:limit]
            found += [(kept.order[at], float(cosines[at])) for at in best]
        return sorted(found, key=lambda pair: -pair[1])[:limit]


async def keep(database: Database, sample: Sample, vectors: Vectors | None) -> Kept:
    """Store a conversation, each under a scope of its own."""
    scope, ids = chat_scope(sample.name), dict[str, int]()
    texts: dict[int, tuple[str, str]] = {}
    for _, session in groupby(sample.turns, key=lambda turn: turn.dia_id.split(":")[0]):
        turns = list(session)
        store = MemoryStore(cast("MemoryFile", database), lambda at=turns[0].at: at, Bus())  # type: ignore[misc]
        for turn, memory in zip(turns, await store.add(_memories(scope, turns)), strict=True):
            ids[turn.dia_id] = memory.id
            texts.setdefault(memory.id, (turn.said, turn.wide))
    order = list(texts)
    matrices: dict[View, Vector] = {}
    if vectors:
        for at, view in enumerate(VIEWS):
            matrices[view] = np.array([vectors.of(texts[each][at]) for each in order])
        await _store(database, vectors.id, dict(zip(order, matrices["t"], strict=True)))
    ended = max((turn.at for turn in sample.turns), default=0.0) + 86_400
    return Kept(scope, ids, ended, order, matrices)


def _memories(scope: str, turns: Sequence[Turn]) -> list[NewMemory]:
    return [
        NewMemory(
            scope=scope,
            text=turn.text,
            kind=MemoryKind.TURN,
            speaker=turn.speaker,
            before=turn.before,
        )
        for turn in turns
    ]


async def _store(database: Database, embedder: str, vectors: Mapping[int, Vector]) -> None:
    """Keep vectors in the store, where recall compares memories that say the same."""

    def work(db: sqlite3.Connection) -> None:
        known = "INSERT INTO embedders (id, size) VALUES (?, ?) ON CONFLICT (id) DO NOTHING"
        db.execute(known, (embedder, len(next(iter(vectors.values()), ()))))
        for memory, vector in vectors.items():
            db.execute(
                "INSERT INTO vectors (view_id, embedder, vector, seq)"
                " SELECT views.id, number, ?, seq FROM views, embedders"
                " WHERE memory_id = ? AND view = 't' AND embedders.id = ?",
                (vector.astype(np.float16).tobytes(), memory, embedder),
            )

    await database.write(work)


def by_words(store: MemoryStore, kept: Kept, view: View) -> Method:
    """Return BM25 over one view."""

    async def method(question: str) -> list[int]:
        return await store.by_words([kept.scope], view, any_of(terms(question)), DEPTH)

    return method


def by_meaning(nearest: Nearest, kept: Kept, view: View) -> Method:
    """Return cosine over one view."""

    async def method(question: str) -> list[int]:
        (vector,) = await nearest.of([question])
        return [each for each, _ in await nearest.nearest([kept.scope], vector, view, DEPTH)]

    return method


def equal(*methods: Method) -> Method:
    """Return the fusion of several methods with equal weights."""

    async def method(question: str) -> list[int]:
        scores: defaultdict[int, float] = defaultdict(float)
        for each in methods:
            for rank, memory in enumerate(await each(question), 1):
                scores[memory] += 1 / (EQUAL_K + rank)
        return sorted(scores, key=lambda memory: (-scores[memory], -memory))

    return method


def ours(
    database: Database,
    nearest: Nearest,
    kept: Kept,
    tastes: Callable[[str], Taste] = taste,
) -> Method:
    """Return the program's own recall."""
    recall = Recall(database, nearest, nearest, tastes=tastes)

    async def method(question: str) -> list[int]:
        report = await recall.of(question, [kept.scope], BUDGET, now=kept.ended)
        return [each.memory.id for each in report.found]

    return method
