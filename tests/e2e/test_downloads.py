"""Downloads whose process is killed at any moment: nothing is lost, little is fetched again."""

import asyncio
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.files import Files, Served, content, serving

MIB = 1 << 20
KILLS = 10
ROOT = Path(__file__).parents[2]
# Slow enough that what is under way in the system's buffers stays small beside what is counted.
RATE = 4 * MIB


async def _started(folder: Path, url: str, sha256: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.download_process", str(folder), url, sha256),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )


def _when_sent(files: Files, count: int) -> asyncio.Event:
    """Return an event for the moment when so many bytes have gone out."""
    reached = asyncio.Event()

    def look(path: str, _: int) -> None:
        if files.bytes_sent(path) >= count:
            reached.set()

    files.on_body = look
    return reached


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_kills_at_random_moments_cost_less_than_a_mib_each(tmp_path: Path) -> None:
    asyncio.run(_killed(tmp_path))


async def _killed(folder: Path) -> None:
    chance = random.Random(20261127)
    body = content(12 * MIB + 4321)
    sha256 = hashlib.sha256(body).hexdigest()
    async with serving(file=Served(body, rate=RATE)) as files:
        kills = 0
        for _ in range(KILLS):
            until = files.bytes_sent("/file") + chance.randrange(64 << 10, 2 * MIB)
            reached = _when_sent(files, until)
            process = await _started(folder, files.url("/file"), sha256)
            ended = asyncio.ensure_future(process.wait())
            struck = asyncio.ensure_future(reached.wait())
            await asyncio.wait({ended, struck}, return_when=asyncio.FIRST_COMPLETED)
            struck.cancel()
            if ended.done():
                break
            process.kill()
            kills += 1
            await ended
        files.on_body = None
        process = await _started(folder, files.url("/file"), sha256)
        said, _ = await process.communicate()
        again = files.bytes_sent("/file") - len(body)
    assert said.decode().strip() == "done"
    assert (folder / "models" / "model.gguf").read_bytes() == body
    assert kills >= KILLS // 2
    assert again <= kills * MIB, f"{again / kills / MIB:.2f} MiB were fetched again per kill"


def _echelon(data: Path, *arguments: str) -> subprocess.Popen[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("ORCHESTRATOR_")}
    return subprocess.Popen(
        [sys.executable, "-m", "app", "models", *arguments],
        cwd=ROOT,
        env={**kept, "ORCHESTRATOR_DATA_DIR": str(data), "ORCHESTRATOR_MOCK_MODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def _said(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = await asyncio.to_thread(process.communicate)
    return process.returncode, out, err


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_terminal_gets_a_file_and_goes_on_with_what_was_stopped(tmp_path: Path) -> None:
    asyncio.run(_pulled(tmp_path / "田中 Ж"))


async def _pulled(data: Path) -> None:
    body = content(3 * MIB)
    served = {"model.gguf": Served(body, stall_after=MIB // 2)}
    async with serving(**served) as files:
        pull = ("pull", files.url("/model.gguf"), "--sha256", hashlib.sha256(body).hexdigest())
        reached = _when_sent(files, MIB)
        first = _echelon(data, *pull)
        await reached.wait()
        first.send_signal(signal.SIGTERM)
        code, out, _ = await _said(first)
        assert (code, out) == (130, "")
        served["model.gguf"].stall_after = None
        sent = files.bytes_sent("/model.gguf")
        code, out, err = await _said(_echelon(data, *pull))
        assert (code, out.strip()) == (0, str(data / "models" / "model.gguf")), err
        assert files.bytes_sent("/model.gguf") - sent < len(body)
        assert "100% of 3.1 MB" in err
    code, out, _ = await _said(_echelon(data, "downloads", "--json"))
    (listed,) = json.loads(out)["downloads"]
    assert (code, listed["state"], listed["done"]) == (0, "done", len(body))
    code, out, err = await _said(_echelon(data, "cancel", listed["id"][:8]))
    assert (code, out) == (1, "")
    assert "is done" in err
