"""One owner per user, whoever comes first and however the last one ended."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import InstanceError
from app.platform.instance import Attached, Instance, Owner
from app.platform.paths import Paths

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from app.platform.instance import Instance
from app.platform.paths import Paths
paths = Paths.discover(Path(sys.argv[1]))
paths.ensure()
held = Instance.acquire(paths)
print(type(held).__name__, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths.discover(tmp_path / "田中 Ж")
    found.ensure()
    return found


def _start(paths: Paths) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(paths.data)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


async def _echo(request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
    for number in range(int(request["times"])):
        yield {"number": number}


def test_of_many_that_start_at_once_one_owns_the_core(paths: Paths) -> None:
    processes = [_start(paths) for _ in range(5)]
    found = [process.stdout.readline().strip() for process in processes if process.stdout]
    for process in processes:
        _end(process)
    assert sorted(found) == ["Attached"] * 4 + ["Owner"]


def test_a_killed_owner_leaves_the_place_free(paths: Paths) -> None:
    process = _start(paths)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "Owner"
    assert isinstance(Instance.acquire(paths), Attached)
    os.kill(process.pid, signal.SIGKILL)
    _end(process)
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    owner.release()


async def test_an_attached_process_is_answered(paths: Paths) -> None:
    owner, attached = Instance.acquire(paths), Instance.acquire(paths)
    assert isinstance(owner, Owner)
    assert isinstance(attached, Attached)
    await owner.serve(_echo)
    answers = [answer async for answer in attached.request({"times": 3})]
    assert answers == [{"number": 0}, {"number": 1}, {"number": 2}]
    await owner.close()


async def test_leaving_early_closes_the_answer_over_there(paths: Paths) -> None:
    closed = asyncio.Event()

    async def endless(request: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        try:
            yield {"first": True}
            await asyncio.Event().wait()
        finally:
            closed.set()

    owner, attached = Instance.acquire(paths), Instance.acquire(paths)
    assert isinstance(owner, Owner)
    assert isinstance(attached, Attached)
    await owner.serve(endless)
    async with aclosing(attached.request({})) as answers:
        async for _ in answers:
            break
    await closed.wait()
    await owner.close()


@pytest.mark.parametrize(
    "garbage", [b"", b"\n", b"\xff\xfe\n", b"[1]\n", b'{"times": 1}\n', b"{" * 1000, b'{"a":']
)
async def test_garbage_and_strangers_do_no_harm(paths: Paths, garbage: bytes) -> None:
    owner, attached = Instance.acquire(paths), Instance.acquire(paths)
    assert isinstance(owner, Owner)
    assert isinstance(attached, Attached)
    await owner.serve(_echo)
    reader, writer = await asyncio.open_unix_connection(str(paths.runtime / "core.sock"))
    writer.write(garbage)
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert [answer async for answer in attached.request({"times": 1})] == [{"number": 0}]
    await owner.close()


async def test_an_owner_that_does_not_answer_is_said(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.platform.instance._CONNECT_TRIES", 2)
    owner, attached = Instance.acquire(paths), Instance.acquire(paths)
    assert isinstance(owner, Owner)
    assert isinstance(attached, Attached)
    with pytest.raises(InstanceError):
        await anext(attached.request({}))
    owner.release()


async def test_the_address_is_for_its_owner_only(paths: Paths) -> None:
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    await owner.serve(_echo)
    address = paths.runtime / "core.json"
    assert (address.stat().st_mode & 0o077) == 0
    assert len(json.loads(address.read_text())["token"]) == 64
    await owner.close()
    assert not address.exists()
