"""Rows are only ever added; a file that cannot be read is set aside and chat goes on."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.domain.doctor import Condition
from app.domain.events import NoticeRaised
from app.domain.models import Tier
from app.domain.routing import AttemptRecord, ChangeRecord, OutcomeRecord, TurnRecord, Witness
from app.orchestration.ledger.ledger import Ledger
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

ATTEMPT = AttemptRecord(role="front", tier=Tier.A, model="m", model_id="1", kind="accept")


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
    change = ChangeRecord(at=1, id="c", kind="move", subject="math", numbers={"n": 30.0})
    async with opened(tmp_path) as (ledger, _):
        for row in (turn(1), outcome(1), change, turn(2)):
            ledger.note(row)
    async with opened(tmp_path) as (ledger, told):
        assert await ledger.turns() == [turn(1), turn(2)]
        assert await ledger.turns(1) == [turn(2)]
        assert await ledger.outcomes() == [outcome(1)]
        assert await ledger.changes() == [change]
        lines = [json.loads(line) for line in await ledger.export()]
        assert [line["row"] for line in lines] == ["turn", "outcome", "change", "turn"]
        assert told == []


async def test_rows_can_neither_be_changed_nor_removed(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        ledger.note(turn(1))
        await ledger.flushed()
    with sqlite3.connect(tmp_path / "ledger.db") as db:
        for statement in ("DELETE FROM rows", "UPDATE rows SET at = 0"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                db.execute(statement)


@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\0" + b"x" * 9000]
)
async def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ledger.db").write_bytes(content)
    async with opened(tmp_path) as (ledger, told):
        ledger.note(turn(1))
        await ledger.flushed()
        assert await ledger.turns() == [turn(1)]
        (notice,) = told
        assert "set aside as ledger-set-aside-1.db" in notice.message
    assert (tmp_path / "ledger-set-aside-1.db").read_bytes() == content


async def test_a_newer_file_is_set_aside_whole(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.db") as db:
        db.execute("CREATE TABLE future (x)")
        db.execute("PRAGMA user_version = 99")
    async with opened(tmp_path) as (ledger, told):
        assert len(told) == 1
        assert await ledger.turns() == []
    with sqlite3.connect(tmp_path / "ledger-set-aside-1.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (99,)


async def test_without_a_file_everything_else_works(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").mkdir()
    (tmp_path / "ledger.db" / "full").touch()
    async with opened(tmp_path) as (ledger, _):
        ledger.note(turn(1))  # set aside as a folder, or off: no error either way
        assert await ledger.turns() in ([], [turn(1)])
    async with opened(tmp_path / "nowhere" / "at all") as (ledger, told):
        ledger.note(turn(1))
        assert await ledger.turns() == []
        assert await ledger.export() == []
        (off,) = ledger.mechanisms()
        assert off.condition is Condition.OFF
        assert off.reason
        assert told


async def test_rows_of_another_form_are_left_out(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        ledger.note(turn(1))
        await ledger.flushed()
    with sqlite3.connect(tmp_path / "ledger.db") as db:
        db.execute("INSERT INTO rows (kind, at, body) VALUES ('turn', 2, '{\"strange\": 1}')")
        db.execute("INSERT INTO rows (kind, at, body) VALUES ('turn', 3, 'no json')")
    async with opened(tmp_path) as (ledger, _):
        assert await ledger.turns() == [turn(1)]
