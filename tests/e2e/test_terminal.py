"""The program from outside: what it prints where, and how it leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
JAPAN = "What is the capital of Japan?"


def _echelon(
    data: Path, *arguments: str, given: str = "", **extra: str
) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("ORCHESTRATOR_")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        kept.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={**kept, "ORCHESTRATOR_DATA_DIR": str(data), **extra},
        input=given,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "田中 Ж"


def test_ask_prints_the_answer_and_nothing_else(data: Path) -> None:
    done = _echelon(data, "ask", JAPAN)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()
    assert done.stdout.endswith("\n")


def test_a_question_may_come_from_standard_input(data: Path) -> None:
    done = _echelon(data, "ask", given=JAPAN)
    assert done.stdout.strip()


def test_mock_mode_answers_without_a_model(data: Path) -> None:
    done = _echelon(data, "ask", "hello", ORCHESTRATOR_MOCK_MODE="1")
    assert done.returncode == 0
    assert "tier A" in done.stdout


@pytest.mark.slow
def test_a_model_is_measured_here_and_the_figures_are_kept_by_its_id(data: Path) -> None:
    done = _echelon(data, "models", "bench", "front", "--json")
    assert done.returncode == 0, done.stderr
    assert "measuring" in done.stderr
    found = json.loads(done.stdout)
    assert found["model_id"].startswith("sha256:")
    assert min(found[key] for key in ("prefill_tokens_s", "decode_tokens_s", "load_s")) > 0
    assert found["bytes"] > 0
    costs = found["verifying"]
    assert min(costs["milliseconds"].values()) > 0
    assert {str(rows) for rows in costs["grid"]} <= set(costs["milliseconds"])
    known = _echelon(data, "models", "bench", "--json")
    assert json.loads(known.stdout) == {"benchmarks": [found]}


def test_the_role_can_be_chosen(data: Path) -> None:
    done = _echelon(data, "ask", "--role", "coder", "hello", ORCHESTRATOR_MOCK_MODE="1")
    assert "tier B" in done.stdout


def test_without_a_display_the_chat_opens_in_the_terminal(data: Path) -> None:
    done = _echelon(data, given="hello\nAnd of Peru?\n", ORCHESTRATOR_MOCK_MODE="1")
    assert done.returncode == 0
    assert "There is no display here" in done.stderr
    assert [word in done.stdout for word in ("Hello!", "Peru")] == [True, True]


def test_many_at_once_are_all_answered(data: Path) -> None:
    command = [sys.executable, "-m", "app", "ask", JAPAN]
    env = {**os.environ, "ORCHESTRATOR_DATA_DIR": str(data)}
    running = [
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = [process.communicate(timeout=100)[0] for process in running]
    assert all(answer.strip() for answer in answers)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "is no GGUF"),
        (b"GGUF" + bytes(4), "cannot be loaded"),
        (b"", "is no GGUF"),
    ],
)
def test_a_bad_model_file_is_said_with_a_remedy(data: Path, content: bytes, said: str) -> None:
    data.mkdir()
    (data / "bad.gguf").write_bytes(content)
    registry = data / "registry.yaml"
    registry.write_text("models: {m: {path: bad.gguf}}\nroles: {front: {tier: A, model: m}}\n")
    done = _echelon(data, "ask", "hi", ORCHESTRATOR_REGISTRY=str(registry))
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "extra", "said"),
    [
        (["ask", " "], {}, "The message is empty."),
        (["ask", "--role", "frnt", "hi"], {}, "Did you mean “front”?"),
        (["ask", "word " * 2000], {}, "longer than the model can read"),
        (["ask", "hi"], {"ORCHESTRATOR_THRED": "1"}, "Did you mean ORCHESTRATOR_THREADS?"),
        (["ask", "hi"], {"ORCHESTRATOR_REGISTRY": "nowhere.yaml"}, "ORCHESTRATOR_REGISTRY"),
        (["ask", "hi"], {"ORCHESTRATOR_DATA_DIR": "/proc/none"}, "ORCHESTRATOR_DATA_DIR"),
    ],
)
def test_mistakes_are_said_in_words(
    data: Path, arguments: list[str], extra: dict[str, str], said: str
) -> None:
    done = _echelon(data, *arguments, **extra)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
