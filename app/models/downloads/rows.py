"""Downloads as rows: the only place that knows their tables' columns."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from app.domain.downloads import ENDED, Part, State, Wanted
from app.platform.storage import Database

# Of what has ended, so much stays in the list.
_KEPT = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One download as it is kept."""

    id: str
    wanted: Wanted
    state: State
    position: int
    verified: bool = False
    code: str = ""
    message: str = ""
    remedy: str = ""


class DownloadRows:
    """The tables of the queue; when a write returns, it is on the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> list[Entry]:
        """Return the queue in its order, and forget what ended long ago."""
        return await self._database.write(_load)

    async def save(self, *entries: Entry) -> None:
        """Keep entries in place of what was known of them.

        Raises:
            StorageError: none of them is kept.
        """

        def work(db: sqlite3.Connection) -> None:
            for entry in entries:
                _replace(db, entry)

        await self._database.write(work)


def _load(db: sqlite3.Connection) -> list[Entry]:
    ended = ", ".join(f"'{state}'" for state in sorted(ENDED - {State.FAILED}))
    db.execute(
        "DELETE FROM downloads WHERE id IN (SELECT id FROM downloads WHERE state IN "  # noqa: S608
        f"({ended}) ORDER BY position DESC LIMIT -1 OFFSET {_KEPT})"
    )
    parts: dict[str, list[Part]] = {}
    for row in db.execute("SELECT * FROM download_parts ORDER BY download_id, number").fetchall():
        part = Part(row["url"], row["name"], row["size"], row["sha256"])
        parts.setdefault(row["download_id"], []).append(part)
    rows = db.execute("SELECT * FROM downloads ORDER BY position").fetchall()
    return [_entry(row, tuple(parts.get(row["id"], ()))) for row in rows]


def _entry(row: sqlite3.Row, parts: tuple[Part, ...]) -> Entry:
    return Entry(
        id=row["id"],
        wanted=Wanted(row["label"], Path(row["folder"]), parts),
        state=State(row["state"]),
        position=row["position"],
        verified=bool(row["verified"]),
        code=row["code"],
        message=row["message"],
        remedy=row["remedy"],
    )


def _replace(db: sqlite3.Connection, entry: Entry) -> None:
    wanted = entry.wanted
    db.execute("DELETE FROM downloads WHERE id = ?", (entry.id,))
    db.execute(
        "INSERT INTO downloads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.id,
            wanted.label,
            str(wanted.folder),
            entry.state,
            entry.position,
            int(entry.verified),
            entry.code,
            entry.message,
            entry.remedy,
        ),
    )
    db.executemany(
        "INSERT INTO download_parts VALUES (?, ?, ?, ?, ?, ?)",
        [
            (entry.id, number, part.url, part.name, part.size, part.sha256)
            for number, part in enumerate(wanted.parts)
        ],
    )
