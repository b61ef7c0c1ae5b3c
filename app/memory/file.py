"""The file of memories: it opens in whatever state it is found, and what is wrong is said once."""

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from app.domain.errors import StorageError
from app.domain.events import MemoriesChanged
from app.platform.bus import Bus
from app.platform.migrations import Migration
from app.platform.outage import Outage
from app.platform.renewed import COMPANIONS, RenewedDatabase

log = logging.getLogger(__name__)

T = TypeVar("T")

MIGRATIONS: Final = tuple(
    Migration(number, name, (Path(__file__).parent / f"{number:04}_{name}.sql").read_text("utf-8"))
    for number, name in enumerate(("memories", "studied", "pinned"), start=1)
)
_GLANCE: Final = (
    "SELECT id, digest FROM memories ORDER BY id DESC LIMIT 1",
    "SELECT id, tag FROM views ORDER BY id DESC LIMIT 1",
    "SELECT seq, unclean FROM counter",
)


class MemoryFile:
    """Owns the database of memories. Whoever uses it is told in an error why it cannot be used."""

    def __init__(
        self,
        path: Path,
        backups: Path,
        bus: Bus,
        migrations: tuple[Migration, ...] = MIGRATIONS,
    ) -> None:
        """Keep memories in `path`, and copies from before changes of its form in `backups`."""
        self._path = path
        self._backups = backups
        self._bus = bus
        self._database = RenewedDatabase(
            path, backups, migrations, glance=_prepared, told=self._say_aside
        )
        self._outage = Outage(bus, lambda why: f"Memories cannot be used for now: {why}")

    @property
    def why_off(self) -> str:
        """Why it cannot be used now, '' where it can."""
        return self._outage.why

    @property
    def set_aside(self) -> list[str]:
        """The names of files that could not be used."""
        return self._database.set_aside

    async def open(self) -> None:
        """Open the file, so that what is wrong with it is known early; never fails."""
        with suppress(StorageError):  # said by a notice; every use tries again
            await self.read(lambda _: None)

    async def close(self) -> None:
        """Close the file; nothing can be read or written afterwards."""
        await self._database.close()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `work` finds.

        Raises:
            StorageError: there is nothing to read from.
        """
        return await self._watched(self._database.read(work))

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction; when this returns, the result is on the disk.

        Raises:
            StorageError: nothing was written.
        """
        return await self._watched(self._database.write(work))

    def size(self) -> int:
        """Return how many bytes the file takes on the disk."""
        files = (self._path.with_name(self._path.name + end) for end in ("", *COMPANIONS))
        return sum(file.stat().st_size for file in files if file.is_file())

    def forget_copies(self) -> None:
        """Remove copies from before changes of form: they may hold what was deleted since."""
        for copy in self._backups.glob("echelon-v*.db"):
            try:
                copy.unlink()
            except OSError as error:
                log.warning("a copy of the memories could not be removed: %s", error)

    async def _watched(self, use: Awaitable[T]) -> T:
        try:
            found = await use
        except StorageError as error:
            self._outage.begin(error)
            raise
        self._outage.end()
        return found

    def _say_aside(self, name: str, error: StorageError) -> None:
        self._outage.tell(
            error.code,
            f"The memories could not be used and were set aside as {name}: {error.message}",
            "Chats are not affected; memories begin anew. The file is kept.",
        )
        self._bus.publish(MemoriesChanged(0))


def _prepared(db: sqlite3.Connection) -> None:
    """Look whether these are memories; from now on, what is deleted is overwritten."""
    db.execute("PRAGMA secure_delete = ON")
    for look in _GLANCE:
        db.execute(look).fetchone()
