"""Which build is used, and how the one before comes back by itself."""

import sys
from pathlib import Path

import pytest

from app.domain.builds import BuildKind, BuildStands
from app.domain.errors import AppError
from app.engines.exits import Exit
from app.models.builds.shelf import BuildShelf
from app.platform.bus import Bus
from tests.unit.models.builds.stage import MODEL, Stage, staged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the builds here are for Linux")

SERVER = BuildKind.SERVER


def end(code: str) -> Exit:
    return Exit(code, final=False, error=AppError("The engine crashed."))


async def two(stage: Stage) -> tuple[Path, Path]:
    places = []
    for tag in ("b9001", "b9002"):
        build = await stage.engines.get(stage.publish(tag))
        places.append(stage.shelf.entrance(build))
    return places[0], places[1]


async def test_a_crash_on_load_brings_the_build_before_back(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        before, now = await two(stage)
        words = stage.shelf.fell(SERVER, now, MODEL, end("crashed"))
        assert "server-b9002-cpu was taken back: it could not load big" in words
        assert "server-b9001-cpu is used again." in words
        assert stage.notices == [words]
        assert await stage.shelf.place(SERVER) == before
        assert not stage.shelf.named("server-b9002").usable
        words = stage.shelf.fell(SERVER, before, MODEL, end("library_missing"))
        assert "What came with Echelon is used again." in words
        assert await stage.shelf.place(SERVER) is None


@pytest.mark.parametrize("code", ["out_of_memory", "model_invalid", "killed", "load_timeout"])
async def test_what_is_not_the_builds_fault_changes_nothing(tmp_path: Path, code: str) -> None:
    async with staged(tmp_path) as stage:
        _, now = await two(stage)
        assert stage.shelf.fell(SERVER, now, MODEL, end(code)) == ""
        assert await stage.shelf.place(SERVER) == now


async def test_a_build_that_loaded_the_model_before_is_not_the_reason(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        _, now = await two(stage)
        stage.shelf.loaded(SERVER, now, MODEL)
        assert stage.shelf.fell(SERVER, now, MODEL, end("crashed")) == ""
        assert await stage.shelf.place(SERVER) == now
        other = MODEL.model_copy(update={"name": "other"})
        assert stage.shelf.fell(SERVER, now, other, end("crashed"))


async def test_the_end_of_an_engine_of_another_build_is_no_sign(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        before, now = await two(stage)
        assert stage.shelf.fell(SERVER, before, MODEL, end("crashed")) == ""
        stage.shelf.loaded(SERVER, before, MODEL)
        assert await stage.shelf.place(SERVER) == now


async def test_changed_files_are_not_started(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        before, now = await two(stage)
        (now / "llama-server").write_bytes(b"something else")
        assert await stage.shelf.place(SERVER) == before
        assert "its files are not what they were" in stage.notices[0]
        (before / "libllama.so.0").unlink()
        assert await BuildShelf(stage.shelf.folder, stage.queue.bus).place(SERVER) is None


async def test_one_can_go_back_by_hand_and_forward_again(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        before, now = await two(stage)
        good = stage.shelf.roll_back(SERVER)
        assert good is not None
        assert stage.shelf.entrance(good) == before
        stage.engines.use("server-b9002")
        assert await stage.shelf.place(SERVER) == now


def test_nothing_chosen_cannot_be_taken_back(tmp_path: Path) -> None:
    with pytest.raises(BuildStands, match="No server from elsewhere is in use"):
        BuildShelf(tmp_path, Bus()).roll_back(SERVER)


def test_a_list_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "builds.json").write_text('{"builds": 3}')
    assert BuildShelf(tmp_path, Bus()).book.builds == ()
    assert (tmp_path / "builds.unreadable").exists()
