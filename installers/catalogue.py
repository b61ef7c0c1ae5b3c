"""Do all models of the catalogue still exist on the hub? `python -m installers.catalogue`.

Nothing is downloaded. The exit code is 0 when all are there, 1 when one vanished, moved or wants an
agreement now, 2 when the hub did not say (which proves nothing about any model).
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

from app.domain.errors import HubError, HubGated, HubMissing
from app.domain.hub import HubModel
from app.models.hub.hub import Hub
from app.models.hub.wire import Wire
from app.models.sets.catalogue import Entry, load_catalogue
from app.platform.net import NetworkPolicy

RESOURCES: Final = Path(__file__).parents[1] / "resources"
# Waits before a question is asked again, in seconds.
_WAITS: Final = (5.0, 30.0)

Sleep = Callable[[float], Awaitable[None]]


class Standing(IntEnum):
    """How an entry stands with the hub; the number is the exit code it asks for."""

    THERE = 0
    LOST = 1
    UNKNOWN = 2


@dataclass(frozen=True)
class Finding:
    """What the hub said of one entry."""

    entry: Entry
    standing: Standing
    words: str


class Inspector:
    """Asks the hub about entries, once for each repository."""

    def __init__(self, hub: Hub, sleep: Sleep = asyncio.sleep) -> None:
        self._hub = hub
        self._sleep = sleep
        self._told: dict[str, tuple[HubModel, frozenset[str]] | HubError] = {}

    async def look(self, entry: Entry) -> Finding:
        """Return how one entry stands."""
        if entry.repository not in self._told:
            self._told[entry.repository] = await self._patiently(entry.repository)
        told = self._told[entry.repository]
        if isinstance(told, HubError):
            certain = isinstance(told, HubMissing | HubGated)
            return Finding(entry, Standing.LOST if certain else Standing.UNKNOWN, told.message)
        model, names = told
        if model.repo != entry.repository:
            return Finding(entry, Standing.LOST, f"The repository is called {model.repo} now.")
        if entry.file not in names:
            return Finding(entry, Standing.LOST, "The repository has no such file any more.")
        if model.gated:
            return Finding(entry, Standing.LOST, "It is only given after an agreement now.")
        return Finding(entry, Standing.THERE, "there")

    async def _patiently(self, repository: str) -> tuple[HubModel, frozenset[str]] | HubError:
        """Ask until the hub has said something certain, or the waits are used up."""
        for wait in (*_WAITS, None):
            try:
                model = await self._hub.model(repository)
                return model, frozenset(file.path for file in await self._hub.files(model))
            except (HubMissing, HubGated) as error:
                return error
            except HubError as error:
                if wait is None:
                    return error
                await self._sleep(max(wait, getattr(error, "after_s", 0.0)))
        raise AssertionError


def code(findings: Iterable[Finding]) -> int:
    """Return the exit code: what is certain counts before what is not."""
    standings = {finding.standing for finding in findings}
    return next((each for each in (Standing.LOST, Standing.UNKNOWN) if each in standings), 0)


async def inspected(hub: Hub, entries: Iterable[Entry], sleep: Sleep = asyncio.sleep) -> int:
    """Ask about all entries, print a line for each, and return the exit code."""
    inspector = Inspector(hub, sleep)
    findings = []
    for entry in entries:
        finding = await inspector.look(entry)
        findings.append(finding)
        sys.stdout.write(f"{entry.repository}/{entry.file}: {finding.words}\n")
    return code(findings)


async def _main() -> int:
    policy = NetworkPolicy(local_only=False, clock=time.time)
    wire = Wire(policy, lambda _: None)
    try:
        return await inspected(Hub(wire), load_catalogue(RESOURCES).models)
    finally:
        await wire.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
