"""Measurements in a terminal: progress on standard error, figures on standard output."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from app.benches import measure
from app.domain.benching import Benchmark, Rates
from app.models.benching.desk import plain
from app.terminal import FAILED, OK, Message

RATES = Rates(prefill_tokens_s=100, decode_tokens_s=10, setting="here")
FOUND = plain(Benchmark(model="m", model_id="id", rates=RATES))
STEPS: list[Message] = [
    {"kind": "step", "phase": "loading", "fraction": 0.0},
    {"kind": "step", "phase": "loading", "fraction": 0.2},
    {"kind": "step", "phase": "measuring", "fraction": 0.7},
]


class Core:
    """Answers a request with messages."""

    def __init__(self, *messages: Message) -> None:
        self._messages = messages
        self.asked: list[Message] = []

    async def __call__(self, request: Message) -> AsyncGenerator[Message, None]:
        self.asked.append(request)
        for message in self._messages:
            yield message


async def test_figures_are_printed_once_they_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    core = Core(*STEPS, {"kind": "answered", "answer": FOUND})
    assert await measure(core, "front", anyway=True, as_json=False) == OK
    out, err = capsys.readouterr()
    assert "reads  100 tokens/s" in out
    assert err == "loading\nmeasuring\n"
    assert core.asked == [{"op": "models bench", "name": "front", "anyway": True}]
    await measure(core, "front", anyway=False, as_json=True)
    assert json.loads(capsys.readouterr().out) == FOUND


async def test_a_file_is_named_so_that_the_core_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.gguf").touch()
    monkeypatch.chdir(tmp_path)
    core = Core({"kind": "answered", "answer": FOUND})
    for name in ("m.gguf", "none.gguf", "front"):
        await measure(core, name, anyway=False, as_json=True)
    assert [each["name"] for each in core.asked] == [
        str(tmp_path / "m.gguf"),
        "none.gguf",
        "front",
    ]


async def test_what_went_wrong_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    failed = {"kind": "failed", "message": "It ended.", "remedy": "Load less."}
    assert await measure(Core(*STEPS, failed), "m", anyway=False, as_json=True) == FAILED
    assert capsys.readouterr().err.endswith("It ended.\nLoad less.\n")
    assert await measure(Core(*STEPS), "m", anyway=False, as_json=True) == FAILED
    assert "before all was measured" in capsys.readouterr().err


async def test_a_person_sees_one_line_that_changes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    core = Core(*STEPS, {"kind": "answered", "answer": FOUND})
    await measure(core, "m", anyway=False, as_json=True)
    err = capsys.readouterr().err
    assert "loading  20%" in err
    assert err.endswith("\r\x1b[K")
