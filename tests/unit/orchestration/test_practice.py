"""A draft model is tried on stored answers once, and only where there is one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.domain.chat import PastAnswer
from app.domain.errors import EngineDied
from app.domain.events import ServerState, ServerStateChanged
from app.domain.models import ModelSpec
from app.orchestration.practice import ANSWERS, Practice
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

STORED = (PastAnswer(asked="Who?", said="I.", family="chat"),)
MODEL = ModelSpec(name="m", path=Path("m.gguf"), draft=Path("d.gguf"))


@dataclass
class Served:
    """Stands for a server and its client."""

    model: ModelSpec = MODEL
    pid: int = 7
    fails: bool = False
    read: list[Sequence[PastAnswer]] = field(default_factory=list)

    @property
    def client(self) -> "Served":
        return self

    async def rehearse(self, answers: Sequence[PastAnswer]) -> None:
        self.read.append(answers)
        if self.fails:
            raise EngineDied("It is gone.", remedy="Try again.")


async def started(
    server: Any, *states: ServerState, stored: tuple[PastAnswer, ...] = STORED
) -> list[tuple[str, int]]:
    """Tell of states and wait until everybody has done what follows."""
    bus, tasks, asked = Bus(), TaskOwner(), list[tuple[str, int]]()

    async def answers(model: str, limit: int) -> tuple[PastAnswer, ...]:
        asked.append((model, limit))
        return stored

    Practice(bus, tasks, lambda: (server,), answers)
    for state in states or (ServerState.READY,):
        bus.publish(ServerStateChanged("m", state))
    await asyncio.sleep(0)
    await tasks.close(1.0)
    return asked


async def test_stored_answers_are_read_when_the_model_is_ready() -> None:
    server = Served()
    states = (ServerState.STARTING, ServerState.LOADING, ServerState.READY, ServerState.READY)
    assert await started(server, *states) == [("m", ANSWERS)]
    assert server.read == [STORED]


@pytest.mark.parametrize(
    "change",
    [
        {"draft": None},
        {"speculation": False},
        {"engine": "llama-server"},
        {"name": "another"},
    ],
)
async def test_without_a_draft_model_of_ours_nothing_is_read(change: dict[str, Any]) -> None:
    server = Served(MODEL.model_copy(update=change))
    assert await started(server) == []
    assert server.read == []


async def test_without_answers_nothing_is_sent_and_a_failure_harms_nobody() -> None:
    server = Served()
    await started(server, stored=())
    assert server.read == []
    failing = Served(fails=True)
    await started(failing)
    assert failing.read == [STORED]
