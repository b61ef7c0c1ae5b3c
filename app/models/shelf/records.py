"""What the library keeps in the database: folders the user has added, and what files were."""

import json
import logging
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain.errors import StorageError
from app.domain.shelf import Card
from app.platform.storage import Database

log = logging.getLogger(__name__)

# Size, time of change and place on the disk of every file of a model.
Key = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What was read of one model, as long as its files have this key."""

    key: Key
    id: str
    card: Card | None
    problem: str
    digests: tuple[str, ...] = ()


class ShelfRecords:
    """The tables of the library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def folders(self) -> list[Path]:
        """Return what the user has added, the oldest first.

        Raises:
            StorageError: the database cannot be read.
        """
        rows = await self._database.read(_folders)
        return [Path(os.fsdecode(path)) for path in rows]

    async def add_folder(self, path: Path, added: float) -> None:
        """Keep a folder or file as part of the library.

        Raises:
            StorageError: it could not be written down.
        """
        values = os.fsencode(path), added
        await self._database.write(
            lambda connection: connection.execute(
                "INSERT OR IGNORE INTO library_folders VALUES (?, ?)", values
            )
        )

    async def remove_folder(self, path: Path) -> None:
        """Take a folder out of the library.

        Raises:
            StorageError: it could not be written down.
        """
        await self._database.write(
            lambda connection: connection.execute(
                "DELETE FROM library_folders WHERE path = ?", (os.fsencode(path),)
            )
        )

    async def rows(self) -> dict[Path, Row]:
        """Return what was read before; where it cannot be had, everything is read anew."""
        try:
            return await self._database.read(_rows)
        except StorageError as error:
            log.warning("what was read of models is read anew: %s", error)
            return {}

    async def keep(self, rows: Mapping[Path, Row], gone: Iterable[Path] = ()) -> None:
        """Keep what was read, and forget what is gone; failing costs time only."""
        values = [_values(path, row) for path, row in rows.items()]
        lost = [(os.fsencode(path),) for path in gone]
        if not values and not lost:
            return
        try:
            await self._database.write(lambda connection: _keep(connection, values, lost))
        except StorageError as error:
            log.warning("what was read of models could not be kept: %s", error)


def _folders(connection: sqlite3.Connection) -> list[bytes]:
    found = connection.execute("SELECT path FROM library_folders ORDER BY added, path")
    return [path for (path,) in found]


def _rows(connection: sqlite3.Connection) -> dict[Path, Row]:
    found = connection.execute("SELECT path, key, id, card, problem, digests FROM library_models")
    rows = {Path(os.fsdecode(path)): _row(*rest) for path, *rest in found}
    return {path: row for path, row in rows.items() if row is not None}


def _row(key: str, model_id: str, card: str, problem: str, digests: str) -> Row | None:
    try:
        parts = tuple((int(size), int(at), int(place)) for size, at, place in json.loads(key))
        told = Card.model_validate_json(card) if card else None
        return Row(parts, model_id, told, problem, tuple(json.loads(digests)))
    except (ValidationError, ValueError, TypeError):
        return None  # another version of this program wrote it


def _values(path: Path, row: Row) -> tuple[bytes, str, str, str, str, str]:
    card = row.card.model_dump_json() if row.card else ""
    digests = json.dumps(row.digests)
    return os.fsencode(path), json.dumps(row.key), row.id, card, row.problem, digests


def _keep(
    connection: sqlite3.Connection, values: Sequence[tuple[Any, ...]], lost: Sequence[tuple[bytes]]
) -> None:
    connection.executemany("REPLACE INTO library_models VALUES (?, ?, ?, ?, ?, ?)", values)
    connection.executemany("DELETE FROM library_models WHERE path = ?", lost)
