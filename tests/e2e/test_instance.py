"""One owner per user, whoever comes first and however the last one ended."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import InstanceError, NotWritable, RequestInvalid
from app.platform.instance import Attached, Handler, Instance, Owner
from app.platform.paths import Paths, write_private

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from app.platform.instance import Instance
from app.platform.paths import Paths
paths = Paths.discover(Path(sys.argv[1]))
paths.ensure()
sys.stdin.readline()
held = Instance.acquire(paths)
print(type(held).__name__, flush=True)
sys.stdin.read()
"""
SERVE = """
import asyncio, sys
from pathlib import Path
from app.platform.instance import Instance
from app.platform.paths import Paths

async def answer(request):
    yield {"heard": request["text"]}
    if request["text"] == "wait":
        await asyncio.Event().wait()

async def main():
    owner = Instance.acquire(Paths.discover(Path(sys.argv[1])))
    print(type(owner).__name__, flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.readline)
    await owner.serve(answer)
    await loop.run_in_executor(None, sys.stdin.readline)
    await owner.close()

asyncio.run(main())
"""


class Process:
    """A real process that speaks and listens in lines."""

    def __init__(self, script: str, paths: Paths) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", script, str(paths.data)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self) -> str:
        """Wait for its next line."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def go_on(self) -> None:
        """Let it do its next step."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def finish(self) -> int:
        """Wait for its orderly end."""
        self._process.communicate()
        return self._process.returncode


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Paths]:
    found = Paths.discover(tmp_path / "田中 Ж")
    found.ensure()
    yield found
    shutil.rmtree(found.runtime, ignore_errors=True)


@asynccontextmanager
async def serving(paths: Paths, handler: Handler) -> AsyncIterator[Attached]:
    """An owner in this process, and somebody attached to it."""
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    try:
        await owner.serve(handler)
        attached = Instance.acquire(paths)
        assert isinstance(attached, Attached)
        yield attached
    finally:
        await owner.close()


async def _echo(request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
    for number in range(int(request["times"])):
        yield {"number": number}


async def _ask(attached: Attached, message: dict[str, Any]) -> list[dict[str, Any]]:
    return [answer async for answer in attached.request(message)]


def test_of_many_that_start_at_once_one_owns_the_core(paths: Paths) -> None:
    processes = [Process(HOLD, paths) for _ in range(5)]
    for process in processes:
        process.go_on()
    found = [process.read() for process in processes]
    for process in processes:
        process.kill()
    assert sorted(found) == ["Attached"] * 4 + ["Owner"]


def test_a_killed_owner_leaves_the_place_free(paths: Paths) -> None:
    process = Process(HOLD, paths)
    process.go_on()
    assert process.read() == "Owner"
    assert isinstance(Instance.acquire(paths), Attached)
    process.kill()
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    owner.release()


async def test_a_second_process_waits_until_the_first_listens(paths: Paths) -> None:
    process = Process(SERVE, paths)
    assert process.read() == "Owner"
    attached = Instance.acquire(paths)
    assert isinstance(attached, Attached)
    question = asyncio.create_task(_ask(attached, {"text": "こんにちは"}))
    joining = asyncio.create_task(Instance.join(paths))
    await asyncio.sleep(0)
    assert not question.done()
    process.go_on()
    assert await question == [{"heard": "こんにちは"}]
    assert isinstance(await joining, Attached)
    process.go_on()
    assert process.finish() == 0
    assert not paths.address.exists()
    assert not paths.socket.exists()


async def test_an_owner_killed_in_mid_answer_is_replaced(paths: Paths) -> None:
    process = Process(SERVE, paths)
    assert process.read() == "Owner"
    process.go_on()
    attached = Instance.acquire(paths)
    assert isinstance(attached, Attached)
    answers = []
    async for answer in attached.request({"text": "wait"}):
        answers.append(answer)
        process.kill()
    assert answers == [{"heard": "wait"}]
    # Its socket and its address are still there; they deceive neither the next owner nor the asker.
    assert paths.address.exists()
    waiting = asyncio.create_task(_ask(attached, {"times": 1}))
    await asyncio.sleep(0)
    async with serving(paths, _echo):
        assert await waiting == [{"number": 0}]


async def test_joining_takes_the_place_of_an_owner_that_ends(paths: Paths) -> None:
    process = Process(SERVE, paths)
    assert process.read() == "Owner"
    joining = asyncio.create_task(Instance.join(paths))
    await asyncio.sleep(0)
    process.kill()
    owner = await joining
    assert isinstance(owner, Owner)
    owner.release()


async def test_an_address_of_an_earlier_owner_is_no_use(paths: Paths) -> None:
    async with serving(paths, _echo) as attached:
        address = paths.address.read_text()
        stale = json.dumps({**json.loads(address), "token": "0" * 64})
        write_private(paths.address, stale)
        waiting = asyncio.create_task(_ask(attached, {"times": 1}))
        assert not await attached.is_heard()
        write_private(paths.address, address)
        assert await waiting == [{"number": 0}]


async def test_leaving_early_closes_the_answer_over_there(paths: Paths) -> None:
    closed = asyncio.Event()

    async def endless(request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        try:
            yield {"first": True}
            await asyncio.Event().wait()
        finally:
            closed.set()

    async with serving(paths, endless) as attached:
        async with aclosing(attached.request({})) as answers:
            async for _ in answers:
                break
        await closed.wait()


async def test_stopping_closes_what_is_being_answered(paths: Paths) -> None:
    closed = asyncio.Event()

    async def endless(request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        try:
            yield {"first": True}
            await asyncio.Event().wait()
        finally:
            closed.set()

    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    await owner.serve(endless)
    async for _ in Attached(paths).request({}):
        await owner.stop()
    assert closed.is_set()
    assert isinstance(Instance.acquire(paths), Attached)
    owner.release()


async def test_a_broken_handler_ends_one_answer_and_is_logged(
    paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(paths, _echo) as attached:
        assert await _ask(attached, {}) == []
        assert await _ask(attached, {"times": 1}) == [{"number": 0}]
    assert "KeyError" in caplog.text


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\n",
        b"\xff\xfe\n",
        b"[1]\n",
        b'{"times": 1}\n',
        b'{"times": 1, "token": "\xc3\xa4"}\n',
        b'{"token": "\\ud800"}\n',
        b"{" * 1000,
        b"[" * 100_000 + b"\n",
        b'{"a":',
        b"x" * 9_000_000,
    ],
    ids=lambda garbage: repr(garbage[:24]),
)
async def test_garbage_and_strangers_do_no_harm(paths: Paths, garbage: bytes) -> None:
    async with serving(paths, _echo) as attached:
        reader, writer = await asyncio.open_unix_connection(str(paths.socket))
        try:
            writer.write(garbage)
            writer.write_eof()
            assert await reader.read() == b""
        except ConnectionError:
            pass  # hung up on while it was still talking
        finally:
            writer.transport.abort()
        assert await _ask(attached, {"times": 1}) == [{"number": 0}]


async def test_a_connection_that_says_nothing_is_closed(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.platform.instance._PATIENCE_S", 0.01)
    async with serving(paths, _echo):
        reader, writer = await asyncio.open_unix_connection(str(paths.socket))
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_an_owner_that_does_not_answer_is_said(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.platform.instance._CONNECT_S", 0.01)
    owner, attached = Instance.acquire(paths), Instance.acquire(paths)
    assert isinstance(owner, Owner)
    assert isinstance(attached, Attached)
    with pytest.raises(InstanceError, match="does not answer"):
        await anext(attached.request({}))
    with pytest.raises(InstanceError, match="does not answer"):
        await Instance.join(paths)
    owner.release()


async def test_a_request_too_long_for_the_socket_is_said(paths: Paths) -> None:
    with pytest.raises(RequestInvalid, match="too long"):
        await anext(Attached(paths).request({"text": "x" * 9_000_000}))


async def test_a_long_message_arrives_whole(paths: Paths) -> None:
    async def repeat(request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        yield request

    message = {"text": "語" * 1_000_000}
    async with serving(paths, repeat) as attached:
        assert await _ask(attached, message) == [message]


async def test_the_address_is_for_its_owner_only(paths: Paths) -> None:
    async with serving(paths, _echo):
        assert (paths.address.stat().st_mode & 0o077) == 0
        assert (paths.socket.stat().st_mode & 0o077) == 0
        assert len(json.loads(paths.address.read_text())["token"]) == 64
    assert not paths.address.exists()


async def test_a_socket_that_cannot_be_made_is_said(paths: Paths) -> None:
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    paths.runtime.rmdir()
    with pytest.raises(InstanceError, match="cannot listen"):
        await owner.serve(_echo)
    await owner.close()


def test_a_lock_that_cannot_be_opened_is_said(paths: Paths) -> None:
    paths.lock.mkdir()
    with pytest.raises(NotWritable) as caught:
        Instance.acquire(paths)
    assert str(paths.lock) in caught.value.message
