"""Scripted engines for the conductor's tests: real events, no processes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.domain.chat import ChatMessage
from app.domain.events import Event
from app.domain.generation import ChatRequest, Chunk, FinalChunk, TextChunk, Timings
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier, Timeouts
from app.domain.routing import LedgerRecord
from app.engines.base import Capabilities
from app.engines.fleet import Engines
from app.orchestration.attempt import Attempts
from app.orchestration.breaker import Breaker
from app.orchestration.conductor import Advisers, Conductor
from app.orchestration.gate.gate import Gate
from app.orchestration.journal import Journal
from app.orchestration.router.router import Router
from app.orchestration.turn import Turns
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

Step = Chunk | Exception | asyncio.Event

FRONT = RoleSpec(
    name="front",
    tier=Tier.A,
    model=ModelSpec(name="tiny", path=Path("tiny.gguf"), context=128),
    timeouts=Timeouts(first_token_s=0.05, stall_s=0.05),
)
DRAFT = FRONT.model_copy(update={"name": "draft", "tier": Tier.D})
ROSTER = Roster(roles=(FRONT, DRAFT), default_role="front", source="test")


def text(words: str) -> TextChunk:
    return TextChunk(text=words)


FINAL = FinalChunk(finish_reason="stop", timings=Timings(predicted_n=3))


class FakeEngine:
    """Plays one script per answer and remembers what it was asked."""

    def __init__(self, *scripts: Sequence[Step]) -> None:
        self.scripts = list(scripts)
        self.requests: list[ChatRequest] = []
        self.closed = 0
        self.caps = Capabilities()

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        self.requests.append(request)
        try:
            for step in self.scripts.pop(0):
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    yield step
        finally:
            self.closed += 1

    async def count(self, text: str) -> int:
        return len(text.split())


class FakeSupervisor:
    """Hands out one engine; `failures` are raised first."""

    def __init__(self, engine: FakeEngine, *failures: Exception) -> None:
        self.engine = engine
        self.failures = list(failures)
        self.stopped: list[str] = []
        self.anyway: list[bool] = []
        self.expected: list[str] = []
        self.queued = False
        self.leases = 0

    @asynccontextmanager
    async def lease(
        self,
        role: RoleSpec,
        *,
        on_progress: Callable[[float], None] | None = None,
        on_wait: Callable[[], None] | None = None,
        anyway: bool = False,
    ) -> AsyncIterator[Any]:
        self.anyway.append(anyway)
        if on_wait and self.queued:
            on_wait()
        if on_progress:
            on_progress(1.0)
        if self.failures:
            raise self.failures.pop(0)
        self.leases += 1
        try:
            yield SimpleNamespace(client=self.engine, context=role.model.context)
        finally:
            self.leases -= 1

    @contextmanager
    def expecting(self, role: RoleSpec) -> Iterator[None]:
        self.expected.append(role.name)
        yield
        self.expected.remove(role.name)

    async def stop(self, model: str) -> None:
        self.stopped.append(model)


def turns_on(
    engines: Engines,
    router: Router,
    bus: Bus,
    tasks: TaskOwner,
    *,
    clock: Callable[[], float],
    gate: Gate | None = None,
    rows: list[LedgerRecord] | None = None,
    journal: Journal | None = None,
) -> Turns:
    """Join everything a turn needs; `rows` gets what the ledger would."""
    ids = iter(range(10_000))

    def identify(model: ModelSpec) -> str:
        return f"id of {model.name}"

    advisers = Advisers(router, gate or Gate(), Breaker(clock), identify)
    conductor = Conductor(Attempts(engines, clock), advisers, bus)
    readers = () if rows is None else (SimpleNamespace(note=rows.append),)
    plain = Journal(readers, wall_clock=lambda: 1000.0 + clock(), identify=identify)
    return Turns(
        bus=bus,
        tasks=tasks,
        conductor=conductor,
        journal=journal or plain,
        clock=clock,
        new_id=lambda: f"turn-{next(ids)}",
    )


class Stage:
    """A conductor on scripted engines, with everything it said."""

    def __init__(
        self,
        engine: FakeEngine,
        *failures: Exception,
        router: Router | None = None,
        gate: Gate | None = None,
    ) -> None:
        self.bus = Bus()
        self.said: list[Event] = []
        self.bus.on(Event, self.said.append)
        self.tasks = TaskOwner()
        self.supervisor = FakeSupervisor(engine, *failures)
        self.now = 0.0
        self.rows: list[LedgerRecord] = []
        self.turns = turns_on(
            self.supervisor,
            router or Router(ROSTER),
            self.bus,
            self.tasks,
            clock=lambda: self.now,
            gate=gate,
            rows=self.rows,
        )

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.said]


def user(words: str) -> ChatMessage:
    return ChatMessage(role="user", content=words)
