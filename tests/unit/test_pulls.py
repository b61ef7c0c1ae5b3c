"""Downloads in a terminal: the path on standard output, everything else on standard error."""

from collections.abc import AsyncGenerator

import pytest

from app.pulls import line, listed, pull
from app.terminal import Message

BASE: Message = {
    "id": "0123456789abcdef",
    "label": "model.gguf",
    "folder": "/models",
    "names": ["model.gguf"],
    "state": "running",
    "position": 1,
    "done": 500_000_000,
    "total": 2_000_000_000,
    "rate": 25_000_000.0,
    "eta_s": 60.0,
    "code": "",
    "message": "",
    "remedy": "",
}


class Core:
    """Answers one request after another."""

    def __init__(self, *answers: Message) -> None:
        self._answers = list(answers)
        self.asked: list[Message] = []

    async def __call__(self, request: Message) -> AsyncGenerator[Message, None]:
        self.asked.append(request)
        yield self._answers.pop(0)


def _answer(**fields: object) -> Message:
    return {"kind": "answered", "answer": {**BASE, **fields}}


async def test_a_path_is_printed_when_the_file_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    core = Core(
        _answer(state="waiting", done=0, total=None, rate=None, eta_s=None),
        _answer(),
        _answer(done=510_000_000),
        _answer(state="done", done=2_000_000_000, rate=None, eta_s=None),
    )
    assert await pull(core, "http://h/model.gguf", sha256="", to="") == 0
    said = capsys.readouterr()
    assert said.out == "/models/model.gguf\n"
    assert said.err.splitlines() == [
        "model.gguf  waiting",
        "model.gguf  running  25% of 1.9 GB  24 MB/s  1 min left",
        "model.gguf  done  100% of 1.9 GB",
    ]
    assert [each["op"] for each in core.asked] == ["pull", *["watch download"] * 3]


async def test_a_failure_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    failed = _answer(state="failed", message="The disk is full.", remedy="Free some space.")
    assert await pull(Core(failed), "http://h/x", sha256="", to="there") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-2:] == ["The disk is full.", "Free some space."]


async def test_a_refusal_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    refused = {"kind": "failed", "message": "No.", "remedy": "Ask otherwise."}
    assert await pull(Core(refused), "x", sha256="", to="") == 1
    assert capsys.readouterr().err.splitlines() == ["No.", "Ask otherwise."]


def test_the_queue_in_words() -> None:
    retrying = {**BASE, "state": "retrying", "rate": None, "eta_s": None, "message": "no answer"}
    assert list(listed({"downloads": [retrying]})) == [
        "01234567  model.gguf  retrying  25% of 1.9 GB  no answer"
    ]
    assert list(listed({"downloads": []})) == ["There are no downloads."]
    assert "477 MB" in line({**BASE, "total": None})
