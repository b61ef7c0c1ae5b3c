"""A database nobody has to wait for, in whatever state its file is found.

A file that cannot be used (damaged, of a newer program, no file at all) is renamed and kept, and a
fresh one takes its place, at the start as well as midway. What passes by itself (a full disk, a
folder without rights, a lock) leaves the file where it is, and the next use tries again.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from app.domain.errors import (
    DiskFull,
    NotWritable,
    StorageCorrupt,
    StorageError,
    StorageUnfit,
)
from app.platform.migrations import Migration
from app.platform.storage import Database

log = logging.getLogger(__name__)

T = TypeVar("T")

SET_ASIDE: Final = "set-aside"
# A disk that damages every file is not given more of them.
MOST_ASIDE: Final = 3
# With it SQLite keeps what it has not yet moved into the file: they only make sense together.
COMPANIONS: Final = ("-wal", "-shm")


class RenewedDatabase:
    """Owns one database file; what is of no use is set aside, and `told` hears of it."""

    def __init__(
        self,
        path: Path,
        backups: Path,
        migrations: Sequence[Migration],
        *,
        glance: Callable[[sqlite3.Connection], object],
        told: Callable[[str, StorageError], None],
    ) -> None:
        """Keep rows in `path`, and copies from before changes of its form in `backups`.

        Args:
            path: the file.
            backups: the folder of copies.
            migrations: the steps to the newest form.
            glance: finds damage and tables of somebody else, as far as one look shows them.
            told: is given the new name of a file that was set aside, and why it was.
        """
        self._path = path
        self._backups = backups
        self._migrations = tuple(migrations)
        self._glance = glance
        self._told = told
        self._database: Database | None = None
        self._one_at_a_time = asyncio.Lock()
        self._closed = False
        self.set_aside: list[str] = []

    async def open(self) -> None:
        """Open the file, so that what is wrong with it is known early.

        Raises:
            StorageError: it cannot be opened now; the next use tries again.
        """
        await self.read(lambda _: None)

    async def close(self) -> None:
        """Close the file; nothing can be read or written afterwards."""
        async with self._one_at_a_time:
            self._closed = True
            await self._let_go()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `work` finds.

        Raises:
            StorageError: there is nothing to read from.
        """
        return await self._used(lambda database: database.read(work))

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction; when this returns, the result is on the disk.

        Raises:
            StorageError: nothing was written.
        """
        return await self._used(lambda database: database.write(work))

    async def _used(self, use: Callable[[Database], Awaitable[T]]) -> T:
        async with self._one_at_a_time:
            if self._closed:
                raise StorageError("The database is closed.", remedy="Start Echelon again.")
            database = self._database or await self._opened()
            try:
                return await use(database)
            except StorageCorrupt as error:
                await self._replace(error)
                return await use(await self._opened())

    async def _opened(self) -> Database:
        try:
            self._database = await self._open_sound()
        except (StorageCorrupt, StorageUnfit) as error:
            await self._replace(error)
            self._database = await self._open_sound()
        return self._database

    async def _open_sound(self) -> Database:
        """Return the open database.

        Raises:
            StorageCorrupt, StorageUnfit: the file is of no use, now and later.
            StorageError: it cannot be opened now.
        """
        if self._path.exists() and not self._path.is_file():
            raise StorageUnfit(f"{self._path} is no file.")
        database = Database(self._path, self._backups, self._migrations)
        try:
            await database.open()
            await self._check(database)
        except BaseException:
            await database.close()
            raise
        return database

    async def _check(self, database: Database) -> None:
        try:
            await database.read(self._glance)
        except (DiskFull, NotWritable, StorageCorrupt):
            raise
        except StorageError as error:
            raise StorageUnfit(f"{self._path} has another content.") from error

    async def _replace(self, error: StorageError) -> None:
        """Rename the file and what belongs to it, and say so.

        Raises:
            StorageError: it cannot be renamed, or this has happened too often.
        """
        await self._let_go()
        if len(self.set_aside) >= MOST_ASIDE:
            raise error
        target = self._free_name()
        try:
            # The log goes along: together they can still be looked into.
            for suffix in ("", *COMPANIONS):
                file = self._path.with_name(self._path.name + suffix)
                if file.exists():
                    file.rename(target.with_name(target.name + suffix))
        except OSError as refused:
            log.warning("%s could not be set aside: %s", self._path, refused)
            raise error from refused
        self.set_aside.append(target.name)
        self._told(target.name, error)

    async def _let_go(self) -> None:
        if self._database is not None:
            await self._database.close()
            self._database = None

    def _free_name(self) -> Path:
        number = 1
        while (name := self._path.with_name(f"{self._path.stem}-{SET_ASIDE}-{number}.db")).exists():
            number += 1
        return name
