"""Deleting: first it is said what would go, then exactly that goes, and only what is ours."""

from pathlib import Path

import pytest

from app.domain.errors import ModelKept, NotWritable, RequestInvalid
from tests.unit.models.shelf.files import library, make, roster


async def test_nothing_goes_before_it_was_shown(tmp_path: Path) -> None:
    path = make(tmp_path / "own" / "org" / "repo" / "a.gguf")
    size = path.stat().st_size
    async with library(tmp_path, roles=roster(path, draft=path)) as shelf:
        removal = await shelf.plan_removal("a")
        assert removal.files == (path,)
        assert (removal.freed, removal.roles) == (size, ("front", "front (drafts)"))
        assert path.exists()
        await shelf.remove(removal.token)
        assert not path.exists()
        assert list((tmp_path / "own").iterdir()) == []
        with pytest.raises(RequestInvalid, match="has changed"):
            await shelf.remove(removal.token)
        with pytest.raises(RequestInvalid):
            await shelf.remove("made up")


async def test_a_file_that_changed_since_stays(tmp_path: Path) -> None:
    path = make(tmp_path / "own" / "a.gguf")
    async with library(tmp_path) as shelf:
        removal = await shelf.plan_removal("a")
        path.unlink()
        make(path, seed=7)
        with pytest.raises(RequestInvalid, match="has changed"):
            await shelf.remove(removal.token)
        assert path.exists()


async def test_a_second_name_frees_nothing_and_spares_the_file(tmp_path: Path) -> None:
    source = make(tmp_path / "there" / "a.gguf")
    make(tmp_path / "there" / "b.gguf", seed=1)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "b.gguf").symlink_to(tmp_path / "there" / "b.gguf")
    async with library(tmp_path) as shelf:
        await shelf.take(source, copy=False)
        for name in ("a", "b"):
            removal = await shelf.plan_removal(name)
            assert removal.freed == 0
            await shelf.remove(removal.token)
    assert sorted(each.name for each in source.parent.iterdir()) == ["a.gguf", "b.gguf"]
    assert list((tmp_path / "own").iterdir()) == []


async def test_all_parts_go_and_neighbours_stay(tmp_path: Path) -> None:
    folder = tmp_path / "own" / "big"
    for at in (1, 2):
        make(folder / f"m-0000{at}-of-00002.gguf", seed=at)
    make(folder / "other.gguf", seed=5)
    async with library(tmp_path) as shelf:
        removal = await shelf.plan_removal("m")
        assert len(removal.files) == 2
        await shelf.remove(removal.token)
    assert [each.name for each in folder.iterdir()] == ["other.gguf"]


async def test_shipped_models_stay(tmp_path: Path) -> None:
    make(tmp_path / "shipped" / "front.gguf")
    async with library(tmp_path) as shelf:
        with pytest.raises(ModelKept, match="comes with Echelon"):
            await shelf.plan_removal("front")


async def test_a_file_the_system_keeps_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "own" / "a.gguf")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    async with library(tmp_path) as shelf:
        removal = await shelf.plan_removal("a")
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", refuse)
            with pytest.raises(NotWritable, match="cannot be deleted: permission denied"):
                await shelf.remove(removal.token)


async def test_broken_files_can_be_deleted(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.gguf").write_text("<html>")
    (own / "lost.gguf").symlink_to(own / "nowhere")
    async with library(tmp_path) as shelf:
        for name in ("page", "lost"):
            await shelf.remove((await shelf.plan_removal(name)).token)
    assert list(own.iterdir()) == []
