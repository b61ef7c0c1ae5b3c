"""An embedding model that knows nothing but answers always the same, and the store it reads."""

import hashlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

import app.memory
from app.domain.errors import ContextExceeded
from app.domain.events import Event
from app.domain.memories import EVERYWHERE, NewMemory
from app.memory import rows
from app.memory.file import MemoryFile
from app.memory.index.embeddings import Embeddings
from app.memory.index.index import USUAL, How, MemoryIndex
from app.memory.rows import VIEWS, View
from app.memory.store import MemoryStore
from app.platform.bus import Bus
from app.platform.migrations import Migration
from app.platform.storage import Database

SIZE = 8
_SHAPE = (Path(app.memory.__file__).parent / "0001_memories.sql").read_text("utf-8")
SHAPE = (Migration(1, "memories", _SHAPE),)


class Meanings:
    """Makes a vector of each text out of its letters; `fault` is what is raised instead."""

    def __init__(self, model: str = "model-a", size: int = SIZE) -> None:
        self.model = model
        self.size = size
        self.asked: list[str] = []
        self.fault: Exception | None = None
        self.window = 1_000_000
        self.answers: list[list[Sequence[float]]] = []
        self.rests = ""

    @property
    def id(self) -> str:
        return self.model

    def why_not(self) -> str:
        return self.rests

    async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
        if self.fault is not None:
            raise self.fault
        if any(len(text) > self.window for text in texts):
            raise ContextExceeded("too long")
        self.asked += texts
        if self.answers:
            return self.answers.pop(0)
        return [self.vector(text).tolist() for text in texts]

    def vector(self, text: str) -> NDArray[np.float64]:
        """Return the vector of a text, of length 1."""
        seed = hashlib.sha256(f"{self.model}{text}".encode()).digest()
        found = np.random.default_rng(list(seed)).standard_normal(self.size)
        return np.asarray(found / np.linalg.norm(found), np.float64)


class Remembering:
    """A store with its index, as a process has them."""

    def __init__(self, folder: Path, meanings: Embeddings | None = None, how: How = USUAL) -> None:
        self.meanings = meanings or Meanings()
        self.bus = Bus()
        self.events: list[Event] = []
        self.bus.on(Event, self.events.append)
        self.database = Database(folder / "memory.db", folder / "backups", SHAPE)
        self.store = MemoryStore(cast("MemoryFile", self.database), lambda: 0.0, self.bus)
        self.index = MemoryIndex(self.database, folder / "индекс", self.meanings, self.bus, how)

    async def add(self, *texts: str, scope: str = EVERYWHERE) -> list[int]:
        """Keep memories; return their ids."""
        made = await self.store.add([NewMemory(scope=scope, text=each) for each in texts])
        return [each.id for each in made]

    async def remove(self, *ids: int) -> None:
        """Remove memories for good."""

        def work(db: sqlite3.Connection) -> None:
            for each in ids:
                rows.hide(db, each)
                db.execute("DELETE FROM memories WHERE id = ?", (each,))

        await self.database.write(work)

    async def ask(
        self, text: str, limit: int = 5, scopes: Sequence[str] = (EVERYWHERE,), view: View = "t"
    ) -> list[int]:
        """Return the ids of the nearest memories, best first."""
        if not self.index.questions.id:
            return []
        (vector,) = await self.index.questions.of([text])
        return [each[0] for each in await self.index.nearest(scopes, vector, view, limit)]

    async def truth(
        self, text: str, limit: int = 5, scopes: Sequence[str] = (EVERYWHERE,), view: View = "t"
    ) -> list[int]:
        """Return what an exact look at all vectors of the store finds."""
        if not self.index.questions.id:
            return []
        (vector,) = await self.index.questions.of([text])

        def work(db: sqlite3.Connection) -> list[int]:
            marks = ", ".join("?" * len(scopes))
            found = db.execute(
                "SELECT v.memory_id, x.vector FROM views AS v JOIN vectors AS x ON x.view_id = v.id"
                " JOIN embedders AS e ON e.number = x.embedder AND e.serves"
                f" JOIN scopes AS s ON s.id = v.scope_id AND s.name IN ({marks})"
                " WHERE v.view = ?",
                (*scopes, view),
            ).fetchall()
            wanted = np.array(vector, np.float32)
            near = [
                (-float(np.frombuffer(row[1], np.float16).astype(np.float32) @ wanted), row[0])
                for row in found
            ]
            return [memory for _, memory in sorted(near)[:limit]]

        return await self.database.read(work)

    async def forget_everything(self) -> None:
        """Leave the store as a new one."""

        def work(db: sqlite3.Connection) -> None:
            for table in ("memories", "scopes", "embedders", "gone", "sqlite_sequence"):
                db.execute(f"DELETE FROM {table}")
            db.execute("UPDATE counter SET seq = 0")

        await self.database.write(work)

    async def store_texts(self) -> dict[int, str]:
        """Return the texts of all memories by their ids."""
        found = await self.database.read(
            lambda db: db.execute("SELECT id, text FROM memories").fetchall()
        )
        return {row[0]: row[1] for row in found}

    async def is_sound(self) -> bool:
        """Whether the store and the index of its words are whole."""

        def work(db: sqlite3.Connection) -> bool:
            db.execute("INSERT INTO words (words) VALUES ('integrity-check')")
            return bool(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")

        return await self.database.write(work)

    async def agrees(self) -> bool:
        """Whether the shelves in memory hold exactly what the store holds."""
        await self.index.ready()
        await self.index._shelves.follow()
        made_by = self.index._shelves.made_by
        for scope, shelf in self.index._shelves._shelves.items():
            assert made_by is not None
            for view in VIEWS:
                found = await self.database.read(
                    lambda db: db.execute(
                        "SELECT v.id FROM views AS v JOIN vectors AS x ON x.view_id = v.id"
                        " WHERE x.embedder = ? AND v.scope_id = ? AND v.view = ?",
                        (made_by.number, scope, view),  # noqa: B023
                    ).fetchall()
                )
                if shelf.ids[view] != {row[0] for row in found}:
                    return False
        return True


@asynccontextmanager
async def remembering(
    folder: Path, meanings: Embeddings | None = None, how: How = USUAL
) -> AsyncIterator[Remembering]:
    """Open a store with its index, and close both."""
    there = Remembering(folder, meanings, how)
    await there.database.open()
    try:
        await there.index.start()
        try:
            yield there
        finally:
            await there.index.close()
    finally:
        await there.database.close()
