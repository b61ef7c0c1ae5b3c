"""The shelves in memory: which there are, that they follow the store, and that they are saved.

One thread searches and changes them; another makes new ones, which are swapped in. Every question
first brings what it searches up to date with the store, and what it finds is looked up there: an
answer never comes from an index that differs from the store.
"""

import asyncio
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from app.domain.errors import AppError
from app.memory.index import rows
from app.memory.index.building import FAULTS, Builder
from app.memory.index.files import Folder
from app.memory.index.lists import lists_for
from app.memory.index.rows import Changes, Embedder, Home
from app.memory.index.shelf import Shelf, best
from app.memory.index.vectors import Matrix
from app.memory.rows import VIEWS, View, seq
from app.platform.tasks import TaskOwner

log = logging.getLogger(__name__)

T = TypeVar("T")

CLOSING_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """From which sizes on something is done.

    A scope of up to `small` views is read from the store when it is asked, and never saved; so many
    such scopes stay in memory. Above `flat` vectors a view is sorted into lists. A file is written
    after `changes`, or a quarter of all if that is more.
    """

    small: int = 2_000
    small_scopes: int = 64
    flat: int = 250_000
    changes: int = 5_000


@dataclass(frozen=True, slots=True)
class _Look:
    """What the store says of the scopes that are asked, and which model serves."""

    made_by: Embedder | None
    scopes: tuple[int, ...]
    changes: Mapping[int, Changes]
    small: tuple[int, ...]


class Shelves:
    """Owns all shelves of the model that serves."""

    def __init__(self, database: Home, folder: Folder, sizes: Sizes) -> None:
        """Begin without shelves, on the store's database."""
        self._database = database
        self._folder = folder
        self._sizes = sizes
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="index, beside")
        self._builder = Builder(database, folder, self._beside)
        self._shelves: OrderedDict[int, Shelf] = OrderedDict()
        self._loads: dict[int, asyncio.Task[None]] = {}
        self._large: set[int] = set()
        self._making = 0
        self._tasks = TaskOwner()
        self._saving = asyncio.Lock()
        self.made_by: Embedder | None = None
        self.unsaved = ""

    async def open(self) -> None:
        """Begin to read the files there are; questions need not wait for it.

        Raises:
            StorageError: the store cannot be read.
        """
        self.made_by, known = await self._database.read(
            lambda db: (rows.serving(db), rows.scopes(db))
        )
        files = self._folder.scopes()
        self._folder.remove([each for each in files if each not in known or not self.made_by])
        for scope in files if self.made_by else ():
            if scope in known:
                self._load(scope)

    async def close(self) -> None:
        """End what is being made, save, and let the threads end."""
        self.made_by = None
        await self._tasks.close(CLOSING_S)
        await self.save()
        self._worker.shutdown()
        self._beside.shutdown()

    @property
    def loading(self) -> bool:
        """Whether large shelves are being made, for which questions do not wait."""
        return bool(self._large)

    async def ready(self) -> None:
        """Wait until all shelves are there that are being made."""
        while self._loads:
            await asyncio.wait(list(self._loads.values()))

    async def nearest(
        self, names: Sequence[str], vector: Matrix, view: View, limit: int
    ) -> list[tuple[int, float]]:
        """Return the memories of these scopes that are nearest, with their cosines, best first.

        Raises:
            StorageError: the store cannot be read.
        """
        made_by = self.made_by
        if made_by is None or limit < 1 or not names:
            return []
        look = await self._looked(made_by, names)
        if look.made_by != made_by:
            return []
        for scope in look.small:
            await asyncio.wait([self._load(scope, small=True)])
        there = {scope: self._shelves.get(scope) for scope in look.scopes}
        shelves = [each for each in there.values() if each and each.made_by == made_by]
        for scope, shelf in there.items():
            if shelf is not None:
                self._shelves.move_to_end(scope)
            elif scope not in look.small:
                self._load(scope)
        found, broken = await self._work(_search, shelves, look.changes, vector, view, limit)
        for shelf in broken:
            self._discard(shelf)
        views = [each[0] for each in found]
        owners = await self._database.read(lambda db: rows.memories_of(db, views))
        return [(owners[view_id], value) for view_id, value in found if view_id in owners]

    async def gather(self) -> None:
        """Make the shelves of all large scopes, so that no question has to do without them.

        Raises:
            StorageError: the store cannot be read.
        """
        most = self._sizes.small
        for scope in await self._database.read(lambda db: rows.large_scopes(db, most)):
            if scope not in self._shelves and self.made_by is not None:
                self._load(scope)
        await self.ready()

    async def follow(self) -> None:
        """Bring all shelves up to date, and save those with many changes.

        Raises:
            StorageError: the store cannot be read.
        """
        self._serve(await self._database.read(rows.serving))
        made_by = self.made_by
        if made_by is None:
            return
        shelves = list(self._shelves.values())
        since = {each.scope: each.seq for each in shelves}
        changes = await self._database.read(lambda db: rows.changes(db, made_by, since))
        for shelf in await self._work(_follow, shelves, changes):
            self._discard(shelf)
        for shelf in shelves:
            if shelf.fresh >= max(self._sizes.changes, len(shelf) // 4):
                await self.save()
                break

    async def save(self) -> None:
        """Write what files have not seen; then forget removed views that all files have seen.

        A folder that cannot be written to is told by `unsaved`; the store has everything.
        """
        async with self._saving:
            if not self._folder.is_ours:
                return
            try:
                for shelf in list(self._shelves.values()):
                    await self._save(shelf)
                await self._forget_gone()
                self.unsaved = ""
            except (OSError, AppError, MemoryError) as error:
                log.warning("the index of memories was not saved: %s", error)
                self.unsaved = str(error)

    async def rebuild(self, tell: Callable[[int], None]) -> None:
        """Make all shelves anew from the store; the present ones serve until then.

        Args:
            tell: hears how many views were read.

        Raises:
            StorageError: the store cannot be read.
        """
        await self.ready()
        if (made_by := self.made_by) is not None:
            with self._made():
                for scope in [*self._shelves]:
                    made = await self._builder.fresh(made_by, scope, tell)
                    if self.made_by == made_by:
                        self._shelves[scope] = made
        await self.save()

    async def switch(self, made_by: Embedder, tell: Callable[[int], None]) -> None:
        """Let another model serve, once its shelves are made.

        Args:
            made_by: the model; every view has its vector.
            tell: hears how many views were read.

        Raises:
            StorageError: the store cannot be read or written; the former model serves.
        """
        await self.ready()
        with self._made():
            made = [await self._builder.fresh(made_by, each, tell) for each in [*self._shelves]]
            await self._database.write(lambda db: rows.serve(db, made_by.number))
            self.made_by = made_by
            self._shelves = OrderedDict((each.scope, each) for each in made)
        self._folder.remove(self._folder.scopes())
        await self.save()

    async def improve(self) -> None:
        """Sort those views into lists that have grown too large to be looked at as a whole.

        Raises:
            StorageError: the store cannot be read.
        """
        for shelf in list(self._shelves.values()):
            if any(self._outgrown(shelf, view) for view in VIEWS):
                counts = {view: len(each) for view, each in shelf.vectors.items()}
                with self._made():
                    made = await self._builder.sorted_into_lists(shelf.made_by, shelf.scope, counts)
                    made.kept = shelf.kept
                    if self._shelves.get(shelf.scope) is shelf:
                        self._shelves[shelf.scope] = made

    @contextmanager
    def _made(self) -> Iterator[None]:
        """While a shelf is made, removed views are not forgotten: it may have read them before."""
        self._making += 1
        try:
            yield
        finally:
            self._making -= 1

    def _outgrown(self, shelf: Shelf, view: View) -> bool:
        vectors = shelf.vectors[view]
        if len(vectors) <= self._sizes.flat:
            return False
        # Lists are made anew when there are more than twice as many vectors as when they were made.
        return lists_for(len(vectors)) > 1.5 * vectors.lists

    async def _looked(self, made_by: Embedder, names: Sequence[str]) -> _Look:
        since = {scope: shelf.seq for scope, shelf in self._shelves.items()}
        most = self._sizes.small

        def look(db: sqlite3.Connection) -> _Look:
            scopes = rows.numbers(db, names)
            known = {scope: since[scope] for scope in scopes if scope in since}
            unknown = [scope for scope in scopes if scope not in since]
            small = [each for each in unknown if rows.reach(db, each, most + 1) <= most]
            changes = rows.changes(db, made_by, known)
            return _Look(rows.serving(db), scopes, changes, tuple(small))

        found = await self._database.read(look)
        self._serve(found.made_by)
        return found

    def _serve(self, made_by: Embedder | None) -> None:
        """Follow the store where another process, or another file, has another model serve."""
        if self.made_by not in (None, made_by):
            self.made_by = made_by
            self._shelves.clear()

    def _load(self, scope: int, *, small: bool = False) -> asyncio.Task[None]:
        """Begin to make a shelf, once at a time."""
        if scope not in self._loads:
            task = self._tasks.spawn(self._loaded(scope), name="make an index")
            self._loads[scope] = task
            self._large |= set() if small else {scope}
            task.add_done_callback(lambda _: self._load_ended(scope))
        return self._loads[scope]

    def _load_ended(self, scope: int) -> None:
        self._loads.pop(scope, None)
        self._large.discard(scope)

    async def _loaded(self, scope: int) -> None:
        made_by = self.made_by
        if made_by is None:
            return
        try:
            shelf = await self._builder.shelf(made_by, scope)
        except AppError as error:
            log.warning("the index of scope %d cannot be made: %s", scope, error)
            return
        if self.made_by == made_by:
            self._shelves[scope] = shelf
            self._make_room()

    def _make_room(self) -> None:
        small = [each for each in self._shelves.values() if len(each) <= self._sizes.small]
        for shelf in small[: -self._sizes.small_scopes]:
            del self._shelves[shelf.scope]

    def _discard(self, shelf: Shelf) -> None:
        """Make a shelf anew that cannot be used."""
        if self._shelves.get(shelf.scope) is shelf:
            del self._shelves[shelf.scope]
            self._folder.set_aside(shelf.scope, "it could not be used")
            self._load(shelf.scope)

    async def _save(self, shelf: Shelf) -> None:
        if len(shelf) <= self._sizes.small:
            self._folder.remove([shelf.scope] if shelf.kept else [])
            shelf.kept = False
            return
        if not shelf.fresh:
            return
        newest = await self._work(shelf.newest)
        marks = await self._database.read(lambda db: rows.vector_marks(db, shelf.made_by, newest))
        written = shelf.fresh
        header, parts = await self._work(shelf.packed, marks)
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._beside, self._folder.write, header, parts)
        except BaseException:
            shelf.fresh += written
            raise

    async def _forget_gone(self) -> None:
        scopes = await self._database.read(rows.gone_scopes)
        if not scopes or self._making:
            return
        now = await self._database.read(seq)
        files = set(self._folder.scopes())
        seen: dict[int, int] = {}
        for scope in scopes:
            shelf = self._shelves.get(scope)
            if scope in self._loads or (shelf is None and scope in files):
                continue
            if shelf is None or not shelf.fresh or not shelf.kept:
                seen[scope] = now if shelf is None else shelf.seq
        if seen:
            await self._database.write(lambda db: rows.forget_gone(db, seen))

    async def _work(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, partial(work, *args))


def _search(
    shelves: Sequence[Shelf],
    changes: Mapping[int, Changes],
    vector: Matrix,
    view: View,
    limit: int,
) -> tuple[list[tuple[int, float]], list[Shelf]]:
    """Return the nearest of all shelves, and the shelves that are broken."""
    broken = _follow(shelves, changes)
    found: list[list[tuple[int, float]]] = []
    for shelf in shelves:
        if shelf not in broken:
            try:
                found.append(shelf.near(vector, view, limit))
            except FAULTS:
                log.exception("a search came to nothing")
                broken.append(shelf)
    return best(found, limit), broken


def _follow(shelves: Sequence[Shelf], changes: Mapping[int, Changes]) -> list[Shelf]:
    """Bring shelves up to date; return those that are broken."""
    broken: list[Shelf] = []
    for shelf in shelves:
        try:
            if shelf.scope in changes:
                shelf.apply(changes[shelf.scope])
        except FAULTS:
            log.exception("an index could not follow the store")
            broken.append(shelf)
    return broken
