"""A supervisor with mock engines in a folder of its own, and what it published."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from app.domain.events import ServerState, ServerStateChanged
from app.domain.generation import ChatRequest, TextChunk
from app.domain.models import ModelSpec, RoleSpec, Tier, Timeouts
from app.engines.client import EngineClient
from app.engines.launch import Launcher
from app.engines.restarts import Pace
from app.engines.supervisor import Supervisor
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.tasks import TaskOwner

QUICK = ("--speed", "50", "--load-seconds", "0.05")


@dataclass
class Rig:
    """What a test works with; `slept` holds the back-offs that were asked for but not waited."""

    supervisor: Supervisor
    launcher: Launcher
    paths: Paths
    bus: Bus
    now: float = 1000.0
    slept: list[float] = field(default_factory=list)
    events: list[ServerStateChanged] = field(default_factory=list)

    @property
    def states(self) -> list[ServerState]:
        """All published states, repetitions left out."""
        states = [event.state for event in self.events]
        return [state for n, state in enumerate(states) if n == 0 or states[n - 1] is not state]

    @property
    def starts(self) -> int:
        """How many processes were started."""
        return sum(event.state is ServerState.STARTING for event in self.events)


@asynccontextmanager
async def rigged(folder: Path, *extra: str) -> AsyncIterator[Rig]:
    """Yield a supervisor of mock engines under a clock that stands still; close everything."""
    # Sockets need a short path; a test needs a folder that goes away.
    paths = replace(Paths.discover(folder), runtime=folder / "run")
    paths.ensure()
    bus, tasks = Bus(), TaskOwner()
    launcher = Launcher("mock", [*QUICK, *extra])

    async def sleep(seconds: float) -> None:
        rig.slept.append(seconds)

    pace = Pace(clock=lambda: rig.now, sleep=sleep, jitter=lambda: 0.5)
    policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
    supervisor = Supervisor(paths, bus, tasks, policy, engine=launcher, pace=pace)
    rig = Rig(supervisor, launcher, paths, bus)
    bus.on(ServerStateChanged, rig.events.append)
    try:
        yield rig
    finally:
        await supervisor.close()
        await tasks.close(1.0)
    assert not engine_processes(), "an engine outlived its supervisor"


def role(name: str = "small", *, load_s: float = 30.0, path: str = "none.gguf") -> RoleSpec:
    """Return a role of tier A whose model has this name."""
    model = ModelSpec(name=name, path=Path(path))
    return RoleSpec(name="front", tier=Tier.A, model=model, timeouts=Timeouts(load_s=load_s))


def engine_processes(parent: int | None = None) -> list[psutil.Process]:
    """Return the engines that run under a process (ours by default)."""
    children = psutil.Process(parent).children(recursive=True)
    return [child for child in children if _is_engine(child)]


def _is_engine(process: psutil.Process) -> bool:
    try:
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and "app.engines.mock" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def question(text: str) -> ChatRequest:
    """Return a request with one user message."""
    return ChatRequest(messages=({"role": "user", "content": text},))


async def ask(client: EngineClient, text: str) -> str:
    """Return the whole answer to one question."""
    chunks = [chunk async for chunk in client.chat(question(text))]
    return "".join(chunk.text for chunk in chunks if isinstance(chunk, TextChunk))
