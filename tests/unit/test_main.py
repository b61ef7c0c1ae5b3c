"""The command line: what is written there reaches the command that does it."""

from types import ModuleType
from typing import Any

import pytest

from app.__main__ import _COMMANDS, _parser


class Told(ModuleType):
    """Commands that only note how they were called."""

    def __init__(self) -> None:
        super().__init__("told")
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        def command(*given: Any, **named: Any) -> int:
            self.calls.append((name, *given, named))
            return 0

        return command


@pytest.mark.parametrize(
    ("line", "call"),
    [
        (
            "models search qwen coder --sort likes --limit 500 --json",
            ("search_models", "qwen coder", {"sort": "likes", "limit": 100, "as_json": True}),
        ),
        (
            "models search",
            ("search_models", "", {"sort": "trending", "limit": 20, "as_json": False}),
        ),
        (
            "models show ada/m --context 4096 --card",
            ("show_model", "ada/m", {"context": 4096, "card": True, "as_json": False}),
        ),
        ("models connection", ("reach_hub", {"as_json": False})),
    ],
)
def test_commands_about_models(line: str, call: tuple[Any, ...]) -> None:
    told = Told()
    args = _parser().parse_args(line.split())
    assert _COMMANDS["models"](told, args) == 0
    assert told.calls == [call]


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
