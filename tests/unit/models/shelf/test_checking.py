"""Verifying: every byte is read and compared with all that is known of it."""

import os
from pathlib import Path

import pytest

from app.models import identity
from app.models.shelf import checking
from app.models.shelf.checking import Verdict, check
from tests.unit.models.shelf.files import library, make


def _spoil(path: Path) -> None:
    """Change the last byte as a dying disk does: nobody notes the time."""
    state = path.stat()
    content = bytearray(path.read_bytes())
    content[-30] ^= 1
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


async def test_a_small_model_is_compared_with_its_id(tmp_path: Path) -> None:
    path = make(tmp_path / "own" / "a.gguf")
    async with library(tmp_path) as shelf:
        assert [each.verdict for each in await shelf.verify("a")] == [Verdict.RIGHT]
        _spoil(path)
        (found,) = await shelf.verify("a")
        assert found.verdict is Verdict.DAMAGED
        assert found.remedy


async def test_a_big_model_is_compared_from_the_second_time_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "WHOLE", 10)
    monkeypatch.setattr(identity, "SAMPLE", 8)
    path = make(tmp_path / "own" / "a.gguf")
    async with library(tmp_path) as shelf:
        assert [each.verdict for each in await shelf.verify()] == [Verdict.FIRST]
    async with library(tmp_path) as shelf:
        assert [each.verdict for each in await shelf.verify()] == [Verdict.RIGHT]
        _spoil(path)
        (found,) = await shelf.verify()
        assert found.verdict is Verdict.DAMAGED
        assert "when it was last read" in found.detail


async def test_a_model_in_parts_has_a_hash_for_each(tmp_path: Path) -> None:
    for at in (1, 2):
        make(tmp_path / "own" / f"m-0000{at}-of-00002.gguf", seed=at)
    async with library(tmp_path) as shelf:
        (found,) = await shelf.verify("m")
    assert found.verdict is Verdict.RIGHT
    assert len(found.digests) == 2


async def test_what_cannot_be_used_is_damaged(tmp_path: Path) -> None:
    path = make(tmp_path / "own" / "a.gguf")
    async with library(tmp_path) as shelf:
        (item,) = (await shelf.survey()).items
        path.write_bytes(path.read_bytes()[:-40])
        assert check(item).verdict is Verdict.DAMAGED
        assert "beyond the end" in check(item).detail
        (found,) = await shelf.verify()
        assert "cut short" in found.detail
        path.unlink()
        assert check(item).verdict is Verdict.UNREAD


async def test_reading_ends_when_nobody_waits_or_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "own" / "a.gguf")
    async with library(tmp_path) as shelf:
        (item,) = (await shelf.survey()).items
    assert check(item, lambda: False).verdict is Verdict.UNREAD

    def touched(*_: object) -> object:
        os.utime(path, ns=(5, 5))
        return ((), "")

    monkeypatch.setattr(checking, "_read", touched)
    assert "not read to its end" in check(item).detail


async def test_how_much_was_read_is_told_while_it_is_read(tmp_path: Path) -> None:
    path = make(tmp_path / "own" / "a.gguf")
    told: list[int] = []
    async with library(tmp_path) as shelf:
        await shelf.verify(str(path), told.append)
    assert sum(told) == path.stat().st_size
