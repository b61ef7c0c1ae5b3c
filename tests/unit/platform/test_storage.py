"""The database: on disk or an error with a remedy, never half."""

import asyncio
import errno
import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.domain.errors import DiskFull, NotWritable, StorageCorrupt, StorageError
from app.platform.migrations import MIGRATIONS, Migration
from app.platform.storage import Database

FIRST = Migration(1, "first", "CREATE TABLE things (name TEXT);")
SECOND = Migration(2, "second", "ALTER TABLE things ADD COLUMN size INTEGER;")
THIRD = Migration(
    3,
    "rebuilt",
    "CREATE TABLE fresh (name TEXT, size INTEGER, note TEXT); "
    "INSERT INTO fresh SELECT name, size, '' FROM things; "
    "DROP TABLE things; ALTER TABLE fresh RENAME TO things;",
)
BROKEN = Migration(2, "broken", "ALTER TABLE things ADD COLUMN size INTEGER; CREATE NONSENSE;")


def _database(folder: Path, *migrations: Migration) -> Database:
    return Database(folder / "echelon.db", folder / "backups", migrations or MIGRATIONS)


async def _names(database: Database) -> list[str]:
    return await database.read(
        lambda db: [row["name"] for row in db.execute("SELECT name FROM things")]
    )


async def test_what_is_written_is_there_after_reopening(tmp_path: Path) -> None:
    for expected in ([], ["a"], ["a", "a"]):
        database = _database(tmp_path, FIRST)
        await database.open()
        assert await _names(database) == expected
        await database.write(lambda db: db.execute("INSERT INTO things VALUES ('a')"))
        await database.close()


async def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    database = _database(tmp_path)
    await database.open()
    level, mode = await database.read(
        lambda db: (
            db.execute("PRAGMA synchronous").fetchone()[0],
            db.execute("PRAGMA journal_mode").fetchone()[0],
        )
    )
    await database.close()
    assert (level, mode) == (2, "wal")


async def test_a_failure_in_a_transaction_undoes_all_of_it(tmp_path: Path) -> None:
    database = _database(tmp_path, FIRST)
    await database.open()

    def work(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO things VALUES ('half')")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(work)
    assert await _names(database) == []
    await database.close()


async def test_a_full_disk_is_said_and_the_database_goes_on(tmp_path: Path) -> None:
    database = _database(tmp_path, FIRST)
    await database.open()
    await database.read(lambda db: db.execute("PRAGMA max_page_count = 8"))
    big = "x" * 200_000
    with pytest.raises(DiskFull) as caught:
        await database.write(lambda db: db.execute("INSERT INTO things VALUES (?)", (big,)))
    assert "Free some space" in caught.value.remedy
    await database.write(lambda db: db.execute("INSERT INTO things VALUES ('small')"))
    assert await _names(database) == ["small"]
    await database.close()


async def test_a_cursor_never_leaves_the_thread_of_the_database_open(tmp_path: Path) -> None:
    database = _database(tmp_path, FIRST)
    await database.open()
    read = await database.read(lambda db: db.execute("SELECT 1"))
    written = await database.write(lambda db: db.execute("INSERT INTO things VALUES ('small')"))
    for cursor in (read, written):
        with pytest.raises(sqlite3.ProgrammingError):
            cursor.fetchone()
    await database.close()


async def test_garbage_is_called_damaged_and_the_backups_are_named(tmp_path: Path) -> None:
    (tmp_path / "echelon.db").write_bytes(b"no database at all" * 500)
    database = _database(tmp_path)
    with pytest.raises(StorageCorrupt) as caught:
        await database.open()
    assert "backups" in caught.value.remedy
    await database.close()


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    database = _database(tmp_path / "nowhere")
    with pytest.raises(NotWritable):
        await database.open()
    await database.close()


async def test_a_newer_shape_comes_with_a_copy_of_the_old_file(tmp_path: Path) -> None:
    await _make_old(tmp_path)
    new = _database(tmp_path, FIRST, SECOND)
    await new.open()
    assert await _names(new) == ["kept"]
    await new.close()
    with closing(sqlite3.connect(tmp_path / "backups" / "echelon-v0001.db")) as copy:
        assert copy.execute("SELECT * FROM things").fetchall() == [("kept",)]


async def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    await _make_old(tmp_path)
    broken = _database(tmp_path, FIRST, BROKEN)
    with pytest.raises(StorageError):
        await broken.open()
    await broken.close()
    again = _database(tmp_path, FIRST)
    await again.open()
    assert await _names(again) == ["kept"]
    await again.close()


async def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    newer = _database(tmp_path, FIRST, SECOND)
    await newer.open()
    await newer.close()
    database = _database(tmp_path, FIRST)
    with pytest.raises(StorageError, match="newer Echelon"):
        await database.open()
    await database.close()


async def test_several_steps_are_one_or_none(tmp_path: Path) -> None:
    await _make_old(tmp_path)
    broken = Migration(3, "broken", "CREATE NONSENSE;")
    database = _database(tmp_path, FIRST, SECOND, broken)
    with pytest.raises(StorageError) as caught:
        await database.open()
    await database.close()
    assert "as it was" in caught.value.message
    assert str(tmp_path / "backups") in caught.value.remedy
    with closing(sqlite3.connect(tmp_path / "echelon.db")) as left:
        assert left.execute("PRAGMA user_version").fetchone() == (1,)
        assert left.execute("SELECT * FROM things").fetchall() == [("kept",)]
    whole = _database(tmp_path, FIRST, SECOND, THIRD)
    await whole.open()
    assert await _names(whole) == ["kept"]
    await whole.close()


async def test_a_step_that_loses_what_others_refer_to_is_undone(tmp_path: Path) -> None:
    tables = "CREATE TABLE a (id TEXT PRIMARY KEY); CREATE TABLE b (a TEXT REFERENCES a (id)); "
    rows = "INSERT INTO a VALUES ('x'); INSERT INTO b VALUES ('x');"
    first = Migration(1, "first", tables + rows)
    old = _database(tmp_path, first)
    await old.open()
    await old.close()
    careless = _database(tmp_path, first, Migration(2, "careless", "DELETE FROM a;"))
    with pytest.raises(StorageError, match="rows of b"):
        await careless.open()
    await careless.close()
    again = _database(tmp_path, first)
    await again.open()
    with pytest.raises(StorageError):  # the check is on again
        await again.write(lambda db: db.execute("DELETE FROM a"))
    await again.close()


async def test_five_backups_are_kept(tmp_path: Path) -> None:
    steps = [FIRST]
    for version in range(2, 10):
        database = _database(tmp_path, *steps)
        await database.open()
        await database.close()
        steps.append(Migration(version, "more", f"CREATE TABLE t{version} (x TEXT);"))
    names = sorted(file.name for file in (tmp_path / "backups").iterdir())
    assert names == [f"echelon-v{version:04d}.db" for version in range(3, 8)]


async def test_without_room_for_the_backup_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _make_old(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    database = _database(tmp_path, FIRST, SECOND)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(DiskFull):
            await database.open()
    await database.close()
    assert list((tmp_path / "backups").iterdir()) == []
    again = _database(tmp_path, FIRST)
    await again.open()
    assert await _names(again) == ["kept"]
    await again.close()


async def test_a_real_old_file_is_brought_up(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).with_name("chats-v0001.db"), tmp_path / "echelon.db")
    database = _database(tmp_path)
    await database.open()
    titles = await database.read(
        lambda db: [row["title"] for row in db.execute("SELECT title FROM conversations")]
    )
    words = await database.read(
        lambda db: [row["content"] for row in db.execute("SELECT content FROM messages")]
    )
    version = await database.read(lambda db: db.execute("PRAGMA user_version").fetchone()[0])
    await database.close()
    assert titles == ["田中 Ж asks"]
    assert words == ["田中 Ж asks", "one", "two"]
    assert version == MIGRATIONS[-1].version


def test_shipped_steps_leave_the_transaction_alone() -> None:
    for step in MIGRATIONS:
        words = step.sql.upper().split()
        assert not {"BEGIN", "BEGIN;", "COMMIT;", "COMMIT", "ROLLBACK;"} & set(words)


async def test_a_database_cut_short_is_called_damaged(tmp_path: Path) -> None:
    database = _database(tmp_path, FIRST)
    await database.open()
    await database.write(
        lambda db: db.executemany("INSERT INTO things VALUES (?)", [("x" * 3000,)] * 20)
    )
    await database.close()
    with (tmp_path / "echelon.db").open("r+b") as file:
        file.truncate(4096 * 3)
    again = _database(tmp_path, FIRST)
    with pytest.raises(StorageCorrupt) as caught:
        await again.open()
    assert str(tmp_path / "backups") in caught.value.remedy
    await again.close()


async def test_a_database_that_turns_read_only_is_said(tmp_path: Path) -> None:
    database = _database(tmp_path, FIRST)
    await database.open()
    await database.read(lambda db: db.execute("PRAGMA query_only = ON"))
    with pytest.raises(NotWritable) as caught:
        await database.write(lambda db: db.execute("INSERT INTO things VALUES ('a')"))
    assert "right to write" in caught.value.remedy
    await database.close()


@pytest.mark.parametrize("name", ["SQLITE_IOERR_SHMSIZE", "SQLITE_CANTOPEN", "SQLITE_FULL"])
async def test_a_full_disk_has_many_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    database = _database(tmp_path, FIRST)
    await database.open()

    def work(_: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = name
        raise error

    with pytest.raises(DiskFull):
        await database.write(work)
    await database.close()


async def test_work_is_done_in_order_in_one_other_thread(tmp_path: Path) -> None:
    database = _database(tmp_path, FIRST)
    await database.open()
    seen: list[tuple[int, str]] = []

    def work(number: int) -> None:
        seen.append((number, threading.current_thread().name))

    await asyncio.gather(
        *(database.write(lambda _, number=number: work(number)) for number in range(20))  # type: ignore[misc]
    )
    await database.close()
    assert [number for number, _ in seen] == list(range(20))
    assert {name for _, name in seen} == {"database_0"}
    assert threading.current_thread().name not in {name for _, name in seen}


async def test_what_is_queued_is_written_before_closing(tmp_path: Path) -> None:
    database = _database(tmp_path, FIRST)
    await database.open()
    writes = [
        asyncio.create_task(database.write(lambda db: db.execute("INSERT INTO things VALUES (1)")))
        for _ in range(5)
    ]
    await asyncio.sleep(0)
    await database.close()
    assert all(task.done() for task in writes)
    again = _database(tmp_path, FIRST)
    await again.open()
    assert len(await _names(again)) == 5
    await again.close()


async def test_a_closed_database_says_so(tmp_path: Path) -> None:
    database = _database(tmp_path, FIRST)
    with pytest.raises(StorageError, match="closed"):
        await _names(database)
    await database.open()
    await database.close()
    await database.close()
    with pytest.raises(StorageError, match="closed"):
        await _names(database)
    with pytest.raises(StorageError, match="closed"):
        await database.write(lambda db: db.execute("INSERT INTO things VALUES ('a')"))


async def _make_old(folder: Path) -> None:
    old = _database(folder, FIRST)
    await old.open()
    await old.write(lambda db: db.execute("INSERT INTO things VALUES ('kept')"))
    await old.close()
