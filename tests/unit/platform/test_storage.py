"""The database: on disk or an error with a remedy, never half."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.errors import DiskFull, NotWritable, StorageCorrupt, StorageError
from app.platform.migrations import MIGRATIONS, Migration
from app.platform.storage import Database

FIRST = Migration(1, "first", "CREATE TABLE things (name TEXT);")
SECOND = Migration(2, "second", "ALTER TABLE things ADD COLUMN size INTEGER;")
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
    old = _database(tmp_path, FIRST)
    await old.open()
    await old.write(lambda db: db.execute("INSERT INTO things VALUES ('kept')"))
    await old.close()
    new = _database(tmp_path, FIRST, SECOND)
    await new.open()
    assert await _names(new) == ["kept"]
    await new.close()
    with closing(sqlite3.connect(tmp_path / "backups" / "echelon-v0001.db")) as copy:
        assert copy.execute("SELECT * FROM things").fetchall() == [("kept",)]


async def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    old = _database(tmp_path, FIRST)
    await old.open()
    await old.write(lambda db: db.execute("INSERT INTO things VALUES ('kept')"))
    await old.close()
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


async def test_a_closed_database_says_so(tmp_path: Path) -> None:
    database = _database(tmp_path, FIRST)
    await database.open()
    await database._in_thread(database._close)
    with pytest.raises(StorageError):
        await _names(database)
    await database.close()
