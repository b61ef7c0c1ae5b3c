"""A build is used once it has come whole, was unpacked and has worked; else nothing changes."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.builds import ArchiveUnfit, BuildKind, BuildMissing, BuildStands, BuildUnproven
from app.domain.downloads import State
from app.domain.errors import AppError, DownloadError, EngineUnfit
from app.models.builds.shelf import BuildShelf
from tests.fakes.files import Served
from tests.fakes.releases import bomb, tarball, zipped
from tests.unit.models.builds.stage import staged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the builds here are for Linux")

SERVER = BuildKind.SERVER


async def test_a_build_comes_is_tried_and_used(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        wanted = stage.publish("b9001")
        build = await stage.engines.get("server-b9001")
        assert (build.id, build.usable, build.version) == (wanted, True, "b9001")
        place = await stage.shelf.place(SERVER)
        assert place == stage.shelf.home(build) / "llama-b9001"
        assert stage.tried == [(SERVER, place)]
        assert os.access(place / "llama-server", os.X_OK)
        folders = {each.name for each in stage.shelf.folder.iterdir() if each.is_dir()}
        assert folders == {"archives", wanted}
        assert list((stage.shelf.folder / "archives").iterdir()) == []
        assert len(build.assets[0].sha256) == 64
        # Another run of the program knows it too.
        assert await BuildShelf(stage.shelf.folder, stage.queue.bus).place(SERVER) == place


async def test_a_library_is_taken_out_of_its_wheel(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.releases.offer_wheel("cu124", zipped({"llama_cpp/lib/libllama.so": b"x"}))
        build = await stage.engines.get("library")
        place = await stage.shelf.place(BuildKind.LIBRARY)
        assert place == stage.shelf.home(build) / "llama_cpp" / "lib"
        assert (place / "libllama.so").is_file()
        assert await stage.shelf.place(SERVER) is None


async def test_who_names_no_hash_has_to_be_trusted_expressly(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        wanted = stage.publish("b9001", digests=False)
        with pytest.raises(BuildUnproven, match="which hash"):
            await stage.engines.get(wanted)
        assert stage.queue.downloads.all == ()
        build = await stage.engines.get(wanted, anyway=True)
        assert len(build.assets[0].sha256) == 64


HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb": lambda: bomb(80 << 20),
    "way out": lambda: tarball({"../evil": b"x", "llama-server": b"x"}),
    "page": lambda: b"<!doctype html><title>Sign in</title>",
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_must_not_be_unpacked_leaves_nothing(tmp_path: Path, what: str) -> None:
    async with staged(tmp_path) as stage:
        with pytest.raises(ArchiveUnfit):
            await stage.engines.get(stage.publish("b9001", HOSTILE[what]()))
        left = {each.name for each in stage.shelf.folder.rglob("*")}
        assert left == {"archives", "builds.json"}
        assert stage.shelf.book.builds == ()
        assert stage.shelf.book.ordered == ()
        assert await stage.shelf.place(SERVER) is None


async def test_an_archive_without_an_engine_is_said(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        with pytest.raises(BuildMissing, match="no engine inside"):
            await stage.engines.get(stage.publish("b9001", tarball({"README": b"x"})))


async def test_wrong_bytes_are_never_unpacked(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        wanted = stage.publish("b9001")
        store = next(path for path in stage.releases.files.served if path.startswith("/store"))
        right = stage.releases.files.served[store].body
        stage.releases.files.served[store].body = right[:-1] + bytes([right[-1] ^ 1])
        with pytest.raises(DownloadError):
            await stage.engines.get(wanted)
        assert stage.tried == []
        stage.releases.files.served[store].body = right
        assert (await stage.engines.get(wanted)).usable


@pytest.mark.parametrize(
    ("served", "words"),
    [
        (Served(b"<!doctype html>", kind="text/html"), "a web page"),
        (Served(b"x", status=404), "no such file"),
        (Served(b"x", status=403), "403"),
    ],
)
async def test_a_file_that_is_not_given_is_said(tmp_path: Path, served: Served, words: str) -> None:
    async with staged(tmp_path) as stage:
        wanted = stage.publish("b9001")
        store = next(path for path in stage.releases.files.served if path.startswith("/store"))
        stage.releases.files.served[store] = served
        with pytest.raises(DownloadError) as caught:
            await stage.engines.get(wanted)
        assert words in str(caught.value)
        assert stage.queue.downloads.all[0].state is State.FAILED


async def test_a_build_that_fails_its_trial_stays_unused_and_can_be_tried_again(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path) as stage:
        wanted = stage.publish("b9001")
        stage.failure = AppError("it needs a driver")
        with pytest.raises(EngineUnfit, match="it needs a driver"):
            await stage.engines.get(wanted)
        (build,) = stage.shelf.book.builds
        assert (build.usable, build.why) == (False, "it needs a driver")
        assert await stage.shelf.place(SERVER) is None
        with pytest.raises(BuildStands, match="does not work here"):
            stage.engines.use(wanted)
        stage.failure = None
        fetched = len(stage.releases.files.asked)
        assert (await stage.engines.get(wanted)).usable
        assert len(stage.releases.files.asked) == fetched


async def test_what_had_come_before_a_crash_is_not_fetched_again(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        wanted = stage.publish("b9001")
        assert await stage.engines.order(wanted) is not None
        await stage.queue.ended(State.DONE)
        (store,) = (path for path in stage.releases.files.served if path.startswith("/store"))
        sent = stage.releases.files.bytes_sent(store)
        assert (await stage.engines.get(wanted)).usable
        assert stage.releases.files.bytes_sent(store) == sent


async def test_names_have_to_be_clear(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.publish("b9001")
        for name, words in (("nothing", "No build"), ("", "No build")):
            with pytest.raises(BuildMissing, match=words) as caught:
                await stage.engines.get(name)
            assert "server-b9001-cpu" in caught.value.remedy
        with pytest.raises(BuildMissing, match="was ordered"):
            await stage.engines.install("server-b9001-cpu")


async def test_a_build_in_use_is_not_removed(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        first = await stage.engines.get(stage.publish("b9001"))
        second = await stage.engines.get(stage.publish("b9002"))
        with pytest.raises(BuildStands, match="in use"):
            stage.engines.remove(second.id)
        gone, freed = stage.engines.remove(first.id)
        assert (gone.id, freed) == (first.id, first.size)
        assert not stage.shelf.home(first).exists()
        assert stage.shelf.roll_back(SERVER) is None
        stage.engines.remove(second.id)
        assert stage.shelf.book.builds == ()
