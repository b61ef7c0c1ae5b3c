"""What models were measured to take, kept in the database across sessions."""

import logging
import sqlite3
from dataclasses import astuple, dataclass

from app.domain.errors import StorageError
from app.platform.storage import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Record:
    """One model loaded in one way: bytes by its header, bytes that were seen, and its load."""

    key: str
    kind: str
    predicted: int
    measured: int
    load_s: float


class Records:
    """The table of footprints. Losing it costs a better guess, so nothing stops for it."""

    def __init__(self, database: Database | None) -> None:
        """Keep the records in `database`, or only as long as the program runs."""
        self._database = database

    async def load(self) -> dict[str, Record]:
        """Return all records by key."""
        if self._database is None:
            return {}
        try:
            found = await self._database.read(_select)
        except StorageError as error:
            log.warning("footprints could not be read: %s", error)
            return {}
        return {record.key: record for record in found}

    async def save(self, record: Record) -> None:
        """Keep a record in place of the one before."""
        if self._database is None:
            return
        try:
            await self._database.write(lambda connection: _replace(connection, record))
        except StorageError as error:
            log.warning("a footprint could not be kept: %s", error)


def _select(connection: sqlite3.Connection) -> list[Record]:
    rows = connection.execute("SELECT key, kind, predicted, measured, load_s FROM footprints")
    return [Record(*row) for row in rows]


def _replace(connection: sqlite3.Connection, record: Record) -> None:
    connection.execute("REPLACE INTO footprints VALUES (?, ?, ?, ?, ?)", astuple(record))
