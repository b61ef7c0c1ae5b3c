"""The ledger's file, in whatever state it is found.

A file that cannot be used (damaged, of a newer program, no file at all) is renamed and kept, and a
fresh one takes its place, at the start as well as midway. What passes by itself (a full disk, a
folder without rights, a lock) leaves the file where it is, and the next row tries again.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

from app.domain.errors import (
    DiskFull,
    NotWritable,
    StorageCorrupt,
    StorageError,
    StorageUnfit,
)
from app.domain.events import NoticeRaised
from app.platform.bus import Bus
from app.platform.migrations import Migration
from app.platform.storage import Database

log = logging.getLogger(__name__)

T = TypeVar("T")

MIGRATIONS: Final = (
    Migration(1, "rows", (Path(__file__).parent / "0001_rows.sql").read_text("utf-8")),
)
SET_ASIDE: Final = "set-aside"
# A disk that damages every file is not given more of them.
MOST_ASIDE: Final = 3
_CHECK: Final = "SELECT id, kind, at, turn_id, body FROM rows ORDER BY id DESC LIMIT 1"


class LedgerFile:
    """Owns the database of the ledger; says on the bus, once, what is wrong with it."""

    def __init__(
        self,
        path: Path,
        backups: Path,
        bus: Bus,
        migrations: tuple[Migration, ...] = MIGRATIONS,
    ) -> None:
        """Keep rows in `path`, and copies from before changes of its form in `backups`."""
        self._path = path
        self._backups = backups
        self._bus = bus
        self._migrations = migrations
        self._database: Database | None = None
        self._one_at_a_time = asyncio.Lock()
        self._closed = False
        self._told = ""
        self.set_aside: list[str] = []
        self.why_off = "it has not been opened"

    async def open(self) -> None:
        """Open the file, so that what is wrong with it is known early; never fails."""
        await self.read(lambda _: None)

    async def close(self) -> None:
        """Close the file; nothing can be read or written afterwards."""
        async with self._one_at_a_time:
            self._closed = True
            if self._database is not None:
                await self._database.close()
                self._database = None

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Return what `work` finds, or None where there is nothing to read from."""
        return await self._tried(lambda database: database.read(work))

    async def write(self, work: Callable[[sqlite3.Connection], None]) -> bool:
        """Run `work` in one transaction; return whether it is on the disk."""

        def told(connection: sqlite3.Connection) -> bool:
            work(connection)
            return True

        return bool(await self._tried(lambda database: database.write(told)))

    async def _tried(self, use: Callable[[Database], Awaitable[T]]) -> T | None:
        async with self._one_at_a_time:
            if self._closed:
                return None
            try:
                found = await self._used(use)
            except StorageError as error:
                self._say_off(error)
                return None
            self.why_off = self._told = ""
            return found

    async def _used(self, use: Callable[[Database], Awaitable[T]]) -> T:
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
        """Find damage and tables of somebody else, as far as one glance shows them."""
        try:
            await database.read(lambda db: db.execute(_CHECK).fetchone())
        except (DiskFull, NotWritable, StorageCorrupt):
            raise
        except StorageError as error:
            raise StorageUnfit(f"{self._path} is no ledger.") from error

    async def _replace(self, error: StorageError) -> None:
        """Rename the file and what belongs to it, and say so.

        Raises:
            StorageError: it cannot be renamed, or this has happened too often.
        """
        if self._database is not None:
            await self._database.close()
            self._database = None
        if len(self.set_aside) >= MOST_ASIDE:
            raise error
        target = self._free_name()
        try:
            # The log goes along: together they can still be looked into.
            for suffix in ("", "-wal", "-shm"):
                file = self._path.with_name(self._path.name + suffix)
                if file.exists():
                    file.rename(target.with_name(target.name + suffix))
        except OSError as refused:
            log.warning("the ledger could not be set aside: %s", refused)
            raise error from refused
        self.set_aside.append(target.name)
        self._tell(
            error.code,
            f"The record of past decisions could not be used and was set aside as {target.name}: "
            f"{error.message}",
            "Chats are not affected; what was learned from it begins anew.",
        )

    def _free_name(self) -> Path:
        number = 1
        while (name := self._path.with_name(f"{self._path.stem}-{SET_ASIDE}-{number}.db")).exists():
            number += 1
        return name

    def _say_off(self, error: StorageError) -> None:
        self.why_off = error.message
        if self._told != error.code:
            self._told = error.code
            words = f"What is decided about questions is not kept for now: {error.message}"
            self._tell(error.code, words, error.remedy)

    def _tell(self, code: str, message: str, remedy: str) -> None:
        log.warning("%s", message)
        self._bus.publish(NoticeRaised(code, message, remedy))
