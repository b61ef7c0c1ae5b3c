"""The memories on disk: the only truth. Whoever writes them does it here."""

import sqlite3
from collections.abc import Callable, Sequence

from app.domain.memories import Memory, NewMemory
from app.memory import rows
from app.platform.storage import Database


class MemoryStore:
    """Owns the tables of memories. Everything it answers was read from the disk."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """Keep memories in `database`; `clock` counts seconds since the epoch."""
        self._database = database
        self._clock = clock

    async def add(self, new: Sequence[NewMemory]) -> tuple[Memory, ...]:
        """Store memories, all or none; words that are kept already are not kept twice.

        Raises:
            StorageError: nothing was stored.
        """

        def work(db: sqlite3.Connection) -> tuple[Memory, ...]:
            ids = [self._added(db, each) for each in new]
            found = rows.memories(db, ids)
            return tuple(found[each] for each in ids)

        return await self._database.write(work)

    async def get(self, memory_id: int) -> Memory | None:
        """Return one memory, or None where there is none."""
        return await self._database.read(lambda db: rows.memory(db, memory_id))

    async def by_words(
        self, scopes: Sequence[str], view: rows.View, query: str, limit: int
    ) -> list[int]:
        """Return the ids of the memories of these scopes that fit an FTS5 query, best first."""

        def work(db: sqlite3.Connection) -> list[int]:
            return rows.by_words(db, rows.scope_ids(db, scopes), view, query, limit)

        return await self._database.read(work)

    def _added(self, db: sqlite3.Connection, new: NewMemory) -> int:
        known = rows.same(db, rows.scope_id(db, new.scope), new.text, new.kind)
        return known if known is not None else rows.insert(db, new, self._clock())
