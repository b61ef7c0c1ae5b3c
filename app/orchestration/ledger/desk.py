"""Requests of terminals about the ledger: its rows, page by page.

What is made of the rows is made by whoever asks, so that a replay of years does not slow down the
window of the process that owns the core.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.orchestration.ledger.ledger import Ledger


class RowsRequest(BaseModel):
    """Which rows: those after a row, not before so many newest turns, with or without bulk."""

    model_config = ConfigDict(extra="ignore")

    seen: int = Field(0, ge=0)
    newest_turns: int = Field(0, ge=0)
    lean: bool = False


class LedgerDesk:
    """Answers requests about past decisions."""

    def __init__(self, ledger: Ledger) -> None:
        """Read `ledger`."""
        self._ledger = ledger

    async def rows(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return one page of rows, each a line of JSON."""
        asked = RowsRequest.model_validate(request)
        found = await self._ledger.page(
            asked.seen, newest_turns=asked.newest_turns, lean=asked.lean
        )
        return {"lines": found.lines, "seen": found.seen, "is_last": found.is_last}
