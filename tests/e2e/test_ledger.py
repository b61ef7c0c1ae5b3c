"""The ledger from outside: what a turn leaves behind, and what a spoiled file costs."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _environment(data: Path) -> dict[str, str]:
    hidden = ("ORCHESTRATOR_", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(hidden)}
    return {**kept, "ORCHESTRATOR_DATA_DIR": str(data), "ORCHESTRATOR_MOCK_MODE": "1"}


def _echelon(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=_environment(data),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "田中 Ж"


def test_a_question_leaves_rows_without_its_words(data: Path, tmp_path: Path) -> None:
    secret = "zanzibar"
    assert _echelon(data, "ask", f"Say {secret}.").returncode == 0
    exported = _echelon(data, "ledger", "export")
    rows = [json.loads(line) for line in exported.stdout.splitlines()]
    assert rows[0]["row"] == "turn"
    assert rows[0]["attempts"][0]["role"]
    assert secret not in exported.stdout
    assert secret.encode() not in (data / "ledger.db").read_bytes()
    saved = _echelon(data, "ledger", "export", "--output", str(tmp_path / "rows.jsonl"))
    assert saved.stdout == ""
    assert (tmp_path / "rows.jsonl").read_text("utf-8") == exported.stdout


def test_a_replay_says_honestly_that_there_is_too_little(data: Path) -> None:
    _echelon(data, "ask", "what is 2 + 2?")
    done = _echelon(data, "ledger", "replay")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 turns, ")
    assert "too little" in done.stdout or "No answer has been judged" in done.stdout
    wrong = _echelon(data, "ledger", "replay", "--policy", "nope")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "There is no policy" in wrong.stderr


def test_a_spoiled_ledger_is_said_and_the_question_answered(data: Path) -> None:
    data.mkdir()
    (data / "ledger.db").write_bytes(b"no database at all" * 500)
    done = _echelon(data, "ask", "hello")
    assert done.returncode == 0
    assert "tier" in done.stdout
    assert "set aside as ledger-set-aside-1.db" in done.stderr
    assert "Traceback" not in done.stderr
    assert _echelon(data, "ask", "hello").stderr == ""


@contextmanager
def _chatting(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a chat whose first answer has begun."""
    with subprocess.Popen(
        [sys.executable, "-m", "app", "chat"],
        cwd=ROOT,
        env={**_environment(data), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as chat:
        assert chat.stdin is not None
        assert chat.stdout is not None
        chat.stdin.write("tell me about tiers\n")
        chat.stdin.flush()
        assert chat.stdout.read(1)
        yield chat
        chat.stdin.close()
        chat.stdout.read()
        chat.wait(60)


def _turns(data: Path) -> list[dict[str, object]]:
    exported = _echelon(data, "ledger", "export")
    rows = [json.loads(line) for line in exported.stdout.splitlines()]
    return [row for row in rows if row["row"] == "turn"]


def test_a_second_process_reads_through_the_first(data: Path) -> None:
    with _chatting(data):
        assert _echelon(data, "ask", "--role", "coder", "hello").returncode == 0
        assert "coder" in [turn["start"] for turn in _turns(data)]
    assert len(_turns(data)) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_turn_that_ends_with_the_program_is_in_the_ledger(data: Path) -> None:
    with _chatting(data) as chat:
        chat.send_signal(signal.SIGTERM)
    (turn,) = _turns(data)
    assert turn["decision"] in {"cancelled", "accept"}  # as fast as the signal came
