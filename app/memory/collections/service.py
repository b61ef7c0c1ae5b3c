"""Folders and documents as lasting knowledge, kept as they stand on the disk."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from app.domain.errors import AppError
from app.domain.memories import (
    MemoryKind,
    MemorySource,
    MemoryStatus,
    NewMemory,
    Trust,
    folder_scope,
)
from app.domain.memory_errors import MemoriesFileUnfit
from app.memory.collections import rows
from app.memory.collections.passages import Passage
from app.memory.collections.reading import Read, read
from app.memory.collections.rows import Collection, Document
from app.memory.collections.walking import Seen, Walk, walk
from app.memory.store import MemoryStore

log = logging.getLogger(__name__)

# Read and written together: few enough to be ended soon, many enough for one commit.
_TOGETHER: Final = 32
MOST_PASSAGES: Final = 50_000
VANISHED: Final = "It is not there any more; what was read is kept."
EMPTIED: Final = "All its files are gone; what was read is kept until some are there again."
FULL: Final = f"It has more than {MOST_PASSAGES:,} passages; the rest is not read."


class Collections:
    """Owns what is read from folders and documents, and looks whether they changed."""

    def __init__(self, store: MemoryStore, clock: Callable[[], float]) -> None:
        """Keep passages in `store`; `clock` counts seconds since the epoch."""
        self._store = store
        self._clock = clock
        self._one = asyncio.Lock()

    async def list(self) -> tuple[Collection, ...]:
        """Return all collections, with what is wrong in them.

        Raises:
            StorageError: they cannot be read.
        """
        return await self._store.read(rows.collections)

    async def add(self, path: Path, name: str = "", ignored: Sequence[str] = ()) -> Collection:
        """Keep a folder, or one document, as knowledge, and read it.

        Args:
            path: where it is.
            name: of the scope its passages are in; without one, that of the folder.
            ignored: patterns of names that are not read.

        Raises:
            MemoriesFileUnfit: there is nothing that can be read.
            StorageError: it was not stored, or not all of it.
        """
        whole = await asyncio.to_thread(_there, path)
        called = " ".join(name.split()) or whole.name or "documents"
        scope = folder_scope(called)
        new = Collection(id=0, name=called, path=str(whole), scope=scope, ignored=tuple(ignored))
        now = self._clock()
        made = await self._store.derive(lambda db: rows.insert(db, new, now))
        return await self.sync(made)

    async def remove(self, collection_id: int) -> None:
        """Forget a collection with all its passages; the files stay as they are.

        Raises:
            StorageError: not all was forgotten.
        """
        async with self._one:
            known = await self._store.read(lambda db: rows.documents(db, collection_id))
            await self._store.derive(lambda db: rows.drop(db, known.values()))
            await self._sweep()
            await self._store.derive(
                lambda db: db.execute("DELETE FROM collections WHERE id = ?", (collection_id,))
            )

    async def refresh(self) -> None:
        """Look whether something changed, at the start and at idle; never fails."""
        try:
            for each in await self.list():
                await self.sync(each.id)
        except AppError as error:
            log.info("collections are not looked at now: %s", error.message)

    async def sync(self, collection_id: int) -> Collection:
        """Read what is new or changed, and let go what is gone; can be ended at any time.

        Raises:
            MemoriesFileUnfit: there is no such collection.
            StorageError: the rest was not read.
        """
        async with self._one:
            await self._sync(await self._collection(collection_id))
            await self._sweep()
            return await self._collection(collection_id)

    async def _sync(self, collection: Collection) -> None:
        try:
            found = await asyncio.to_thread(walk, Path(collection.path), collection.ignored)
        except OSError:
            await self._say(collection, VANISHED)
            return
        known = await self._store.read(lambda db: rows.documents(db, collection.id))
        if known and not found.files and not found.skipped:
            await self._say(collection, EMPTIED)
            return

        def work(db: sqlite3.Connection) -> None:
            rows.skip(db, collection.id, found.skipped.items())
            rows.drop(db, _gone(known, found))

        await self._store.derive(work)
        is_full = await self._read_all(collection, _changed(known, found.files), known)
        await self._say(collection, FULL if is_full else found.incomplete)

    async def _read_all(
        self, collection: Collection, changed: Iterable[Seen], known: dict[str, Document]
    ) -> bool:
        """Read files that changed; return whether there is no room for all of them."""
        room = MOST_PASSAGES - collection.passages
        for group in _groups(changed):
            if room <= 0:
                return True
            found = await asyncio.to_thread(_read_group, group, known)
            room -= await self._take(collection, found, known)
        return False

    async def _take(
        self, collection: Collection, group: Sequence[Read], known: dict[str, Document]
    ) -> int:
        """Keep what was read of some documents; return how many passages of it are new."""
        settled = [each for each in group if each.is_settled]
        changed = [each for each in settled if _digest(known, each.seen) != each.digest]
        ids = await self._kept(changed, known)
        missing = [
            (read_, number)
            for read_ in changed
            for number, passage in enumerate(read_.passages)
            if (read_.seen.place, number) not in ids
        ]
        new = [_memory(collection, each.passages[number]) for each, number in missing]
        made = await self._store.add(new) if new else ()
        for (each, number), memory in zip(missing, made, strict=True):
            ids[each.seen.place, number] = memory.id
        same = [each for each in settled if each not in changed]
        troubled = [(each.seen.place, each.why) for each in group if not each.is_settled]

        def work(db: sqlite3.Connection) -> None:
            for each in changed:
                place = each.seen.place
                numbers = range(len(each.passages))
                rows.write(db, collection.id, each, [ids[place, number] for number in numbers])
            for each in same:
                rows.touch(db, collection.id, each.seen)
            rows.skip(db, collection.id, troubled)

        await self._store.derive(work)
        return len(made)

    async def _kept(
        self, changed: Sequence[Read], known: dict[str, Document]
    ) -> dict[tuple[str, int], int | None]:
        """Return by place and number which passages are kept already, in which memory."""
        ids: dict[tuple[str, int], int | None] = {}
        for each in changed:
            document = known.get(each.seen.place)
            if document is None:
                continue
            ids |= _matched(each, await self._held(document.id))
        return ids

    async def _held(self, document_id: int) -> Sequence[tuple[str, int | None]]:
        return await self._store.read(lambda db: rows.held(db, document_id))

    async def _sweep(self) -> None:
        if left := await self._store.read(rows.left):
            await self._store.delete(left)
        await self._store.derive(rows.tidy)

    async def _say(self, collection: Collection, why: str) -> None:
        if why != collection.why:
            await self._store.derive(lambda db: rows.say(db, collection.id, why))

    async def _collection(self, collection_id: int) -> Collection:
        found = await self._store.read(lambda db: rows.collections(db, collection_id))
        if not found:
            raise MemoriesFileUnfit(
                "There is no such collection.", remedy="Look at the list again."
            )
        return found[0]


def _there(path: Path) -> Path:
    try:
        whole = path.resolve(strict=True)
        walk(whole)
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", "") or "this is no path"
        raise MemoriesFileUnfit(
            f"{path} cannot be read: {why}.", remedy="Choose a folder or a text file."
        ) from error
    return whole


def _gone(known: dict[str, Document], found: Walk) -> list[Document]:
    """Return documents that are not there; below a folder that cannot be read nothing is gone."""
    there = {each.place for each in found.files} | found.skipped.keys()
    closed = tuple(f"{place}/" for place in found.skipped)
    if found.incomplete:
        return []
    return [
        each for place, each in known.items() if place not in there and not place.startswith(closed)
    ]


def _changed(known: dict[str, Document], files: Iterable[Seen]) -> Iterator[Seen]:
    for seen in files:
        old = known.get(seen.place)
        if old is None or old.gone or (old.modified, old.size) != (seen.modified, seen.size):
            yield seen


def _groups(seen: Iterable[Seen]) -> Iterator[list[Seen]]:
    left = iter(seen)
    while group := list(islice(left, _TOGETHER)):
        yield group


def _read_group(group: Sequence[Seen], known: dict[str, Document]) -> list[Read]:
    return [read(each, _digest(known, each)) for each in group]


def _digest(known: dict[str, Document], seen: Seen) -> str:
    """Return which bytes are known; none where something was wrong when they were looked at."""
    old = known.get(seen.place)
    return "" if old is None or old.gone or not old.modified else old.digest


def _matched(
    read_: Read, before: Sequence[tuple[str, int | None]]
) -> dict[tuple[str, int], int | None]:
    """Return which passages a document had already: the same words, in the order they stand."""
    left: dict[str, list[int | None]] = {}
    for digest, memory in before:
        left.setdefault(digest, []).append(memory)
    found = {}
    for number, passage in enumerate(read_.passages):
        if left.get(passage.digest):
            found[read_.seen.place, number] = left[passage.digest].pop(0)
    return found


def _memory(collection: Collection, passage: Passage) -> NewMemory:
    strange = passage.orders
    return NewMemory(
        scope=collection.scope,
        text=passage.text,
        kind=MemoryKind.PASSAGE,
        source=MemorySource.DOCUMENT,
        trust=Trust.UNTRUSTED if strange else Trust.MODEL,
        status=MemoryStatus.PROPOSED if strange else MemoryStatus.ACTIVE,
        place=passage.place,
        importance=0.4,
    )
