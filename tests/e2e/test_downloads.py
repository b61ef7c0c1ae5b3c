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

from tests.fakes.download_kills import MIB, RATE, killed, when_sent
from tests.fakes.files import Served, content, serving

KILLS = 4
ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_kills_at_random_moments_cost_less_than_a_mib_each(tmp_path: Path) -> None:
    served = Served(content(12 * MIB + 4321), rate=RATE)
    outcome = asyncio.run(killed(tmp_path, served, random.Random(20261127), KILLS))
    assert outcome.same
    assert outcome.kills >= KILLS // 2
    assert outcome.again <= outcome.kills * MIB


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
        reached = when_sent(files, MIB)
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
        assert "100% of 3 MB" in err
    code, out, _ = await _said(_echelon(data, "downloads", "--json"))
    (listed,) = json.loads(out)["downloads"]
    assert (code, listed["state"], listed["done"]) == (0, "done", len(body))
    code, out, err = await _said(_echelon(data, "cancel", listed["id"][:8]))
    assert (code, out) == (1, "")
    assert "is done" in err
