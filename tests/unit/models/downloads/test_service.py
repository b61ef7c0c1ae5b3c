"""The queue against a real server: what is wanted arrives whole, or it is said why not."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from app.domain.downloads import Part, State, Wanted
from app.domain.errors import DownloadMissing, DownloadStands, FileInTheWay, StorageError
from app.models.downloads.errand import Errand
from app.models.downloads.rows import DownloadRows, Entry
from app.platform.storage import Database
from tests.fakes.downloads import MIB, queued, wanted
from tests.fakes.files import Served, content, serving

BODY = content(5 * MIB + 12345)


async def test_a_file_arrives_whole_under_its_name(tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        await queue.downloads.add(wanted(queue.folder, files.url("/file"), BODY))
        done = await queue.ended()
        assert (done.state, done.message) == (State.DONE, "")
        assert [file.name for file in queue.folder.iterdir()] == ["model.gguf"]
        assert (queue.folder / "model.gguf").read_bytes() == BODY
        assert queue.states == [State.WAITING, State.RUNNING, State.VERIFYING, State.DONE]
        assert files.bytes_sent("/file") == len(BODY)


async def test_what_was_begun_goes_on_after_a_restart(tmp_path: Path) -> None:
    served = Served(BODY, stall_after=MIB + MIB // 2)
    async with serving(file=served) as files:
        async with queued(tmp_path) as queue:
            await queue.downloads.add(wanted(queue.folder, files.url("/file"), BODY))
            await queue.until(lambda each: each.done > 4 * MIB)
        served.stall_after = None
        sent = files.bytes_sent("/file")
        async with queued(tmp_path) as queue:
            assert queue.downloads.all[0].done > 4 * MIB
            assert (await queue.ended()).state is State.DONE
        assert (queue.folder / "model.gguf").read_bytes() == BODY
        assert files.bytes_sent("/file") - sent < 1.5 * MIB


async def test_a_paused_download_waits_and_goes_on_where_it_was(tmp_path: Path) -> None:
    served = Served(BODY, stall_after=MIB // 2)
    async with serving(file=served) as files, queued(tmp_path) as queue:
        added = await queue.downloads.add(wanted(queue.folder, files.url("/file"), BODY))
        await queue.until(lambda each: each.done > MIB)
        paused = await queue.downloads.pause(added.id)
        assert (paused.state, paused.rate) == (State.PAUSED, None)
        assert paused.done > MIB
        with pytest.raises(DownloadStands):
            await queue.downloads.pause(added.id)
        served.stall_after = None
        sent = files.bytes_sent("/file")
        await queue.downloads.resume(added.id)
        assert (await queue.ended()).state is State.DONE
        assert (queue.folder / "model.gguf").read_bytes() == BODY
        assert files.bytes_sent("/file") - sent <= len(BODY) - paused.done


async def test_a_cancelled_download_leaves_nothing(tmp_path: Path) -> None:
    async with serving(file=Served(BODY, stall_after=MIB)) as files, queued(tmp_path) as queue:
        added = await queue.downloads.add(wanted(queue.folder, files.url("/file"), BODY))
        await queue.until(lambda each: each.done > MIB)
        cancelled = await queue.downloads.cancel(added.id)
        assert (cancelled.state, cancelled.done) == (State.CANCELLED, 0)
        assert list(queue.folder.iterdir()) == []
        files.served["/file"].stall_after = None
        await queue.downloads.retry(added.id)
        assert (await queue.ended(State.DONE)).done == len(BODY)


async def test_one_after_another_in_an_order_that_can_be_changed(tmp_path: Path) -> None:
    stalled, quick = Served(BODY, stall_after=10), Served(b"small")
    async with serving(a=stalled, b=quick, c=quick) as files, queued(tmp_path) as queue:
        for name in "abc":
            await queue.downloads.add(wanted(queue.folder, files.url(f"/{name}"), name=name))
        first, second, third = (each.id for each in queue.downloads.all)
        await queue.until(lambda each: each.id == first and each.state is State.RUNNING)
        await queue.downloads.move(third, before=second)
        assert [each.id for each in queue.downloads.all] == [first, third, second]
        await queue.downloads.pause(first)
        await queue.until(lambda each: each.id == second and each.state is State.DONE)
        done = [each.id for each in queue.seen if each.state is State.DONE]
        assert list(dict.fromkeys(done)) == [third, second]


async def test_several_at_once(tmp_path: Path) -> None:
    stalled = Served(BODY, stall_after=10)
    async with serving(a=stalled, b=Served(BODY)) as files, queued(tmp_path, at_once=2) as queue:
        await queue.downloads.add(wanted(queue.folder, files.url("/a"), name="a"))
        await queue.downloads.add(wanted(queue.folder, files.url("/b"), name="b"))
        assert (await queue.ended()).label == "b"


async def test_two_wishes_for_one_file_are_one(tmp_path: Path) -> None:
    served = {"a": Served(BODY, stall_after=10), "b": Served(BODY)}
    async with serving(**served) as files, queued(tmp_path) as queue:
        first = await queue.downloads.add(wanted(queue.folder, files.url("/a"), BODY))
        again = await queue.downloads.add(wanted(queue.folder, files.url("/a"), BODY))
        assert (again.id, len(queue.downloads.all)) == (first.id, 1)
        with pytest.raises(FileInTheWay):
            await queue.downloads.add(wanted(queue.folder, files.url("/b"), b"other"))
        await queue.downloads.pause(first.id)
        # The same file from elsewhere takes up what is here.
        moved = await queue.downloads.add(wanted(queue.folder, files.url("/b"), BODY))
        assert moved.id == first.id
        assert (await queue.ended()).state is State.DONE


async def test_two_wishes_at_the_same_moment_are_one(tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        wish = wanted(queue.folder, files.url("/file"), BODY)
        one, other = await asyncio.gather(queue.downloads.add(wish), queue.downloads.add(wish))
        assert one.id == other.id
        assert (await queue.ended()).state is State.DONE
        assert files.bytes_sent("/file") == len(BODY)


async def test_a_model_in_parts_is_one_item_and_appears_whole(tmp_path: Path) -> None:
    bodies = [content(2 * MIB + n, seed=n) for n in range(3)]
    served = {f"p{n}": Served(body) for n, body in enumerate(bodies)}
    served["p2"].stall_after = MIB
    async with serving(**served) as files, queued(tmp_path) as queue:
        parts = tuple(
            Part(files.url(f"/p{n}"), f"m-{n}.gguf", len(body), hashlib.sha256(body).hexdigest())
            for n, body in enumerate(bodies)
        )
        added = await queue.downloads.add(Wanted("m", queue.folder, parts))
        total = sum(map(len, bodies))
        assert added.total == total
        await queue.until(lambda each: each.done > 4 * MIB)
        assert not list(queue.folder.glob("*.gguf"))
        files.served["/p2"].stall_after = None
        await queue.downloads.pause(added.id)
        await queue.downloads.resume(added.id)
        done = await queue.ended()
        assert (done.state, done.done, done.total) == (State.DONE, total, total)
        assert [(queue.folder / f"m-{n}.gguf").read_bytes() for n in range(3)] == bodies


async def test_what_was_verified_gets_its_name_after_a_crash(tmp_path: Path) -> None:
    database = Database(tmp_path / "echelon.db", tmp_path / "backups")
    await database.open()
    wish = wanted(tmp_path / "models", "http://127.0.0.1:1/none")
    entry = Entry("one", wish, State.VERIFYING, 1, verified=True)
    await DownloadRows(database).save(entry)
    await database.close()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "model.gguf.part").write_bytes(b"all of it")
    async with queued(tmp_path) as queue:
        assert (await queue.ended()).state is State.DONE
        assert (queue.folder / "model.gguf").read_bytes() == b"all of it"


async def test_a_limit_of_speed_is_kept(tmp_path: Path) -> None:
    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        queue.downloads.limit(MIB)
        await queue.downloads.add(wanted(queue.folder, files.url("/file"), BODY))
        await queue.ended()
        assert max(queue.slept) > 3.0


async def test_an_unknown_id_is_said(tmp_path: Path) -> None:
    async with queued(tmp_path) as queue:
        with pytest.raises(DownloadMissing):
            await queue.downloads.pause("none")


async def test_the_switch_for_local_only_is_kept(tmp_path: Path) -> None:
    async with queued(tmp_path) as queue:
        await queue.downloads.add(wanted(queue.folder, "https://files.example/model.gguf"))
        failed = await queue.ended()
        assert (failed.state, failed.code) == (State.FAILED, "network_forbidden")
        assert "local only" in failed.remedy


@pytest.mark.parametrize("thrown", [KeyError("x"), asyncio.CancelledError(), MemoryError()])
async def test_an_end_nobody_foresaw_is_said_and_can_be_tried_again(
    thrown: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Errand) -> None:
        raise thrown

    async with serving(file=Served(BODY)) as files, queued(tmp_path) as queue:
        with monkeypatch.context() as patch:
            patch.setattr(Errand, "run", broken)
            added = await queue.downloads.add(wanted(queue.folder, files.url("/file"), BODY))
            failed = await queue.ended()
        assert (failed.state, failed.code) == (State.FAILED, "download")
        assert "does not know" in failed.message
        assert "Try again" in failed.remedy
        await queue.downloads.retry(added.id)
        assert (await queue.ended(State.DONE)).done == len(BODY)


async def test_the_next_one_starts_after_an_end_nobody_foresaw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Errand.run

    async def broken(self: Errand) -> None:
        if self._wanted.label == "a":
            raise ValueError
        await run(self)

    monkeypatch.setattr(Errand, "run", broken)
    async with serving(a=Served(BODY), b=Served(BODY)) as files, queued(tmp_path) as queue:
        for name in "ab":
            await queue.downloads.add(wanted(queue.folder, files.url(f"/{name}"), name=name))
        assert (await queue.ended(State.DONE)).label == "b"
        assert [each.state for each in queue.downloads.all] == [State.FAILED, State.DONE]
    async with queued(tmp_path) as queue:
        assert "does not know" in queue.downloads.all[0].message


async def test_a_wish_that_cannot_be_kept_is_told_and_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise StorageError("The disk is full.")

    served = {"a": Served(BODY, stall_after=10), "b": Served(BODY)}
    async with serving(**served) as files, queued(tmp_path) as queue:
        for name in "ab":
            await queue.downloads.add(wanted(queue.folder, files.url(f"/{name}"), name=name))
        first = (await queue.until(lambda each: each.state is State.RUNNING)).id
        with monkeypatch.context() as patch:
            patch.setattr(DownloadRows, "save", full)
            with pytest.raises(StorageError):
                await queue.downloads.pause(first)
            assert State.PAUSED in [each.state for each in queue.seen if each.id == first]
            assert (await queue.ended(State.DONE)).label == "b"
