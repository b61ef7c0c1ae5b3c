"""The command line: what is written there reaches the command that does it."""

from typing import Any

import pytest

from app import model_commands
from app.__main__ import _parser, main


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        (
            "models search qwen coder --sort likes --limit 500 --json",
            {"op": "models search", "text": "qwen coder", "sort": "likes", "limit": 100},
        ),
        ("models search", {"op": "models search", "text": "", "sort": "trending", "limit": 20}),
        (
            "models show ada/m --context 4096 --card",
            {"op": "models show", "repo": "ada/m", "context": 4096, "card": True},
        ),
        ("models connection", {"op": "models connection"}),
        ("models list", {"op": "models list"}),
        ("models folders", {"op": "models folders"}),
        ("models downloads --json", {"op": "downloads"}),
        ("models pause abc", {"op": "download", "id": "abc", "do": "pause"}),
        ("models sets --memory 16", {"op": "models sets", "memory": 16.0}),
        ("models doctor front", {"op": "models crash", "name": "front"}),
    ],
)
def test_commands_about_models(
    line: str, request_: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Any, Any]] = []

    def report(request: Any, lines: Any = None) -> int:
        told.append((request, lines))
        return 0

    monkeypatch.setattr(model_commands, "report", report)
    assert main(line.split()) == 0
    ((request, lines),) = told
    assert request == request_
    assert (lines is None) == ("--json" in line)


@pytest.mark.parametrize(
    "line", ["models", "models show", "models search --sort best", "models show a/b --context 0",
             "models search --limit many"]
)  # fmt: skip
def test_a_line_that_makes_no_sense_is_refused(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args(line.split())
    assert "usage: echelon models" in capsys.readouterr().err
