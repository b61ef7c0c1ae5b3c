"""The append-only record of turns, outcomes and changes, in a file of its own.

A turn never waits for it and never fails because of it: rows go through a queue, and a file that
cannot be read is set aside, kept, and said to be.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from app.domain.doctor import Condition, Mechanism
from app.domain.errors import StorageError
from app.domain.events import NoticeRaised
from app.domain.routing import ChangeRecord, LedgerRecord, OutcomeRecord, TurnRecord
from app.platform.bus import Bus
from app.platform.migrations import Migration
from app.platform.storage import Database
from app.platform.tasks import TaskOwner

log = logging.getLogger(__name__)

R = TypeVar("R", TurnRecord, OutcomeRecord, ChangeRecord)

MIGRATIONS: Final = (
    Migration(1, "rows", (Path(__file__).parent / "0001_rows.sql").read_text("utf-8")),
)
_KINDS: Final[dict[type[Any], str]] = {
    TurnRecord: "turn",
    OutcomeRecord: "outcome",
    ChangeRecord: "change",
}
# More than this waiting means the disk does not take anything; the oldest are dropped.
MOST_WAITING: Final = 10_000
SET_ASIDE: Final = "set-aside"


class Ledger:
    """Owns the file and the queue before it."""

    def __init__(self, path: Path, backups: Path, bus: Bus, tasks: TaskOwner) -> None:
        """Keep rows in `path`, and copies from before changes of its form in `backups`."""
        self._path = path
        self._backups = backups
        self._bus = bus
        self._tasks = tasks
        self._database: Database | None = None
        self._waiting: asyncio.Queue[LedgerRecord | None] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None
        self._why_off = "it has not been opened"
        self._told_full = False

    async def open(self) -> None:
        """Open the file; one that cannot be used is set aside, and the program goes on."""
        try:
            self._database = await self._opened()
        except StorageError as error:
            self._set_aside(error)
            try:
                self._database = await self._opened()
            except StorageError as again:
                self._why_off = again.message
                self._tell(again.code, f"Nothing can be learned for now: {again.message}")
                return
        self._why_off = ""
        self._writer = self._tasks.spawn(self._write(), name="ledger", last_words=True)

    async def close(self) -> None:
        """Write what waits and close the file."""
        if self._writer is not None:
            self._waiting.put_nowait(None)
            with suppress(asyncio.CancelledError):
                await asyncio.wait([self._writer], timeout=5.0)
        if self._database is not None:
            await self._database.close()

    def note(self, record: LedgerRecord) -> None:
        """Add a row, soon; never waits and never fails."""
        if self._why_off:
            return
        if self._waiting.qsize() >= MOST_WAITING:
            self._waiting.get_nowait()
        self._waiting.put_nowait(record)

    async def turns(self, limit: int = 10_000) -> list[TurnRecord]:
        """Return the newest turns, the oldest of them first."""
        return await self._newest(TurnRecord, limit)

    async def outcomes(self, limit: int = 20_000) -> list[OutcomeRecord]:
        """Return the newest outcomes, the oldest of them first."""
        return await self._newest(OutcomeRecord, limit)

    async def changes(self, limit: int = 1_000) -> list[ChangeRecord]:
        """Return the newest changes, the oldest of them first."""
        return await self._newest(ChangeRecord, limit)

    async def export(self) -> list[str]:
        """Return every row as one line of JSON, in the order they were written."""
        if self._database is None:
            return []

        def read(db: sqlite3.Connection) -> list[str]:
            rows = db.execute("SELECT kind, body FROM rows ORDER BY id")
            return [f'{{"row":"{row["kind"]}",{row["body"][1:]}' for row in rows]

        return await self._database.read(read)

    async def flushed(self) -> None:
        """Wait until all rows so far are written."""
        await self._waiting.join()

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say whether rows are kept."""
        on = not self._why_off
        yield Mechanism(
            area="ledger",
            name="ledger",
            condition=Condition.LIVE if on else Condition.OFF,
            reason=self._why_off,
        )

    async def _opened(self) -> Database:
        database = Database(self._path, self._backups, MIGRATIONS)
        try:
            await database.open()
            # A file may open well and be damaged further in.
            await database.read(lambda db: db.execute("SELECT max(id) FROM rows").fetchone())
        except StorageError:
            await database.close()
            raise
        return database

    def _set_aside(self, error: StorageError) -> None:
        target = next(
            each
            for number in range(1, 10_000)
            if not (
                each := self._path.with_name(f"{self._path.stem}-{SET_ASIDE}-{number}.db")
            ).exists()
        )
        try:
            if self._path.exists():
                self._path.rename(target)
            for suffix in ("-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        except OSError:
            log.exception("the ledger could not be set aside")
            return
        self._tell(
            error.code,
            f"The record of past decisions could not be read and was set aside as {target.name}.",
            "Chats are not affected; what was learned from it begins anew.",
        )

    def _tell(self, code: str, message: str, remedy: str = "") -> None:
        self._bus.publish(NoticeRaised(code, message, remedy))

    async def _write(self) -> None:
        ending = False
        while not ending:
            batch = [await self._waiting.get()]
            while not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            ending = None in batch
            await self._keep([record for record in batch if record is not None])
            for _ in batch:
                self._waiting.task_done()

    async def _keep(self, records: list[LedgerRecord]) -> None:
        if not records or self._database is None:
            return
        rows = [_row(record) for record in records]

        def write(db: sqlite3.Connection) -> None:
            db.executemany(
                "INSERT INTO rows (kind, at, turn_id, model_id, body) VALUES (?, ?, ?, ?, ?)", rows
            )

        try:
            await self._database.write(write)
            self._told_full = False
        except StorageError as error:
            if not self._told_full:
                self._told_full = True
                words = f"What happened could not be kept: {error.message}"
                self._tell(error.code, words, error.remedy)

    async def _newest(self, record: type[R], limit: int) -> list[R]:
        if self._database is None:
            return []
        kind = _KINDS[record]

        def read(db: sqlite3.Connection) -> list[str]:
            rows = db.execute(
                "SELECT body FROM rows WHERE kind = ? ORDER BY id DESC LIMIT ?", (kind, limit)
            )
            return [row["body"] for row in rows]

        try:
            bodies = await self._database.read(read)
        except StorageError as error:
            log.warning("the ledger cannot be read: %s", error.message)
            return []
        return list(_parsed(record, reversed(bodies)))


def _row(record: LedgerRecord) -> tuple[str, float, str, str, str]:
    turn_id = getattr(record, "turn_id", "")
    model_id = getattr(record, "model_id", "")
    body = record.model_dump_json(exclude_defaults=True)
    return _KINDS[type(record)], record.at, turn_id, model_id, body


def _parsed(record: type[R], bodies: Iterable[str]) -> Iterator[R]:
    """Yield rows; those of a form this program does not know are left out."""
    for body in bodies:
        try:
            yield record.model_validate_json(body)
        except ValidationError:
            log.debug("a row of the ledger has another form")
