"""The queue against a real server: what is wanted arrives whole, or it is said why not."""

from pathlib import Path

from app.domain.downloads import State
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
