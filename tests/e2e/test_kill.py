"""Whatever is killed, whenever: no accepted message is lost and no process is left behind."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

MOMENTS = 50
ROOT = Path(__file__).parents[2]
QUESTION = "Count from 1 to 20."
ENDS = {"finished", "failed"}


class Core:
    """A core process on its own data folder, in its own process group."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.engines: set[int] = set()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.core_process"],
            cwd=ROOT,
            env={**os.environ, "ORCHESTRATOR_DATA_DIR": str(data)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )
        assert self.next()["kind"] == "open"

    def next(self) -> dict[str, Any]:
        """Return what the core says next."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        message: dict[str, Any] = json.loads(line) if line else {"kind": "gone"}
        self.engines.update(message.get("engines", []))
        return message

    def ask(self, number: int) -> None:
        """Send a question that can be found again."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{QUESTION} ({number})\n")
        self.process.stdin.flush()

    def until_end(self) -> str:
        """Read to the end of the running turn and say how it ended."""
        while (kind := self.next()["kind"]) not in {*ENDS, "gone"}:
            pass
        return str(kind)

    def close(self) -> None:
        """Make sure that the process is over and collected."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


def _kill_engine(core: Core) -> None:
    for pid in core.engines:
        if psutil.pid_exists(pid):
            os.kill(pid, signal.SIGKILL)


def _kill_app(core: Core) -> None:
    os.kill(core.process.pid, signal.SIGKILL)


def _kill_group(core: Core) -> None:
    os.killpg(core.process.pid, signal.SIGKILL)


def _stored_questions(data: Path) -> list[str]:
    (database,) = data.rglob("echelon.db")
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT content FROM messages WHERE role = 'user'").fetchall()
    connection.close()
    return [row[0] for row in rows]


def _alive(pids: set[int]) -> list[psutil.Process]:
    found = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    return psutil.wait_procs(found, timeout=10)[1]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "田中 Ж"
    folder.mkdir()
    return folder


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_kills_at_random_moments_lose_nothing(data: Path) -> None:
    chance = random.Random(20261123)
    engines: set[int] = set()
    accepted: list[str] = []
    core = Core(data)
    for number in range(MOMENTS):
        strike = chance.choice([_kill_engine, _kill_app, _kill_group])
        core.ask(number)
        said = _listen(core, chance.randrange(0, 30))
        strike(core)
        if strike is _kill_engine and not said & ENDS:
            assert core.until_end() in ENDS
            said.add("accepted")
        if "accepted" in said:
            accepted.append(f"{QUESTION} ({number})")
        engines |= core.engines
        if strike is not _kill_engine:
            core.close()
            assert _alive(core.engines) == [], f"left behind after kill {number}"
            core = Core(data)
    core.close()
    assert _alive(engines) == []
    stored = _stored_questions(data)
    assert [text for text in accepted if text not in stored] == []
    assert len(stored) == len(set(stored))
    assert len(accepted) > MOMENTS // 2


def _listen(core: Core, messages: int) -> set[str]:
    """Hear up to so many messages of the running turn; return their kinds."""
    said: set[str] = set()
    for _ in range(messages):
        said.add(core.next()["kind"])
        if said & ENDS:
            break
    return said
