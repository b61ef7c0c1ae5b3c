"""The append-only record of turns, outcomes and changes, in a file of its own.

A turn never waits for it and never fails because of it: rows go through a queue. What cannot be
written waits for the next try; everything noted before the end is on the disk after it.
"""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from app.domain.doctor import Condition, Mechanism
from app.domain.routing import ChangeRecord, LedgerRecord, OutcomeRecord, TurnRecord
from app.orchestration.failopen import advised
from app.orchestration.ledger.file import MIGRATIONS, LedgerFile
from app.orchestration.ledger.reading import Page, after, newest, of_turn, page
from app.orchestration.ledger.rows import R, to_row
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

log = logging.getLogger(__name__)

# More than this waiting means the disk does not take anything; the oldest are dropped.
MOST_WAITING: Final = 10_000
# Rows of one transaction.
BATCH: Final = 500


class News(NamedTuple):
    """Outcomes that came after a row, and the number of the last row looked at."""

    outcomes: list[OutcomeRecord]
    seen: int


@dataclass
class _Counts:
    written: int = 0
    dropped: int = 0


class Ledger:
    """Owns the file and the queue before it."""

    def __init__(self, path: Path, backups: Path, bus: Bus, tasks: TaskOwner) -> None:
        """Keep rows in `path`, and copies from before changes of its form in `backups`."""
        self._file = LedgerFile(path, backups, bus, MIGRATIONS)
        self._tasks = tasks
        self._waiting: deque[LedgerRecord] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._counts = _Counts()
        self._closed = False

    async def open(self) -> None:
        """Open the file; one that cannot be used is set aside, and the program goes on."""
        await self._file.open()

    async def close(self) -> None:
        """Write what waits and close the file; whoever still has rows is to end before."""
        self._closed = True
        await self.flushed()
        await self._write_waiting()
        await self._file.close()

    def note(self, record: LedgerRecord) -> None:
        """Add a row, soon; never waits and never fails."""
        if self._closed:
            log.warning("a row came after the ledger was closed")
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            self._counts.dropped += 1
        self._waiting.append(record)
        if self._writer is None or self._writer.done():
            self._writer = self._tasks.spawn(self._write_waiting(), name="ledger", last_words=True)

    async def turns(self, limit: int = 10_000) -> list[TurnRecord]:
        """Return the newest turns, the oldest of them first."""
        return await self._newest(TurnRecord, limit)

    async def outcomes(self, limit: int = 20_000) -> list[OutcomeRecord]:
        """Return the newest outcomes, the oldest of them first."""
        return await self._newest(OutcomeRecord, limit)

    async def changes(self, limit: int = 1_000) -> list[ChangeRecord]:
        """Return the newest changes, the oldest of them first."""
        return await self._newest(ChangeRecord, limit)

    async def outcomes_after(self, seen: int, limit: int = 20_000) -> News:
        """Return the outcomes after a row, and where to go on the next time."""
        await self.flushed()
        found = await self._file.read(lambda db: after(db, OutcomeRecord, seen, limit))
        return News(*found) if found else News([], seen)

    async def turn(self, turn_id: str) -> TurnRecord | None:
        """Return the turn with an id, if it was decided here."""
        await self.flushed()
        return await self._file.read(lambda db: of_turn(db, turn_id))

    async def page(self, seen: int = 0, *, newest_turns: int = 0, lean: bool = False) -> Page:
        """Return the rows after one as lines of JSON, as many as fit into a message.

        Args:
            seen: the last row that is known already.
            newest_turns: skip what was before so many of the newest turns; 0 for none.
            lean: leave out what the router saw, as numbers.
        """
        await self.flushed()
        read = partial(page, seen=seen, newest_turns=newest_turns, lean=lean)
        return await self._file.read(read) or Page([], seen, is_last=True)

    async def export(self) -> list[str]:
        """Return every row as one line of JSON, in the order they were written."""
        lines: list[str] = []
        found = Page([], 0, is_last=False)
        while not found.is_last:
            found = await self.page(found.seen)
            lines += found.lines
        return lines

    async def flushed(self) -> None:
        """Wait until all rows so far are written, or cannot be."""
        if self._writer is not None:
            await asyncio.wait([self._writer])

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say whether rows are kept."""
        off, aside = self._file.why_off, self._file.set_aside
        words = [off] if off else []
        words += [f"set aside: {', '.join(aside)}"] if aside else []
        words += [f"{len(self._waiting)} rows wait"] if self._waiting else []
        words += [f"{self._counts.dropped} rows lost"] if self._counts.dropped else []
        words += [] if off else [f"{self._counts.written} rows written since the start"]
        yield Mechanism(
            area="ledger",
            name="ledger",
            condition=Condition.OFF if off else Condition.LIVE,
            reason="; ".join(words),
        )
        yield Mechanism(
            area="ledger",
            name="replay",
            condition=Condition.OFF if off else Condition.LIVE,
            reason=off or "other policies over the same turns: `echelon ledger replay`",
        )

    async def _newest(self, record: type[R], limit: int) -> list[R]:
        await self.flushed()
        return await self._file.read(lambda db: newest(db, record, limit)) or []

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch = list(islice(self._waiting, BATCH))
            for _ in batch:
                self._waiting.popleft()
            if not await self._file.write(partial(_insert, batch)):
                self._waiting.extendleft(reversed(batch))
                return
            self._counts.written += len(batch)


def _insert(records: Iterable[LedgerRecord], db: sqlite3.Connection) -> None:
    """Add rows; they are put into words here, in the thread of the file."""
    rows = (advised(partial(to_row, record), None, "a row of the ledger") for record in records)
    db.executemany(
        "INSERT INTO rows (kind, at, turn_id, body) VALUES (?, ?, ?, ?)",
        [row for row in rows if row is not None],
    )
