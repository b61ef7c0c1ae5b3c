"""The memories on disk: the only truth. Whoever writes them does it here."""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from app.domain.errors import StorageError
from app.domain.events import MemoriesChanged
from app.domain.memories import (
    Act,
    ChatScope,
    Filter,
    Happened,
    Imported,
    Memory,
    MemoryStatus,
    Meter,
    NewMemory,
    Page,
)
from app.memory import changing, chats, exchange, finding, history, merging, removal, rows
from app.memory.file import MemoryFile
from app.memory.intake import clean, taken
from app.memory.removal import Removed
from app.platform.bus import Bus

log = logging.getLogger(__name__)

T = TypeVar("T")

_LIVING = (MemoryStatus.ACTIVE, MemoryStatus.PROPOSED)
_PUT_AWAY = (MemoryStatus.ARCHIVED, MemoryStatus.SUPERSEDED)


class MemoryStore:
    """Owns the tables of memories; publishes MemoriesChanged after every write.

    What it answers was read from the disk. Every method raises StorageError where the disk does
    not play along; then nothing was written.
    """

    def __init__(
        self,
        home: MemoryFile,
        clock: Callable[[], float],
        bus: Bus,
        usual: Callable[[], ChatScope] = ChatScope,
    ) -> None:
        """Keep memories in `home`.

        Args:
            home: where the rows are.
            clock: counts seconds since the epoch.
            bus: is told of every write.
            usual: how far the memory of a chat reaches of which nothing else was said.
        """
        self._home = home
        self._clock = clock
        self._bus = bus
        self._usual = usual

    async def open(self) -> None:
        """Open the file, archive what is over, finish what was deleted; never fails."""
        await self._home.open()
        try:
            await self.expire()
            await self._scrub()
        except StorageError as error:
            log.info("the memories are not open: %s", error.message)

    async def close(self) -> None:
        """Close the file; nothing can be asked afterwards."""
        await self._home.close()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the rows: for whoever makes what is derived from them (index, recall)."""
        return await self._home.read(work)

    async def derive(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction that changes no memory, only what is made from them."""
        return await self._home.write(work)

    async def add(self, new: Sequence[NewMemory]) -> tuple[Memory, ...]:
        """Store memories, all or none, without the secrets in them; return one for each.

        Words that are kept already in the same scope are counted and not kept twice.

        Raises:
            MemoryRefused: one has no words, too many, or belongs nowhere.
            MemoryMissing: what one should replace was deleted.
        """

        def work(db: sqlite3.Connection) -> tuple[Memory, ...]:
            now = self._clock()
            ids = [merging.add(db, taken(each, now), now)[0] for each in new]
            found = rows.memories(db, ids)
            return tuple(found[each] for each in ids)

        return await self._write(work)

    async def get(self, memory_id: int) -> Memory | None:
        """Return one memory, or None where there is none."""
        return await self._home.read(lambda db: rows.memory(db, memory_id))

    async def many(self, ids: Sequence[int]) -> dict[int, Memory]:
        """Return memories by id; those that are gone are left out."""
        return await self._home.read(lambda db: rows.memories(db, ids))

    async def find(self, wanted: Filter) -> Page:
        """Return one page of the memories that are wanted."""
        plain = _plain(wanted)
        return await self._home.read(lambda db: finding.page(db, plain))

    async def ids(self, wanted: Filter) -> tuple[int, ...]:
        """Return the ids of all memories that are wanted, on whatever page."""
        plain = _plain(wanted)
        return await self._home.read(lambda db: finding.ids(db, plain))

    async def change(self, memory_id: int, **fields: Any) -> Memory:  # noqa: ANN401 - checked there
        """Change text, kind, scope, pinned, importance, event_at, expires_at or status.

        Raises:
            MemoryMissing: it was deleted.
            MemoryRefused: it cannot be changed like this.
        """

        def work(db: sqlite3.Connection) -> Memory:
            changing.change(db, memory_id, fields, self._clock())
            return merging.wanted(db, memory_id)

        return await self._write(work)

    async def archive(self, ids: Iterable[int]) -> None:
        """Put memories away: they are kept and not recalled."""
        await self._turn(ids, _LIVING, MemoryStatus.ARCHIVED, Act.ARCHIVED)

    async def restore(self, ids: Iterable[int]) -> None:
        """Take memories out of the archive, or out of what was replaced."""
        await self._turn(ids, _PUT_AWAY, MemoryStatus.ACTIVE, Act.RESTORED)

    async def accept(self, ids: Iterable[int]) -> None:
        """Take over what was proposed: the user stands for it now."""
        await self._turn(ids, (MemoryStatus.PROPOSED,), MemoryStatus.ACTIVE, Act.ACCEPTED)

    async def refuse(self, ids: Iterable[int]) -> None:
        """Put away what was proposed; the same words are not proposed again."""
        await self._turn(ids, (MemoryStatus.PROPOSED,), MemoryStatus.ARCHIVED, Act.REFUSED)

    async def delete(self, ids: Sequence[int]) -> Removed:
        """Delete memories for good, with what they had replaced: no byte of them stays on the disk.

        Returns:
            What `undo` needs; it is in memory only.
        """
        removed = await self._write(lambda db: removal.remove(db, ids, self._clock()))
        try:
            await self._scrub()
        except StorageError as error:  # they are gone; the next start goes on with their bytes
            log.warning("deleted words may still be in the file: %s", error.message)
        return removed

    async def undo(self, removed: Removed) -> None:
        """Bring back what was deleted."""
        await self._write(lambda db: removal.bring_back(db, removed, self._clock()))

    async def merge(self, keep: int, others: Sequence[int], text: str | None = None) -> Memory:
        """Let one memory stand for several of its scope, with other words if they are given.

        Raises:
            MemoryMissing: one was deleted.
            MemoryRefused: they do not belong together, or the text cannot be kept.
        """

        def work(db: sqlite3.Connection) -> Memory:
            now = self._clock()
            merging.merge(db, keep, others, now)
            if text is not None:
                changing.change(db, keep, {"text": text}, now)
            return merging.wanted(db, keep)

        return await self._write(work)

    async def supersede(self, old: int, new: NewMemory) -> Memory:
        """Store what is true now in place of what was; the old one becomes history.

        Raises:
            MemoryMissing: the old one was deleted.
            MemoryRefused: the new one cannot be kept.
        """
        (made,) = await self.add((new.model_copy(update={"supersedes": old}),))
        return made

    async def used(self, ids: Sequence[int]) -> None:
        """Count that memories were given to a model."""
        now = self._clock()

        def work(db: sqlite3.Connection) -> None:
            db.execute(
                "UPDATE memories SET uses = uses + 1, used_at = max(coalesce(used_at, 0), ?)"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (now, rows.many(ids)),
            )

        await self._write(work)

    async def expire(self) -> None:
        """Archive what no longer matters; every write does it, too."""
        await self._write(lambda _: None)

    async def history(self, memory_id: int | None = None, limit: int = 200) -> tuple[Happened, ...]:
        """Return what was done to one memory or to all, the newest first."""
        return await self._home.read(lambda db: history.happened(db, memory_id, limit))

    async def export(self, target: Path, wanted: Filter) -> int:
        """Write memories as lines of JSON, all pages; return how many. Complete, or not there.

        Raises:
            MemoriesFileUnfit: the file cannot be written.
        """
        plain = _plain(wanted)
        now = self._clock()
        return await self._home.read(lambda db: exchange.write(db, target, plain, now))

    async def import_(self, source: Path, *, trusted: bool = False) -> Imported:
        """Take memories from a file, all that can be taken or none; bad lines are told.

        Args:
            source: lines of JSON, as `export` writes them; at least a text each.
            trusted: take them as they are. Else they are proposed, and of no trust.

        Raises:
            MemoriesFileUnfit: nothing can be taken from this file.
        """
        now = self._clock()
        found = await exchange.read(source, now, trusted=trusted)
        return await self._write(lambda db: exchange.take(db, found, now))

    async def meter(self, index: Path | None = None) -> Meter:
        """Return what memories take; `index` is the folder of what makes them findable."""
        size = self._home.size
        return await self._home.read(lambda db: finding.meter(db, size(), _size(index)))

    async def scope_of(self, conversation_id: str) -> ChatScope:
        """Return how far the memory of a chat reaches."""
        found = await self._home.read(lambda db: chats.scope_of(db, clean(conversation_id)))
        return self._usual() if found is None else found

    async def set_scope(self, conversation_id: str, scope: ChatScope) -> None:
        """Say how far the memory of a chat reaches."""
        await self._write(lambda db: chats.set_scope(db, clean(conversation_id), scope))

    async def by_words(
        self, scopes: Sequence[str], view: rows.View, query: str, limit: int
    ) -> list[int]:
        """Return the ids of the memories of these scopes that fit an FTS5 query, best first.

        What expired since the last write is still among them.
        """

        def work(db: sqlite3.Connection) -> list[int]:
            return rows.by_words(db, rows.scope_ids(db, scopes), view, query, limit)

        return await self._home.read(work)

    async def _turn(
        self, ids: Iterable[int], of: Sequence[MemoryStatus], to: MemoryStatus, act: Act
    ) -> None:
        """Give those memories another status that have one of these; others are left alone."""

        def work(db: sqlite3.Connection) -> None:
            for found in rows.memories(db, ids).values():
                if found.status in of:
                    changing.turn(db, found.id, to, act, self._clock())

        await self._write(work)

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction, after what is over was archived; tell of it."""

        def numbered(db: sqlite3.Connection) -> tuple[T, int]:
            changing.expire(db, self._clock())
            return work(db), rows.seq(db)

        result, seq = await self._home.write(numbered)
        self._bus.publish(MemoriesChanged(seq))
        return result

    async def _scrub(self) -> None:
        """Overwrite what was deleted: in the words' index, in the file, and in its log."""
        unclean = await self._home.read(
            lambda db: db.execute("SELECT unclean FROM counter").fetchone()[0]
        )
        if not unclean:
            return
        self._home.forget_copies()
        # The index of words keeps deleted ones in older parts of itself until these are joined.
        await self._home.write(
            lambda db: db.execute("INSERT INTO words (words) VALUES ('optimize')")
        )
        busy = await self._home.read(
            lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        )
        if not busy:  # else another process still reads what was; the next delete or start goes on
            await self._home.write(lambda db: db.execute("UPDATE counter SET unclean = 0"))


def _plain(wanted: Filter) -> Filter:
    scopes = None if wanted.scopes is None else tuple(clean(each) for each in wanted.scopes)
    return wanted.model_copy(update={"text": clean(wanted.text), "scopes": scopes})


def _size(folder: Path | None) -> int:
    files = folder.rglob("*") if folder is not None else ()
    return sum(file.stat().st_size for file in files if file.is_file())
