"""The file of memories in every state a disk may leave it in."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.errors import DiskFull, NotWritable, StorageError
from app.domain.memories import EVERYWHERE, Filter
from tests.fakes.memories import fact, memories


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 500)


def folder(path: Path) -> None:
    path.mkdir()


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE future (x)")
        db.execute("PRAGMA user_version = 99")


def of_somebody_else(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE memories (other)")
        db.execute("PRAGMA user_version = 1")


@pytest.mark.parametrize("spoil", [garbage, folder, newer, of_somebody_else])
async def test_what_holds_no_memories_is_set_aside_and_said(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(tmp_path / "memory.db")
    async with memories(tmp_path) as kept:
        (made,) = await kept.store.add([fact("Likes tea")])
        assert await kept.store.get(made.id) == made
        (notice,) = kept.notices
        assert "set aside as memory-set-aside-1.db" in notice.message
        assert kept.changes[0].seq == 0
        assert kept.file.set_aside == ["memory-set-aside-1.db"]
        assert kept.file.why_off == ""


@pytest.mark.parametrize("share", [0.2, 0.7])
async def test_a_file_cut_short_is_set_aside(tmp_path: Path, share: float) -> None:
    async with memories(tmp_path) as kept:
        await kept.store.add([fact(f"Number {number} " + "x" * 400) for number in range(200)])
    path = tmp_path / "memory.db"
    os.truncate(path, int(path.stat().st_size * share))
    async with memories(tmp_path) as kept:
        for page in range(3):
            await kept.store.find(Filter(offset=page * 100))
        await kept.store.add([fact("Likes tea")])
        assert [notice.code for notice in kept.notices] == ["storage_corrupt"]


async def test_a_full_disk_leaves_nothing_half(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        await kept.store.add([fact("Likes tea")])
        await kept.store.read(lambda db: db.execute("PRAGMA max_page_count = 45"))
        with pytest.raises(DiskFull):
            await kept.store.add([fact(f"Number {number} " + "x" * 4000) for number in range(50)])
        assert [notice.code for notice in kept.notices] == ["disk_full"]
        assert (await kept.store.find(Filter())).total == 1
        await _check(tmp_path)
        await kept.store.read(lambda db: db.execute("PRAGMA max_page_count = 100000"))
        await kept.store.add([fact("Number 1")])
        assert kept.file.why_off == ""
        assert len(kept.notices) == 1


async def test_what_was_deleted_while_nothing_could_be_cleaned_is_cleaned_at_the_next_start(
    tmp_path: Path,
) -> None:
    async with memories(tmp_path) as kept:
        (made,) = await kept.store.add([fact("Met Xanadupolis")])
        with closing(sqlite3.connect(tmp_path / "memory.db")) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM memories").fetchall()  # it still reads what was
            await kept.store.read(lambda db: db.execute("PRAGMA busy_timeout = 1"))
            await kept.store.delete([made.id])
            unclean = await kept.store.read(
                lambda db: db.execute("SELECT unclean FROM counter").fetchone()[0]
            )
            assert unclean == 1
    async with memories(tmp_path):
        assert not _holds(tmp_path, b"xanadupol")


async def test_a_folder_that_may_not_be_written_is_said_and_nobody_falls(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        await kept.store.add([fact("Likes tea")])
        await kept.store.read(lambda db: db.execute("PRAGMA query_only = ON"))
        with pytest.raises(NotWritable):
            await kept.store.add([fact("Likes coffee")])
        assert await kept.store.by_words([EVERYWHERE], "t", "tea", 5) == [1]
        assert [notice.code for notice in kept.notices] == ["not_writable"]


async def test_without_a_folder_the_program_starts_and_every_use_says_why(tmp_path: Path) -> None:
    async with memories(tmp_path / "late") as kept:
        assert [notice.code for notice in kept.notices] == ["not_writable"]
        with pytest.raises(NotWritable):
            await kept.store.find(Filter())
        assert kept.file.why_off
        (tmp_path / "late").mkdir()
        await kept.store.add([fact("Likes tea")])
        assert kept.file.why_off == ""
        assert len(kept.notices) == 1


async def test_a_second_process_is_waited_for_and_never_harmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.platform.storage._BUSY_MS", 1)
    async with memories(tmp_path) as kept, memories(tmp_path) as other:
        await kept.store.add([fact("Likes tea")])
        (again,) = await other.store.add([fact("Likes tea")])
        assert again.told == 2
        with closing(sqlite3.connect(tmp_path / "memory.db", isolation_level=None)) as third:
            third.execute("BEGIN IMMEDIATE")
            with pytest.raises(StorageError):
                await kept.store.add([fact("Likes coffee")])
        await kept.store.add([fact("Likes coffee")])
        assert (await other.store.find(Filter())).total == 2
        assert kept.file.set_aside == []


async def test_after_the_end_nothing_can_be_asked(tmp_path: Path) -> None:
    async with memories(tmp_path) as kept:
        await kept.store.close()
        with pytest.raises(StorageError, match="closed"):
            await kept.store.find(Filter())


def _holds(folder: Path, needle: bytes) -> bool:
    return any(needle in file.read_bytes().lower() for file in folder.glob("*.db*"))


async def _check(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "memory.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
