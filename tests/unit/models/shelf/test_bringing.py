"""Importing: links instead of copies, all parts or none, and what cannot come is said."""

import errno
import os
from collections import namedtuple
from pathlib import Path

import pytest

from app.domain.errors import DiskFull, ModelInvalid, ModelMissing, NotWritable, RequestInvalid
from app.domain.shelf import Origin
from app.models.shelf import bringing
from tests.unit.models.shelf.files import library, make

Usage = namedtuple("Usage", "total used free")


def _fails(number: int) -> object:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


async def test_a_file_on_the_same_disk_gets_a_second_name(tmp_path: Path) -> None:
    source = make(tmp_path / "there" / "a.gguf")
    async with library(tmp_path) as shelf:
        item, brought = await shelf.take(source, copy=False)
        assert (item.name, brought.way) == ("Tiny Model", "hard link")
        assert brought.files == (tmp_path / "own" / "a.gguf",)
        assert brought.files[0].samefile(source)
        with pytest.raises(RequestInvalid, match="already"):
            await shelf.take(brought.files[0], copy=False)


async def test_else_a_symbolic_link_else_a_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make(tmp_path / "there" / "a.gguf")
    monkeypatch.setattr(bringing, "_hard_link", _fails(errno.EXDEV))
    async with library(tmp_path) as shelf:
        _, brought = await shelf.take(source, copy=False)
        assert brought.way == "symbolic link"
        assert brought.files[0].readlink() == source
        brought.files[0].unlink()
        monkeypatch.setattr(bringing, "_symbolic_link", _fails(errno.EPERM))
        _, brought = await shelf.take(source, copy=False)
        assert brought.way == "reference"
        (item,) = (await shelf.survey()).items
        assert (item.path, item.found.origin) == (source, Origin.ADDED)
        removal = await shelf.plan_removal("a")
        assert removal.reference
        assert removal.freed == 0
        await shelf.remove(removal.token)
        assert (await shelf.survey()).items == ()
    assert source.exists()


async def test_a_copy_is_made_only_on_demand(tmp_path: Path) -> None:
    source = make(tmp_path / "there" / "a.gguf")
    async with library(tmp_path) as shelf:
        _, brought = await shelf.take(source, copy=True)
    copy = brought.files[0]
    assert brought.way == "copy"
    assert not copy.samefile(source)
    assert copy.read_bytes() == source.read_bytes()
    assert [each.name for each in copy.parent.iterdir()] == ["a.gguf"]


async def test_all_parts_come_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "there"
    parts = [make(there / f"big-0000{at}-of-00002.gguf", seed=at) for at in (1, 2)]
    made: list[Path] = []

    def second_fails(source: Path, target: Path) -> None:
        if made:
            raise OSError(errno.EXDEV, "another disk")
        made.append(target)
        target.hardlink_to(source)

    async with library(tmp_path) as shelf:
        with monkeypatch.context() as patch:
            patch.setattr(bringing, "_hard_link", second_fails)
            _, brought = await shelf.take(parts[1], copy=False)
        assert brought.way == "symbolic link"
        assert [file.name for file in brought.files] == [part.name for part in parts]
        parts[0].unlink()
        other = make(there / "lone-00002-of-00002.gguf")
        with pytest.raises(ModelInvalid, match="1 of its 2 parts"):
            await shelf.take(other, copy=False)


async def test_another_model_of_the_same_name_gets_a_number(tmp_path: Path) -> None:
    own = tmp_path / "own"
    make(own / "a.gguf", seed=1)
    make(own / "big-00001-of-00002.gguf", seed=2)
    parts = [make(tmp_path / "x" / f"big-0000{at}-of-00002.gguf", seed=at) for at in (5, 6, 1, 2)]
    async with library(tmp_path) as shelf:
        _, brought = await shelf.take(make(tmp_path / "there" / "a.gguf"), copy=False)
        assert brought.files[0].name == "a-2.gguf"
        _, brought = await shelf.take(parts[2], copy=True)
        names = [file.name for file in brought.files]
        assert names == ["big-2-00001-of-00002.gguf", "big-2-00002-of-00002.gguf"]


async def test_a_blob_gets_the_name_of_its_model(tmp_path: Path) -> None:
    blob = make(tmp_path / "there" / ("sha256-" + "0" * 64), name="../Qwen 3: 4B?")
    async with library(tmp_path) as shelf:
        _, brought = await shelf.take(blob, copy=False)
    assert brought.files[0].parent == tmp_path / "own"
    assert brought.files[0].name == "_Qwen-3_-4B_-F32.gguf"


async def test_what_is_no_model_stays_out(tmp_path: Path) -> None:
    page = tmp_path / "page.gguf"
    page.write_text("<html>")
    async with library(tmp_path) as shelf:
        with pytest.raises(ModelInvalid, match="no GGUF file"):
            await shelf.take(page, copy=False)
        with pytest.raises(ModelMissing, match="is a folder"):
            await shelf.take(tmp_path, copy=False)
        with pytest.raises(ModelMissing, match="no file"):
            await shelf.take(tmp_path / "none.gguf", copy=False)
        with pytest.raises(ModelMissing):
            await shelf.take(tmp_path / ("x" * 300 + ".gguf"), copy=False)
        assert not (tmp_path / "own").exists()


async def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make(tmp_path / "there" / "a.gguf")
    async with library(tmp_path) as shelf:
        with monkeypatch.context() as patch:
            patch.setattr("shutil.disk_usage", lambda _: Usage(9, 8, 1))
            with pytest.raises(DiskFull, match="does not fit"):
                await shelf.take(source, copy=True)
        monkeypatch.setattr(os, "fsync", _fails(errno.ENOSPC))
        with pytest.raises(DiskFull):
            await shelf.take(source, copy=True)
        assert list((tmp_path / "own").iterdir()) == []


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    source = make(tmp_path / "there" / "a.gguf")
    (tmp_path / "own").write_text("in the way")
    async with library(tmp_path) as shelf:
        with pytest.raises(NotWritable, match="Nothing can be written"):
            await shelf.take(source, copy=False)


async def test_a_copy_nobody_waits_for_stops(tmp_path: Path) -> None:
    source = make(tmp_path / "there" / "a.gguf")
    async with library(tmp_path) as shelf:
        item, _ = await shelf.take(source, copy=False)
    with pytest.raises(NotWritable):
        bringing.bring(item, tmp_path / "other", copy=True, go_on=lambda: False)
    assert list((tmp_path / "other").iterdir()) == []
