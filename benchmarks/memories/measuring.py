"""One size: fill a store, find in it, close it, come back to it in several ways."""

import gc
import shutil
import sqlite3
from collections.abc import Awaitable, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np
import psutil
from numpy.typing import NDArray

from app.domain.memories import EVERYWHERE
from app.memory.index import rows
from app.memory.index.vectors import library
from app.memory.recall.recall import Recall
from app.memory.rows import View
from benchmarks.memories.figures import Figures, Taken
from benchmarks.memories.made import SIZE, Given, Matrix, Meanings, Silent, Words
from tests.fakes.meanings import Remembering, remembering

NEAREST = 10
# Of each list that recall takes.
DEPTH = 50
AT_ONCE = 1_000
# Tokens of what is given to a model.
BUDGET = 800
# So large a part of the memories comes, and goes, between the last save and the kill.
CHANGED = 0.01


async def measured(folder: Path, count: int, questions: int, seed: int) -> Figures:
    """Return the figures of one size."""
    words, meanings = Words(seed), Meanings(count, seed)
    async with _there(folder) as there:
        await _fill(there, words, meanings, count)
        library()
        resident = _resident()
        built_s = await _timed(_first(there))
        gc.collect()
        resident = _resident() - resident
        asked = meanings.vectors(questions)
        recall = (await _recall(there, asked, "t"), await _recall(there, asked, "w"))
        one, both, whole = await _searches(there, asked, words)
        for shelf in there.index._shelves._shelves.values():
            shelf.fresh += 1
        saved_s = await _timed(there.index.save())
        size = there.index.bytes
    read_s = await _start(folder)
    replayed_s = await _after_a_kill(folder, words, meanings, count)
    for each in _index(folder).glob("*.index"):
        each.unlink()
    anew_s = await _start(folder)
    return Figures(
        count,
        recall,
        one,
        both,
        whole,
        resident,
        size,
        built_s,
        saved_s,
        read_s,
        replayed_s,
        anew_s,
    )


def _there(folder: Path) -> AbstractAsyncContextManager[Remembering]:
    return remembering(folder, Silent())


async def _fill(there: Remembering, words: Words, meanings: Meanings, count: int) -> None:
    made = words.memories(count, EVERYWHERE)
    while some := list(islice(made, AT_ONCE)):
        await there.store.add(some)
    await _embed(there, meanings)


async def _embed(there: Remembering, meanings: Meanings) -> None:
    """Give a vector to every view that has none."""

    def work(db: sqlite3.Connection) -> int:
        model = rows.register(db, Silent.id, SIZE)
        last = rows.last_view(db)
        waiting = [each.id for each in rows.waiting(db, model.number, 0, last, 20 * AT_ONCE)]
        vectors = meanings.vectors(len(waiting))
        rows.keep(db, model.number, dict(zip(waiting, vectors, strict=True)))
        return len(waiting)

    while await there.database.write(work):
        pass
    there.index._shelves.made_by = await there.database.read(rows.serving)


async def _recall(there: Remembering, asked: Matrix, view: View) -> float:
    """Return how many of the ten nearest are found."""
    best = await _exact(there, asked, view)
    hits = 0
    for vector, wanted in zip(asked, best, strict=True):
        found = await there.index.nearest([EVERYWHERE], vector.tolist(), view, NEAREST)
        hits += len({each[0] for each in found} & set(wanted))
    return hits / (NEAREST * len(asked))


async def _exact(there: Remembering, asked: Matrix, view: View) -> list[list[int]]:
    """Return the nearest memories by looking at all vectors of the store."""
    model = await there.database.read(rows.serving)
    (scope,) = await there.database.read(rows.scopes)
    assert model is not None
    values = np.zeros((len(asked), 0), np.float32)
    ids: NDArray[np.int64] = np.zeros((len(asked), 0), np.int64)
    after: tuple[int, int] | None = (0, 0)
    while after is not None:
        place = after
        part = await there.database.read(
            lambda db: rows.part(db, model, scope, place, 20 * AT_ONCE)  # noqa: B023
        )
        some, found = part.vectors[view]
        values = np.concatenate([values, asked @ found.T], axis=1)
        ids = np.concatenate([ids, np.broadcast_to(some, (len(asked), len(some)))], axis=1)
        order = np.argsort(-values, axis=1)[:, :NEAREST]
        values = np.take_along_axis(values, order, axis=1)
        ids = np.take_along_axis(ids, order, axis=1)
        after = part.after
    views = sorted(set(ids.ravel().tolist()))
    owners = await there.database.read(lambda db: rows.memories_of(db, views))
    return [[owners[each] for each in row] for row in ids.tolist()]


async def _searches(
    there: Remembering, asked: Matrix, words: Words
) -> tuple[tuple[float, float], ...]:
    """Return what one search takes, those of both views, and these with the words."""
    one, both, whole = [], [], []
    for vector in asked.tolist():
        began = perf_counter()
        await there.index.nearest([EVERYWHERE], vector, "t", DEPTH)
        half = perf_counter()
        await there.index.nearest([EVERYWHERE], vector, "w", DEPTH)
        one.append(1000 * (half - began))
        both.append(1000 * (perf_counter() - began))
    for vector in asked.tolist():
        question = words.text(5, 13)
        began = perf_counter()
        await _whole(there, question, vector)
        whole.append(1000 * (perf_counter() - began))
    found = [Taken.of(each) for each in (one, both, whole)]
    return tuple((each.middle, each.nearly_all) for each in found)


async def _whole(there: Remembering, question: str, vector: Sequence[float]) -> None:
    """Recall, with the vector of the question at hand."""
    recall = Recall(there.database, there.index, Given(vector))
    report = await recall.of(question, [EVERYWHERE], BUDGET, now=0.0)
    assert report.found, report
    assert not report.lexical, report


async def _after_a_kill(folder: Path, words: Words, meanings: Meanings, count: int) -> float:
    """Return how long a start takes that has to follow what no file has seen."""
    index, kept = _index(folder), folder / "kept"
    shutil.copytree(index, kept)
    some = max(1, int(CHANGED * count))
    async with _there(folder) as there:
        await there.remove(*range(1, some + 1))
        await there.store.add(list(words.memories(some, EVERYWHERE)))
        await _embed(there, meanings)
    shutil.rmtree(index)
    kept.rename(index)
    return await _start(folder)


async def _start(folder: Path) -> float:
    """Return how long it takes from the start until questions are answered."""
    async with _there(folder) as there:
        took = await _timed(_first(there))
        assert await there.agrees()
        return took


async def _first(there: Remembering) -> None:
    """Wait until the first question is answered."""
    await there.index.catch_up()
    assert len(await there.index.nearest([EVERYWHERE], [1.0] * SIZE, "t", NEAREST)) == NEAREST


async def _timed(work: Awaitable[None]) -> float:
    began = perf_counter()
    await work
    return perf_counter() - began


def _index(folder: Path) -> Path:
    return folder / "индекс"


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)
