"""Tells of moves of starts and of changed models, and takes moves back when the user says so."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.domain.errors import RequestInvalid
from app.domain.routing import ChangeRecord, LedgerRecord
from app.orchestration.learning.resets import Resets
from app.orchestration.router.starts import Starts

# Answers one request with plain data.
Query = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class MovesRequest(BaseModel):
    """Asks for the moves that hold, or to take one back by its id."""

    model_config = ConfigDict(extra="forbid")

    op: str
    id: str = ""


class MovesDesk:
    """Answers requests about moves."""

    def __init__(
        self,
        starts: Starts,
        resets: Resets,
        write: Callable[[LedgerRecord], None],
        wall_clock: Callable[[], float],
        ready: Callable[[], Awaitable[None]],
    ) -> None:
        """Join the parts; `write` takes the row of an undo, `ready` is when rows were recalled."""
        self._starts = starts
        self._resets = resets
        self._write = write
        self._now = wall_clock
        self._ready = ready

    def queries(self) -> dict[str, Query]:
        """Return what can be asked, by operation."""
        return {"moves": self.answer, "undo move": self.undo}

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the moves that hold, and who has another model, as rows of the ledger."""
        MovesRequest.model_validate(request)
        return await self._all()

    async def undo(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take a move back; return those that still hold.

        Raises:
            RequestInvalid: there is no such move, or it does not hold any more.
        """
        asked = MovesRequest.model_validate(request)
        await self._ready()
        row = self._starts.undo(asked.id, self._now())
        if row is None:
            raise RequestInvalid(
                "There is no such move to take back.",
                remedy="`echelon moves` lists those there are.",
            )
        self._write(row)
        return await self._all()

    async def _all(self) -> dict[str, Any]:
        await self._ready()
        told = {"moves": self._starts.moves(), "resets": self._resets.resets()}
        return {
            name: [each.model_dump(mode="json") for each in rows] for name, rows in told.items()
        }


def lines(answer: dict[str, Any]) -> list[str]:
    """Return the moves, and who has another model, as lines for a terminal."""
    rows = [ChangeRecord.model_validate(each) for each in answer["moves"]]
    told = [
        f"{each.id}  {each.subject}: {each.before} -> {each.after}, {each.reason}" for each in rows
    ]
    if not told:
        told = ["Nothing was moved: every kind of task begins where each question is worth most."]
    changed = [ChangeRecord.model_validate(each) for each in answer["resets"]]
    return told + [f"{each.subject}: {each.reason}" for each in changed]
