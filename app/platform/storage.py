"""SQLite in one thread of its own: committed means on disk, and no task ever waits for another."""

import asyncio
import errno
import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from app.domain.errors import DiskFull, NotWritable, StorageCorrupt, StorageError
from app.platform.migrations import MIGRATIONS, Migration, migrate

log = logging.getLogger(__name__)

T = TypeVar("T")

_BUSY_MS = 5_000
# With less than this, an unexplained failure to write is a full disk.
_ROOM_BYTES = 128 * 1024
_READ_ONLY = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class Database:
    """One database file. Owns the only connection and the thread that uses it."""

    def __init__(
        self, path: Path, backups: Path, migrations: tuple[Migration, ...] = MIGRATIONS
    ) -> None:
        self._path = path
        self._backups = backups
        self._migrations = migrations
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._connection: sqlite3.Connection | None = None
        self._closed = False

    async def open(self) -> None:
        """Open the file and bring it to the newest shape, with a backup before each change.

        Raises:
            StorageError: the file is damaged, too new, or cannot be written.
        """
        await self._in_thread(self._open)

    async def close(self) -> None:
        """Finish what is queued and close the file; closing twice is fine."""
        if self._closed:
            return
        closing = self._in_thread(self._close)
        self._closed = True
        await closing
        self._thread.shutdown()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the connection and return its result."""
        return await self._in_thread(lambda: self._run(work))

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction; when this returns, the result is on the disk.

        Raises:
            StorageError: nothing was written (DiskFull, NotWritable, StorageCorrupt).
        """
        return await self._in_thread(lambda: self._run_in_transaction(work))

    def _in_thread(self, work: Callable[[], T]) -> asyncio.Future[T]:
        if self._closed:
            raise _closed()
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with _said_plainly(self._path, self._backups):
            return _let_go(work(self._open_connection))

    def _run_in_transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._open_connection
        with _said_plainly(self._path, self._backups):
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = _let_go(work(connection))
                connection.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back by itself, for example when the disk is full.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        return result

    @property
    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise _closed()
        return self._connection

    def _open(self) -> None:
        with _said_plainly(self._path, self._backups):
            connection = sqlite3.connect(self._path, isolation_level=None)
            try:
                _configure(connection)
                migrate(connection, self._path, self._backups, self._migrations)
            except BaseException:
                connection.close()
                raise
            self._connection = connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def storable(text: str) -> str:
    """Return a text that has a place in UTF-8: halves of surrogate pairs become whole or marks."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _configure(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    # An accepted message must survive a power cut, not only a crash of this process.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")  # on macOS nothing less empties the drive's cache
    connection.execute("PRAGMA foreign_keys = ON")


def _let_go(result: T) -> T:
    """Return what a piece of work found; a cursor is closed in the thread it belongs to.

    Dropped elsewhere, it would end its statement while this thread is within another one, and the
    connection would forget that the other one has failed.
    """
    if isinstance(result, sqlite3.Cursor):
        result.close()
    return result


def _closed() -> StorageError:
    return StorageError("The database is closed.", remedy="Start Echelon again.")


@contextmanager
def _said_plainly(path: Path, backups: Path) -> Iterator[None]:
    """Turn the errors of SQLite and of the file system into what happened and what can be done."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(error, path, backups) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _full(path) from error
        raise NotWritable(
            f"{path.parent} cannot be used: {error.strerror}.",
            remedy="Check the folder's rights and the disk, then try again.",
        ) from error


def _translated(error: sqlite3.Error, path: Path, backups: Path) -> StorageError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL"):
        return _full(path)
    if name.startswith(_DAMAGED):
        return StorageCorrupt(
            f"The database {path} is damaged.",
            remedy=f"Move it away; older copies are in {backups}.",
        )
    # SQLite reports a full disk in many ways: no room for its index of the log, for a directory...
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and _without_room(path.parent):
        return _full(path)
    if name.startswith(_READ_ONLY):
        return NotWritable(
            f"Echelon cannot write to {path}.",
            remedy="Give yourself the right to write there, then try again.",
        )
    log.error("the database could not be used", exc_info=error)
    return StorageError(
        f"The database {path} could not be used: {error}.",
        remedy="Try again; if it stays so, start Echelon anew.",
    )


def _full(path: Path) -> DiskFull:
    return DiskFull(
        f"The disk with {path.parent} is full.",
        remedy="Free some space, then try again. Nothing is lost.",
    )


def _without_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _ROOM_BYTES
    except OSError:
        return False
