"""What is told of moves, and how they are taken back."""

import pytest

from app.domain.errors import RequestInvalid
from app.domain.routing import ChangeRecord, LedgerRecord
from app.orchestration.learning.moves import MovesDesk, lines
from app.orchestration.learning.resets import Resets
from app.orchestration.router.starts import Starts
from app.orchestration.skills import Skills
from tests.unit.orchestration.learning.company import ROSTER

MOVE = ChangeRecord(
    at=5, id="m1", kind="move", subject="math", before="front", after="worker", reason="since then"
)


async def _ready() -> None:
    """Be ready."""


async def test_a_move_is_told_and_taken_back() -> None:
    starts = Starts(lambda: ROSTER.answering, Skills(), lambda role: role.name, lambda: "u1")
    rows: list[LedgerRecord] = []

    def write(row: LedgerRecord) -> None:
        rows.append(row)
        starts.note(row)

    resets = Resets(lambda: ROSTER.answering, lambda role: role.name, lambda: "r1", str)
    desk = MovesDesk(starts, resets, write, lambda: 9.0, _ready)
    assert "Nothing was moved" in lines(await desk.answer({"op": "moves"}))[0]
    starts.note(MOVE)
    told = lines(await desk.answer({"op": "moves"}))
    assert told == ["m1  math: front -> worker, since then"]
    assert await desk.undo({"op": "undo move", "id": "m1"}) == {"moves": [], "resets": []}
    (row,) = rows
    assert isinstance(row, ChangeRecord)
    assert (row.kind, row.at, row.id) == ("undo", 9.0, "u1")
    resets.note(ChangeRecord(at=7, id="r1", kind="reset", subject="worker", reason="another"))
    nothing, changed = lines(await desk.answer({"op": "moves"}))
    assert "Nothing was moved" in nothing
    assert changed == "worker: another"
    with pytest.raises(RequestInvalid):
        await desk.undo({"op": "undo move", "id": "m1"})
