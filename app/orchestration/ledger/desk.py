"""Requests about the ledger: export and replay."""

from random import Random
from typing import Any

from app.orchestration.ledger.ledger import Ledger
from app.orchestration.ledger.replay import POLICIES, Estimate, estimate


class LedgerDesk:
    """Answers requests about past decisions."""

    def __init__(self, ledger: Ledger) -> None:
        """Read `ledger`."""
        self._ledger = ledger

    async def export(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Return every row as a line of JSON."""
        await self._ledger.flushed()
        return {"rows": await self._ledger.export()}

    async def replay(self, _request: dict[str, Any]) -> dict[str, Any]:
        """Return what each known policy would have been worth."""
        await self._ledger.flushed()
        turns, outcomes = await self._ledger.turns(), await self._ledger.outcomes()
        found = [
            # The same samples every time: the same rows give the same figures.
            estimate(name, policy, turns, outcomes, Random(0))  # noqa: S311 - no secret
            for name, policy in POLICIES.items()
        ]
        return {"turns": len(turns), "policies": [_plain(each) for each in found]}


def exported(answer: dict[str, Any]) -> list[str]:
    """Return the rows as lines for a terminal."""
    return [str(row) for row in answer["rows"]]


def replayed(answer: dict[str, Any]) -> list[str]:
    """Return a replay as lines for a terminal."""
    told = [f"{answer['turns']} turns"]
    for each in answer["policies"]:
        if each["count"] == 0:
            told.append(f"  {each['policy']:<24} no judged turn to tell from")
            continue
        told.append(
            f"  {each['policy']:<24} right {each['value']:.0%}"
            f" ({each['low']:.0%} to {each['high']:.0%}),"
            f" as good as {each['size']:.0f} turns"
        )
    return told


def _plain(found: Estimate) -> dict[str, Any]:
    return {
        "policy": found.policy,
        "count": found.count,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "size": found.size,
    }
