"""The ledger's file: what goes wrong with it is said once, and stops nobody."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

from app.domain.errors import StorageError
from app.platform.bus import Bus
from app.platform.migrations import Migration
from app.platform.outage import Outage
from app.platform.renewed import RenewedDatabase

T = TypeVar("T")

MIGRATIONS: Final = (
    Migration(1, "rows", (Path(__file__).parent / "0001_rows.sql").read_text("utf-8")),
)
_GLANCE: Final = "SELECT id, kind, at, turn_id, body FROM rows ORDER BY id DESC LIMIT 1"


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
        self._database = RenewedDatabase(
            path,
            backups,
            migrations,
            glance=lambda db: db.execute(_GLANCE).fetchone(),
            told=self._say_aside,
        )
        self._closed = False
        self._outage = Outage(
            bus, lambda why: f"What is decided about questions is not kept for now: {why}"
        )

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
        await self.read(lambda _: None)

    async def close(self) -> None:
        """Close the file; nothing can be read or written afterwards."""
        self._closed = True
        await self._database.close()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Return what `work` finds, or None where there is nothing to read from."""
        return await self._tried(lambda: self._database.read(work))

    async def write(self, work: Callable[[sqlite3.Connection], None]) -> bool:
        """Run `work` in one transaction; return whether it is on the disk."""

        def told(connection: sqlite3.Connection) -> bool:
            work(connection)
            return True

        return bool(await self._tried(lambda: self._database.write(told)))

    async def _tried(self, use: Callable[[], Awaitable[T]]) -> T | None:
        if self._closed:
            return None
        try:
            found = await use()
        except StorageError as error:
            self._outage.begin(error)
            return None
        self._outage.end()
        return found

    def _say_aside(self, name: str, error: StorageError) -> None:
        self._outage.tell(
            error.code,
            f"The record of past decisions could not be used and was set aside as {name}: "
            f"{error.message}",
            "Chats are not affected; what was learned from it begins anew.",
        )
