"""How a shelf comes to be: from its file where that can be believed, else from the store.

All of it happens beside whoever searches, and the store is read in parts, so that nobody waits
long for the thread of the database.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import Executor
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, TypeVar

from app.memory.index import rows
from app.memory.index.files import Folder, Header, IndexUnfit, Packed, summed
from app.memory.index.lists import Sorting
from app.memory.index.rows import Embedder, Home, Part
from app.memory.index.shelf import Shelf
from app.memory.index.vectors import Vectors
from app.memory.rows import VIEWS, View, seq

T = TypeVar("T")

# So many views are read at once: a few milliseconds of the database's thread.
AT_ONCE: Final = 2_000
# What can be wrong with a file, or with bytes that looked like ours: it is made anew.
FAULTS: Final = (OSError, ValueError, RuntimeError, MemoryError)


@dataclass(frozen=True)
class Builder:
    """Makes shelves. `beside` is the thread that works on what nobody searches yet."""

    database: Home
    folder: Folder
    beside: Executor

    async def shelf(self, made_by: Embedder, scope: int) -> Shelf:
        """Return a scope's shelf, from its file where that can be believed.

        Raises:
            StorageError: the store cannot be read.
        """
        try:
            shelf = await self._kept(made_by, scope)
            if await self._is_true(shelf):
                return shelf
            self.folder.set_aside(scope, "it is not what the store holds")
        except FileNotFoundError:
            pass
        except FAULTS as error:
            self.folder.set_aside(scope, str(error))
        return await self.fresh(made_by, scope, lambda _: None)

    async def fresh(self, made_by: Embedder, scope: int, tell: Callable[[int], None]) -> Shelf:
        """Return a scope's shelf as the store has it; changes that came meanwhile are not in it.

        Args:
            made_by: the model that made the vectors.
            scope: the scope.
            tell: hears how many views were read.

        Raises:
            StorageError: the store cannot be read.
        """
        shelf = Shelf.empty(scope, made_by, await self.database.read(seq))
        async with aclosing(self._parts(made_by, scope)) as parts:
            async for part in parts:
                await self._beside(_put, shelf, part)
                tell(AT_ONCE)
        shelf.fresh = len(shelf)
        return shelf

    async def sorted_into_lists(
        self, made_by: Embedder, scope: int, counts: Mapping[View, int]
    ) -> Shelf:
        """Return a shelf for very many vectors; about so many are expected in each view.

        Raises:
            StorageError: the store cannot be read.
        """
        at = await self.database.read(seq)
        sortings = {view: Sorting(made_by.size, counts[view]) for view in VIEWS}
        async with aclosing(self._parts(made_by, scope)) as parts:
            async for part in parts:
                for view, (_, found) in part.vectors.items():
                    sortings[view].look(found)
        for each in sortings.values():
            await self._beside(each.learn)
        async with aclosing(self._parts(made_by, scope)) as parts:
            async for part in parts:
                for view, (ids, found) in part.vectors.items():
                    await self._beside(sortings[view].take, ids, found)
        vectors = {view: await self._beside(each.tuned) for view, each in sortings.items()}
        shelf = Shelf(scope, made_by, vectors, at)
        shelf.fresh = len(shelf)
        return shelf

    async def _kept(self, made_by: Embedder, scope: int) -> Shelf:
        header, parts = await self._beside(self.folder.read, scope)
        now = await self.database.read(seq)
        if (header.embedder, header.scope, header.size) != (made_by.id, scope, made_by.size):
            raise IndexUnfit("it is of another model or scope")
        if header.seq > now:
            raise IndexUnfit("it has seen changes that the store has not")
        return await self._beside(
            _unpacked, made_by, header, parts, await self._marks(made_by, header)
        )

    async def _marks(self, made_by: Embedder, header: Header) -> dict[int, bytes]:
        wanted = list(header.marks)[:AT_ONCE]
        return await self.database.read(lambda db: rows.vector_marks(db, made_by, wanted))

    async def _is_true(self, shelf: Shelf) -> bool:
        """Bring a shelf up to date and say whether it holds exactly what the store holds."""
        await self._follow(shelf)
        known: dict[View, set[int]] = {view: set() for view in VIEWS}
        after: tuple[int, int] | None = (0, 0)
        while after is not None:
            place = after
            found, after = await self.database.read(
                lambda db: rows.have(db, shelf.made_by, shelf.scope, place, AT_ONCE)  # noqa: B023
            )
            for view, ids in found.items():
                known[view] |= ids
        changes = await self._follow(shelf)
        return all(
            shelf.ids[view] == (known[view] - changes.gone) | set(changes.ids(view))
            for view in VIEWS
        )

    async def _follow(self, shelf: Shelf) -> rows.Changes:
        since = {shelf.scope: shelf.seq}
        found = await self.database.read(lambda db: rows.changes(db, shelf.made_by, since))
        changes = found.get(shelf.scope, rows.Changes(shelf.seq, shelf.seq))
        await self._beside(shelf.apply, changes)
        return changes

    async def _parts(self, made_by: Embedder, scope: int) -> AsyncGenerator[Part, None]:
        after: tuple[int, int] | None = (0, 0)
        while after is not None:
            place = after
            part = await self.database.read(
                lambda db: rows.part(db, made_by, scope, place, AT_ONCE)  # noqa: B023
            )
            yield part
            after = part.after

    async def _beside(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.beside, work, *args)


def _put(shelf: Shelf, part: Part) -> None:
    for view, (ids, found) in part.vectors.items():
        shelf.vectors[view].put(ids, found)


def _unpacked(
    made_by: Embedder, header: Header, parts: Mapping[View, Packed], marks: Mapping[int, bytes]
) -> Shelf:
    if any(summed(vector) != header.marks[view] for view, vector in marks.items()):
        raise IndexUnfit("the store holds other vectors under the same numbers")
    vectors = {view: Vectors.unpacked(parts[view], made_by.size) for view in VIEWS}
    if any(len(vectors[view]) != header.counts[view] for view in VIEWS):
        raise IndexUnfit("it holds another number of vectors than it says")
    return Shelf(header.scope, made_by, vectors, header.seq, kept=True)
