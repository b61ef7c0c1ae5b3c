"""The terminal's commands about the ledger: what they print, where, and what they refuse."""

import json
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from app.domain.routing import LedgerRecord
from app.orchestration.ledger.rows import to_line, to_row
from app.records import export, replay
from tests.unit.orchestration.replay.logs import World

Message = dict[str, Any]


class Door:
    """Answers requests for rows from a list, so many lines at a time."""

    def __init__(self, rows: list[LedgerRecord], size: int = 50) -> None:
        lines = []
        for number, row in enumerate(rows, start=1):
            kind, _, _, body = to_row(row)
            line = to_line(number, kind, body.encode())
            assert line is not None
            lines.append(line)
        self.lines = lines
        self.size = size
        self.asked: list[Message] = []
        self.failure: Message | None = None

    async def __call__(self, request: Message) -> AsyncGenerator[Message, None]:
        self.asked.append(request)
        if self.failure is not None and len(self.asked) > 1:
            yield self.failure
            return
        seen = request["seen"]
        found = self.lines[seen : seen + self.size]
        last = seen + len(found) >= len(self.lines)
        yield {
            "kind": "answered",
            "answer": {"lines": found, "seen": seen + len(found), "is_last": last},
        }


def _door(count: int = 150) -> Door:
    turns, outcomes = World(5).log(count)
    return Door([*turns, *outcomes])


async def test_every_row_is_a_line_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    door = _door(60)
    assert await export(door, "-") == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == door.lines
    assert printed.err == ""


async def test_rows_go_to_a_file_that_is_whole_or_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    door, path = _door(60), tmp_path / "out.jsonl"
    assert await export(door, str(path)) == 0
    assert path.read_text("utf-8").splitlines() == door.lines
    assert capsys.readouterr().out == ""
    again = _door(60)
    again.failure = {"kind": "failed", "message": "Gone.", "remedy": "Try again."}
    assert await export(again, str(path)) == 1
    assert path.read_text("utf-8").splitlines() == door.lines
    assert os.listdir(tmp_path) == ["out.jsonl"]  # noqa: PTH208 - no second name for one line
    assert "Gone." in capsys.readouterr().err


async def test_a_place_that_takes_nothing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "folder", tmp_path / "nowhere" / "out.jsonl"):
        assert await export(_door(10), str(place)) == 1
        said = capsys.readouterr().err
        assert "cannot be written" in said
        assert "Traceback" not in said
    assert os.listdir(tmp_path) == ["folder"]  # noqa: PTH208 - as above


async def test_an_owner_that_leaves_midway_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    nothing: list[Message] = []

    async def silent(_: Message) -> AsyncGenerator[Message, None]:
        for message in nothing:
            yield message

    assert await replay(silent, [], as_json=False) == 1
    assert "ended before" in capsys.readouterr().err


async def test_a_replay_is_a_table_of_policies(capsys: pytest.CaptureFixture[str]) -> None:
    door = _door()
    assert await replay(door, [], as_json=False) == 0
    told = capsys.readouterr().out
    for name in ("as-logged", "likeliest", "always=large", "dial=0.5"):
        assert f"\n{name} " in told
    assert all(request["lean"] for request in door.asked)
    assert len(door.asked) == 6


async def test_a_replay_of_chosen_policies_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert await replay(_door(), ["always=small", "dial=0.9"], as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert [line["policy"] for line in found["lines"]] == ["always=small", "dial=0.9"]
    assert found["judged"] == 150


@pytest.mark.parametrize(
    ("name", "said"), [("nope", "There is no policy “nope”"), ("always=nobody", "No turn could")]
)
async def test_unknown_policies_are_refused(
    name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await replay(_door(), [name], as_json=False) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert "always=" in printed.err


async def test_an_empty_ledger_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert await replay(Door([]), ["always=front"], as_json=False) == 0
    assert "No answer has been judged yet" in capsys.readouterr().out
    assert await export(Door([]), "-") == 0


async def test_rows_nobody_understands_are_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    door = _door()
    door.lines += ["no json", '{"row":"dream","number":1,"at":1}']
    assert await replay(door, [], as_json=False) == 0
    assert capsys.readouterr().out.startswith("150 turns")


async def test_a_reader_that_leaves_ends_the_export(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def writelines(self, _: object) -> None:
            raise BrokenPipeError

        def fileno(self) -> int:
            return 99

    diverted: list[int] = []
    monkeypatch.setattr("os.dup2", lambda _, to: diverted.append(to))
    monkeypatch.setattr("os.open", lambda *_: 98)
    monkeypatch.setattr(sys, "stdout", Gone())
    door = _door()
    assert await export(door, "-") == 0
    assert len(door.asked) == 1
    assert diverted == [99]
