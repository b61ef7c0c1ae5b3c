"""Child processes one by one: handshake, log, stop, and what happens without a parent."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from app.domain.errors import EngineStartFailed
from app.engines.enginelog import EngineLog
from app.engines.exits import decode
from app.engines.launch import environment
from app.engines.process import EngineProcess
from tests.fakes.engines import engine_processes

ROOT = Path(__file__).parents[2]
CHILD = str(ROOT / "tests" / "fakes" / "scripted_child.py")
MOCK = [sys.executable, "-m", "app.engines.mock", "--load-seconds", "0"]


@asynccontextmanager
async def running(folder: Path, *command: str) -> AsyncIterator[EngineProcess]:
    """Yield a child started like an engine; it is gone afterwards."""
    log = EngineLog(folder / "child.log")
    env = environment("key", os.environ)
    process = await EngineProcess.spawn(command, env=env, cwd=folder, log=log)
    try:
        yield process
    finally:
        await process.stop()
        log.close()


def scripted(mode: str) -> list[str]:
    return [sys.executable, CHILD, mode]


async def test_the_first_line_tells_the_port_and_the_rest_is_log(tmp_path: Path) -> None:
    async with running(tmp_path, *scripted("chatty")) as process:
        assert await process.handshake() == 1
        assert process.returncode is None
        await process.stop()
        assert {"stray output", "half a line"} <= set(process.log.tail())


@pytest.mark.parametrize("mode", ["babble", "mute", "fail"])
async def test_a_child_that_does_not_introduce_itself_is_refused(tmp_path: Path, mode: str) -> None:
    async with running(tmp_path, *scripted(mode)) as process:
        with pytest.raises(EngineStartFailed) as caught:
            await process.handshake()
        assert caught.value.remedy


async def test_last_words_are_read_before_the_end_is_told(tmp_path: Path) -> None:
    async with running(tmp_path, *scripted("fail")) as process:
        end = decode(await process.wait(), process.log.tail(), loading=True)
        assert end.code == "out_of_memory"
        assert "1 GB too little" in end.error.message


async def test_a_program_that_is_not_there_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(EngineStartFailed) as caught:
        async with running(tmp_path, str(tmp_path / "no such program")):
            pass
    assert caught.value.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to ignore")
async def test_who_ignores_the_request_is_killed(tmp_path: Path) -> None:
    async with running(tmp_path, *scripted("stubborn")) as process:
        await process.handshake()
        assert await process.stop(grace_s=0.1) == -signal.SIGKILL


async def test_a_cancelled_stop_still_ends_the_child(tmp_path: Path) -> None:
    async with running(tmp_path, *scripted("stubborn")) as process:
        await process.handshake()
        stopping = asyncio.create_task(process.stop(grace_s=60))
        await asyncio.sleep(0)
        stopping.cancel()
        await asyncio.wait({stopping})
        assert await process.wait() != 0


async def test_the_mock_ends_politely(tmp_path: Path) -> None:
    async with running(tmp_path, *MOCK) as process:
        await process.handshake()
        assert await process.stop() == 0


async def test_the_mock_ends_when_its_line_to_the_parent_is_cut(tmp_path: Path) -> None:
    async with running(tmp_path, *MOCK) as process:
        await process.handshake()
        assert process._process.stdin is not None
        process._process.stdin.close()
        assert await process.wait() == 3


async def test_the_mock_asks_everybody_for_the_key_except_about_its_health(tmp_path: Path) -> None:
    async with running(tmp_path, *MOCK) as process:
        base = f"http://127.0.0.1:{await process.handshake()}"
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
            assert (await http.get("/health")).status_code in (200, 503)
            wrong = {"Authorization": "Bearer guess"}
            for answer in (
                await http.get("/v1/models"),
                await http.get("/v1/models", headers=wrong),
                await http.post("/v1/chat/completions", json={}),
                await http.post("/v1/completions", json={}, headers=wrong),
                await http.post("/v1/embeddings", json={}),
                await http.post("/tokenize", json={}),
            ):
                assert answer.status_code == 401
                assert answer.json()["error"]["code"] == "unauthorized"


@pytest.mark.skipif(sys.platform == "win32", reason="kills the POSIX way")
@pytest.mark.parametrize(
    ("moment", "extra"), [("ready", []), ("loading", ["--load-seconds", "60"])]
)
def test_no_engine_outlives_a_killed_parent(tmp_path: Path, moment: str, extra: list[str]) -> None:
    command = [sys.executable, "-m", "tests.fakes.engine_parent", str(tmp_path), *extra]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        while parent.stdout.readline().strip() != moment:
            assert parent.poll() is None
        [engine] = engine_processes(parent.pid)
        parent.kill()
    assert psutil.wait_procs([engine], timeout=10)[1] == []
