"""Whatever is wrong with the ledger's file: it is kept, it is said, and the program goes on."""

import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.domain.doctor import Condition
from app.domain.errors import StorageCorrupt
from app.domain.events import NoticeRaised
from app.domain.routing import TurnRecord
from app.orchestration.ledger.file import MIGRATIONS, LedgerFile
from app.orchestration.ledger.ledger import Ledger
from app.platform.bus import Bus
from app.platform.migrations import Migration
from app.platform.renewed import MOST_ASIDE, RenewedDatabase
from app.platform.tasks import TaskOwner

FUTURE = Migration(2, "future", "ALTER TABLE rows ADD COLUMN more TEXT;")


def turn(number: int, reason: str = "") -> TurnRecord:
    return TurnRecord(turn_id=f"turn-{number}", at=float(number), start="front", reason=reason)


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


async def filled(folder: Path, count: int = 200) -> Path:
    async with opened(folder) as (ledger, _):
        for number in range(count):
            ledger.note(turn(number, "x" * 400))
    return folder / "ledger.db"


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 500)


def header_only(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"x" * 9000)


def folder(path: Path) -> None:
    path.mkdir()
    (path / "full").touch()


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE future (x)")
        db.execute("PRAGMA user_version = 99")


def of_somebody_else(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE rows (other)")


def of_somebody_else_with_our_number(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE other (x)")
        db.execute("PRAGMA user_version = 1")


@pytest.mark.parametrize(
    "spoil",
    [garbage, header_only, folder, newer, of_somebody_else, of_somebody_else_with_our_number],
)
async def test_what_is_no_ledger_is_set_aside_and_said(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(tmp_path / "ledger.db")
    before = _content(tmp_path / "ledger.db")
    async with opened(tmp_path) as (ledger, told):
        ledger.note(turn(1))
        assert await ledger.turns() == [turn(1)]
        (notice,) = told
        assert "set aside as ledger-set-aside-1.db" in notice.message
        assert "Chats are not affected" in notice.remedy
        live, _ = ledger.mechanisms()
        assert live.condition is Condition.LIVE
        assert "ledger-set-aside-1.db" in live.reason
    assert _content(tmp_path / "ledger-set-aside-1.db") == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
async def test_a_pipe_in_its_place_stops_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ledger.db")
    async with opened(tmp_path) as (ledger, told):
        ledger.note(turn(1))
        assert await ledger.turns() == [turn(1)]
        assert len(told) == 1


async def test_an_empty_file_is_a_new_one(tmp_path: Path) -> None:
    nothing(tmp_path / "ledger.db")
    async with opened(tmp_path) as (ledger, told):
        ledger.note(turn(1))
        assert await ledger.turns() == [turn(1)]
        assert told == []


async def test_files_set_aside_before_are_kept(tmp_path: Path) -> None:
    for _ in range(2):
        garbage(tmp_path / "ledger.db")
        async with opened(tmp_path):
            pass
    assert _aside(tmp_path) == ["ledger-set-aside-1.db", "ledger-set-aside-2.db"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_a_file_cut_short_is_set_aside(tmp_path: Path, share: float) -> None:
    path = await filled(tmp_path)
    os.truncate(path, int(path.stat().st_size * share))
    async with opened(tmp_path) as (ledger, told):
        await ledger.turns()
        ledger.note(turn(1))
        assert await ledger.turns() == [turn(1)]
        assert [notice.code for notice in told] == ["storage_corrupt"]


async def test_damage_found_midway_costs_no_new_row(tmp_path: Path) -> None:
    path = await filled(tmp_path)
    size = path.stat().st_size
    with path.open("r+b") as file:  # the newest rows are whole; what comes before is not
        file.seek(4096 * 8)
        file.write(b"\xff" * (size - 4096 * 12 - 4096 * 8))
    async with opened(tmp_path) as (ledger, told):
        assert told == []
        ledger.note(turn(1))
        await ledger.export()
        ledger.note(turn(2))
        assert await ledger.turns() == [turn(2)]
        assert [notice.code for notice in told] == ["storage_corrupt"]


async def test_the_log_of_a_spoiled_file_goes_along(tmp_path: Path) -> None:
    folder(tmp_path / "ledger.db")
    (tmp_path / "ledger.db-wal").write_bytes(b"log")
    async with opened(tmp_path):
        pass
    assert (tmp_path / "ledger-set-aside-1.db-wal").read_bytes() == b"log"


async def test_a_disk_that_damages_everything_is_not_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def damaged(*_: object) -> None:
        raise StorageCorrupt("It is damaged.")

    monkeypatch.setattr(RenewedDatabase, "_check", damaged)
    async with opened(tmp_path) as (ledger, told):
        for number in range(10):
            ledger.note(turn(number))
            await ledger.flushed()
        off, _ = ledger.mechanisms()
        assert off.condition is Condition.OFF
    assert len(_aside(tmp_path)) <= MOST_ASIDE
    assert len(told) <= MOST_ASIDE + 1


async def test_an_old_file_is_brought_up_with_a_backup(tmp_path: Path) -> None:
    path = await filled(tmp_path, 3)
    bus = Bus()
    file = LedgerFile(path, tmp_path / "backups", bus, (*MIGRATIONS, FUTURE))
    await file.open()
    assert file.why_off == ""
    count = await file.read(
        lambda db: db.execute("SELECT count(more IS NULL) FROM rows").fetchone()
    )
    assert count is not None
    assert count[0] == 3
    await file.close()
    with closing(sqlite3.connect(tmp_path / "backups" / "echelon-v0001.db")) as copy:
        assert copy.execute("SELECT count(*) FROM rows").fetchone() == (3,)


async def test_a_step_that_does_not_fit_sets_the_file_aside_whole(tmp_path: Path) -> None:
    path = await filled(tmp_path, 3)
    told: list[NoticeRaised] = []
    bus = Bus()
    bus.on(NoticeRaised, told.append)
    broken = Migration(2, "broken", "CREATE NONSENSE;")
    file = LedgerFile(path, tmp_path / "backups", bus, (*MIGRATIONS, broken))
    await file.open()
    await file.close()
    assert told[0].code == "storage_unfit"
    with closing(sqlite3.connect(tmp_path / "ledger-set-aside-1.db")) as kept:
        assert kept.execute("SELECT count(*) FROM rows").fetchone() == (3,)


async def test_without_a_folder_nothing_is_kept_and_it_is_said_once(tmp_path: Path) -> None:
    async with opened(tmp_path / "nowhere" / "at all") as (ledger, told):
        for number in range(3):
            ledger.note(turn(number))
            await ledger.flushed()
        assert await ledger.turns() == []
        assert await ledger.turn("turn-1") is None
        assert await ledger.export() == []
        off, replay = ledger.mechanisms()
        assert (off.condition, replay.condition) == (Condition.OFF, Condition.OFF)
        assert "3 rows wait" in off.reason
        assert [notice.code for notice in told] == ["not_writable"]


async def test_rows_of_a_time_without_a_folder_are_written_once_there_is_one(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path / "late") as (ledger, told):
        ledger.note(turn(1))
        await ledger.flushed()
        (tmp_path / "late").mkdir()
        ledger.note(turn(2))
        assert await ledger.turns() == [turn(1), turn(2)]
        assert len(told) == 1


async def test_a_full_disk_is_told_once_and_costs_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path) as (ledger, told):
        with monkeypatch.context() as patched:
            patched.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=0))
            patched.setattr("app.orchestration.ledger.ledger._insert", _full)
            for number in range(5):
                ledger.note(turn(number))
                await ledger.flushed()
            assert [notice.code for notice in told] == ["disk_full"]
            off, _ = ledger.mechanisms()
            assert "5 rows wait" in off.reason
        ledger.note(turn(5))
        assert await ledger.turns() == [turn(number) for number in range(6)]
        live, _ = ledger.mechanisms()
        assert live.condition is Condition.LIVE
        assert len(told) == 1


async def test_a_really_full_file_loses_nothing_that_was_written(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, told):
        ledger.note(turn(1))
        await ledger.flushed()
        await ledger._file.read(lambda db: db.execute("PRAGMA max_page_count = 9"))
        for number in range(2, 40):
            ledger.note(turn(number, "x" * 1000))
            await ledger.flushed()
        kept = await ledger.turns()
        assert kept[0] == turn(1)
        assert len(kept) < 39
        assert [notice.code for notice in told] == ["disk_full"]
        await ledger._file.read(lambda db: db.execute("PRAGMA max_page_count = 100000"))
    async with opened(tmp_path) as (ledger, _):
        assert len(await ledger.turns()) == 39


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no such rights here")
async def test_a_file_that_may_not_be_written_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await filled(tmp_path, 3)

    def read_only(db: sqlite3.Connection) -> None:
        db.execute("PRAGMA query_only = ON")

    async with opened(tmp_path) as (ledger, told):
        await ledger._file.read(read_only)
        ledger.note(turn(9))
        assert len(await ledger.turns()) == 3
        assert [notice.code for notice in told] == ["not_writable"]
        await ledger._file.read(lambda db: db.execute("PRAGMA query_only = OFF"))
    assert path.exists()
    async with opened(tmp_path) as (ledger, _):
        assert len(await ledger.turns()) == 4


async def test_a_spoiled_file_that_cannot_be_renamed_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    garbage(tmp_path / "ledger.db")

    def refused(*_: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "rename", refused)
    async with opened(tmp_path) as (ledger, told):
        ledger.note(turn(1))
        assert await ledger.turns() == []
        assert [notice.code for notice in told] == ["storage_corrupt"]
    assert (tmp_path / "ledger.db").read_bytes().startswith(b"no database")


async def test_a_file_locked_by_somebody_is_not_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.platform.storage._BUSY_MS", 1)
    path = await filled(tmp_path, 1)
    async with opened(tmp_path) as (ledger, told):
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            ledger.note(turn(7))
            await ledger.flushed()
            assert [notice.code for notice in told] == ["storage"]
        ledger.note(turn(8))
        assert [each.turn_id for each in await ledger.turns()] == ["turn-0", "turn-7", "turn-8"]
    assert _aside(tmp_path) == []


async def test_one_damaged_row_harms_no_other(tmp_path: Path) -> None:
    path = await filled(tmp_path, 1)
    with closing(sqlite3.connect(path)) as db, db:
        for body in (b'{"at": 1, "reason": "\xff"}', b"no json", b"[]", b"{}", b"[" * 5000):
            db.execute(
                "INSERT INTO rows (kind, at, body) VALUES ('turn', 1, CAST(? AS TEXT))", (body,)
            )
    async with opened(tmp_path) as (ledger, told):
        ledger.note(turn(5))
        assert [each.turn_id for each in await ledger.turns()] == ["turn-0", "turn-5"]
        assert len(await ledger.export()) == 2
        page = await ledger.page(lean=True)
        assert (len(page.lines), page.is_last) == (2, True)
        assert told == []


async def test_rows_of_a_future_form_are_left_out_but_exported(tmp_path: Path) -> None:
    path = await filled(tmp_path, 1)
    bodies = (
        turn(2).model_copy(update={"form": 2}).model_dump_json(),
        '{"turn_id": "t", "at": 1, "of tomorrow": true}',
    )
    with closing(sqlite3.connect(path)) as db, db:
        for body in bodies:
            db.execute("INSERT INTO rows (kind, at, body) VALUES ('turn', 1, ?)", (body,))
        db.execute("INSERT INTO rows (kind, at, body) VALUES ('dream', 1, '{\"at\": 1}')")
    async with opened(tmp_path) as (ledger, _):
        assert [each.turn_id for each in await ledger.turns()] == ["turn-0"]
        assert len(await ledger.export()) == 4


async def test_the_clock_may_jump(tmp_path: Path) -> None:
    times = [1e9, 5.0, -3.0, 1e300]
    async with opened(tmp_path) as (ledger, _):
        for number, at in enumerate(times):
            ledger.note(turn(number).model_copy(update={"at": at}))
        assert [each.at for each in await ledger.turns()] == times
        assert [each.at for each in await ledger.turns(2)] == times[2:]


async def test_deleting_the_file_meanwhile_stops_nobody(tmp_path: Path) -> None:
    async with opened(tmp_path) as (ledger, _):
        ledger.note(turn(1))
        await ledger.flushed()
        shutil.rmtree(tmp_path)
        ledger.note(turn(2))
        await ledger.flushed()
        await ledger.outcomes()


def _full(*_: object) -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    raise error


def _aside(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*aside*.db"))


def _content(path: Path) -> object:
    """Return what is in a file or folder; of a database, what can be asked of it."""
    if path.is_dir():
        return sorted(each.name for each in path.iterdir())
    try:
        with closing(sqlite3.connect(path)) as db:
            return list(db.iterdump()), db.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        return path.read_bytes()
