"""Rows are only ever added, and none is lost at an orderly end."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from app.domain.doctor import Condition
from app.domain.events import NoticeRaised
from app.domain.models import Tier
from app.domain.routing import AttemptRecord, ChangeRecord, OutcomeRecord, TurnRecord, Witness
from app.orchestration.ledger import ledger as module
from app.orchestration.ledger import reading
from app.orchestration.ledger.desk import LedgerDesk
from app.orchestration.ledger.ledger import Ledger
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

ATTEMPT = AttemptRecord(role="front", tier=Tier.A, model="m", model_id="1", kind="accept")
CHANGE = ChangeRecord(at=1, id="c", kind="move", subject="math", numbers={"n": 30.0})


def turn(number: int) -> TurnRecord:
    return TurnRecord(
        turn_id=f"turn-{number}",
        at=float(number),
        family="math",
        features=(1.5,) * 24,
        grams=((3, 0.5),),
        start="front",
        chances={"front": 0.5},
        attempts=(ATTEMPT,),
        decision="accept",
    )


def outcome(number: int, right: float = 1.0) -> OutcomeRecord:
    return OutcomeRecord(
        at=float(number),
        model_id="1",
        family="math",
        right=right,
        witness=Witness.VALIDATOR,
        source="gate",
        turn_id=f"turn-{number}",
    )


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Ledger, list[NoticeRaised]]]:
    bus, tasks = Bus(), TaskOwner()
    told: list[NoticeRaised] = []
    bus.on(NoticeRaised, told.append)
    ledger = Ledger(folder / "ledger.db", folder / "backups", bus, tasks)
    await ledger.open()
    try:
        yield ledger, told
    finally:
        await ledger.close()
        await tasks.close(1)


async def test_rows_are_there_after_reopening(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        for row in (turn(1), outcome(1), CHANGE, turn(2)):
            ledger.note(row)
    async with opened(tmp_path) as (ledger, told):
        assert await ledger.turns() == [turn(1), turn(2)]
        assert await ledger.turns(1) == [turn(2)]
        assert await ledger.outcomes() == [outcome(1)]
        assert await ledger.changes() == [CHANGE]
        assert await ledger.turn("turn-2") == turn(2)
        assert await ledger.turn("turn-3") is None
        assert await ledger.turn("") is None
        lines = [json.loads(line) for line in await ledger.export()]
        assert [line["row"] for line in lines] == ["turn", "outcome", "change", "turn"]
        assert [line["number"] for line in lines] == [1, 2, 3, 4]
        assert told == []


async def test_what_was_noted_can_be_read_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        ledger.note(outcome(1))
        assert await ledger.outcomes() == [outcome(1)]


async def test_learners_go_on_where_they_stopped(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        seen = 0
        for number in (1, 2, 3):
            ledger.note(turn(number))
            ledger.note(outcome(number))
            news = await ledger.outcomes_after(seen)
            assert news.outcomes == [outcome(number)]
            seen = news.seen
        assert await ledger.outcomes_after(seen) == ([], seen)
        first = await ledger.outcomes_after(0, limit=2)
        assert first.outcomes == [outcome(1), outcome(2)]
        assert (await ledger.outcomes_after(first.seen)).outcomes == [outcome(3)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM rows",
        "UPDATE rows SET at = 0",
        "UPDATE OR REPLACE rows SET id = 2 WHERE id = 1",
        "INSERT OR REPLACE INTO rows (id, kind, at, body) VALUES (1, 'turn', 0, '{}')",
        "REPLACE INTO rows (id, kind, at, body) VALUES (1, 'turn', 0, '{}')",
        "INSERT INTO rows (id, kind, at, body) VALUES (1, 'turn', 0, '{}') "
        "ON CONFLICT (id) DO UPDATE SET body = '{}'",
    ],
)
async def test_rows_can_neither_be_changed_nor_removed(tmp_path: Path, statement: str) -> None:
    async with opened(tmp_path) as (ledger, _):
        ledger.note(turn(1))
        ledger.note(turn(2))
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            db.execute(statement)
        assert db.execute("SELECT count(*), min(at) FROM rows").fetchone() == (2, 1.0)


async def test_rows_of_turns_that_end_with_the_program_are_kept(tmp_path: Path) -> None:
    tasks = TaskOwner()
    ledger = Ledger(tmp_path / "ledger.db", tmp_path / "backups", Bus(), tasks)
    await ledger.open()
    running = asyncio.Event()

    async def work() -> None:
        try:
            running.set()
            await asyncio.Event().wait()
        finally:
            ledger.note(turn(1))

    tasks.spawn(work(), name="turn")
    await running.wait()
    await tasks.close(5)
    ledger.note(turn(2))
    await ledger.close()
    ledger.note(turn(3))  # too late, and no error
    async with opened(tmp_path) as (again, _):
        assert await again.turns() == [turn(1), turn(2)]


async def test_many_rows_at_once_keep_their_order(tmp_path: Path) -> None:
    count = 3 * module.BATCH + 7
    async with opened(tmp_path) as (ledger, _):
        for number in range(count):
            ledger.note(outcome(number))
            if number % 400 == 0:
                await asyncio.sleep(0)
        await ledger.flushed()
        live, _ = ledger.mechanisms()
        assert (live.condition, live.reason) == (
            Condition.LIVE,
            f"{count} rows written since the start",
        )
    async with opened(tmp_path) as (ledger, _):
        assert [each.at for each in await ledger.outcomes()] == list(range(count))


async def test_what_cannot_be_written_for_long_is_dropped_from_the_old_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    async with opened(tmp_path / "nowhere") as (ledger, _):
        for number in range(5):
            ledger.note(turn(number))
            await ledger.flushed()
        off, _ = ledger.mechanisms()
        assert "2 rows lost" in off.reason
        (tmp_path / "nowhere").mkdir()
        assert [each.turn_id for each in await ledger.turns()] == []
    async with opened(tmp_path / "nowhere") as (ledger, _):
        assert await ledger.turns() == [turn(2), turn(3), turn(4)]


@pytest.mark.filterwarnings("ignore:.*serializ:UserWarning")
async def test_a_row_that_cannot_be_written_down_harms_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    odd = turn(2).model_copy(update={"features": object()})
    async with opened(tmp_path) as (ledger, _):
        for row in (turn(1), odd, turn(3)):
            ledger.note(row)
        assert await ledger.turns() == [turn(1), turn(3)]
    assert "a row of the ledger failed" in caplog.text


async def test_the_queries_of_learners_go_by_an_index(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        ledger.note(turn(1))
    queries = (
        "SELECT body FROM rows WHERE kind = 'outcome' AND id > 5 ORDER BY id LIMIT 9",
        "SELECT body FROM rows WHERE kind = 'outcome' ORDER BY id DESC LIMIT 9",
        "SELECT body FROM rows WHERE turn_id = 'x' AND turn_id <> '' AND kind = 'turn' ORDER BY id",
    )
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        for query in queries:
            plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}"))
            assert "USING INDEX rows_by_" in plan
            assert "TEMP B-TREE" not in plan


async def test_pages_hold_every_row_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE_BYTES", 1000)
    async with opened(tmp_path) as (ledger, _):
        for number in range(20):
            ledger.note(turn(number))
            ledger.note(outcome(number))
        desk = LedgerDesk(ledger)
        lines: list[str] = []
        answer: dict[str, Any] = {"seen": 0, "is_last": False}
        pages = 0
        while not answer["is_last"]:
            answer = await desk.rows({"op": "ledger rows", "seen": answer["seen"]})
            lines += answer["lines"]
            pages += 1
        assert pages > 5
        assert [json.loads(line)["number"] for line in lines] == list(range(1, 41))
        assert lines == await ledger.export()
        beyond = await ledger.page(40)
        assert beyond == ([], 40, True)


async def test_a_lean_page_of_the_newest_turns_leaves_out_bulk(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        for number in range(5):
            ledger.note(turn(number))
            ledger.note(outcome(number))
        page = await ledger.page(newest_turns=2, lean=True)
        rows = [json.loads(line) for line in page.lines]
        turns = [row for row in rows if row["row"] == "turn"]
        assert [row["turn_id"] for row in turns] == ["turn-3", "turn-4"]
        assert not {"features", "grams"} & {key for row in rows for key in row}
        assert len((await ledger.page(newest_turns=50)).lines) == 10
