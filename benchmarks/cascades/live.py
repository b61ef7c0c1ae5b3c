"""The running program itself: real engines, real seconds, every question through the front door."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.events import TurnFinished
from app.domain.settings import Settings
from app.orchestration.turn import Place, Turn
from app.platform.instance import Instance, Owner
from app.platform.paths import Paths
from app.wiring import App, build
from benchmarks.cascades.questions import Asked
from benchmarks.simulator.shown import Shown

_LONGEST_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class Lived:
    """One question as it went: who answered, whether rightly, and in how many seconds."""

    name: str
    role: str
    right: bool
    seconds: float
    attempts: int
    withdrawn: int


async def ask(questions: Sequence[Asked]) -> list[Lived]:
    """Return how the questions went, one after the other, in a core with folders of its own."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths.discover(Path(folder))
        owner = await Instance.join(paths)
        assert isinstance(owner, Owner)
        async with build(Settings(), paths, owner, has_window=False) as app:
            shown = Shown(app.bus)
            return [await _one(app, shown, each) for each in questions]


async def _one(app: App, shown: Shown, asked: Asked) -> Lived:
    began = time.perf_counter()
    turn: Turn = app.turns.send(asked.thread, place=Place(conversation_id=asked.name))
    async with asyncio.timeout(_LONGEST_S):
        end = await turn.wait()
    seconds = time.perf_counter() - began
    if not isinstance(end, TurnFinished):
        return Lived(asked.name, "", right=False, seconds=seconds, attempts=0, withdrawn=0)
    return Lived(
        asked.name,
        end.receipt.role,
        right=asked.check(end.text),
        seconds=seconds,
        attempts=len(end.receipt.attempts),
        withdrawn=shown.withdrawn(turn, end),
    )
