"""The computer the models run on: memory and a disk in numbers, the program's own residency."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, cast

from app.domain.errors import EngineStartFailed
from app.domain.events import ServerState, ServerStateChanged
from app.domain.models import ModelSpec, RoleSpec
from app.engines.fleet import Fleet
from app.engines.residency.forecast import Forecast
from app.engines.residency.outlook import Outlooks
from app.engines.residency.records import Records
from app.engines.residency.residency import Residency, Rules
from app.engines.residency.room import Scales
from app.engines.residency.sizes import Size, Sizes
from app.engines.server import Server
from app.platform.bus import Bus
from app.platform.memory import Memory, Usage
from app.platform.tasks import TaskOwner
from benchmarks.simulator.engine import SimulatedEngine, SimulatedServer, Speaker
from benchmarks.simulator.people import GB

WARM: Final = 2.0  # gigabytes a second
COLD: Final = 0.2
_START_S: Final = 0.5
_STOP_S: Final = 0.3
# All but one of the experts fit.
BUDGET: Final = 9 * GB
_PLENTY: Final = Memory(64 * GB, 64 * GB)


@dataclass
class Disk:
    """Where models are loaded from; cold, it is slower."""

    speed: float = WARM

    def load_s(self, model: Speaker) -> float:
        """Return how long a load takes now."""
        return _START_S + model.frame.gigabytes / self.speed


class SimulatedServers:
    """Starts and ends processes that are numbers, and counts loads."""

    def __init__(self, models: Mapping[str, Speaker], disk: Disk, bus: Bus) -> None:
        self.loads: Counter[str] = Counter()
        self._models = models
        self._disk = disk
        self._bus = bus
        self._alive: dict[str, SimulatedServer] = {}
        self._states: dict[str, ServerStateChanged] = {}
        self._pids = 1000

    @property
    def states(self) -> Mapping[str, ServerStateChanged]:
        """The last known state of every model that was ever asked for."""
        return self._states

    async def acquire(
        self, role: RoleSpec, *, on_progress: Callable[[float], None] | None = None
    ) -> Server:
        """Load a model."""
        name = role.model.name
        self.loads[name] += 1
        self._tell(name, ServerState.STARTING)
        await asyncio.sleep(self._disk.load_s(self._models[name]))
        if on_progress is not None:
            on_progress(1.0)
        self._pids += 1
        engine = SimulatedEngine(self._models[name])
        server = self._alive[name] = SimulatedServer(role.model, engine, self._pids)
        self._tell(name, ServerState.READY)
        return cast("Server", server)

    async def stop(self, model: str) -> None:
        """End a process."""
        server = self._alive.get(model)
        if server is not None:
            server.alive = False
        await asyncio.sleep(_STOP_S)
        self._alive.pop(model, None)
        self._tell(model, ServerState.STOPPED)

    def _tell(self, model: str, state: ServerState) -> None:
        changed = self._states[model] = ServerStateChanged(model, state)
        self._bus.publish(changed)


class SimulatedSizes(Sizes):
    """Sizes as they are; how long a load took is learned."""

    def __init__(self, models: Mapping[str, Speaker], disk: Disk) -> None:
        super().__init__(Records(None))
        self._models = models
        self._took = {name: disk.load_s(model) for name, model in models.items()}

    async def of(self, model: ModelSpec) -> Size:
        """Return the size of a model."""
        size = int(self._models[model.name].frame.gigabytes * GB)
        return Size(model.name, Forecast("", size, 0, 0), size, self._took[model.name])

    async def loaded(self, size: Size, usage: Usage, load_s: float) -> Size:
        """Learn how long a load took."""
        del usage
        self._took[size.key] = load_s
        return await self.of(self._models_spec(size.key))

    async def leaves(self, size: Size, usage: Usage) -> None:
        """Learn nothing more."""

    def _models_spec(self, name: str) -> ModelSpec:
        return ModelSpec(name=name)


class Nowhere:
    """There are no other computers."""

    states: Mapping[str, ServerStateChanged] = {}

    async def acquire(
        self, role: RoleSpec, *, on_progress: Callable[[float], None] | None = None
    ) -> Server:
        """Refuse."""
        del on_progress
        raise EngineStartFailed(f"No place for {role.name}.", remedy="None.")

    async def stop(self, model: str) -> None:
        """Have nothing to stop."""


@dataclass(frozen=True)
class House:
    """A computer with its models."""

    models: Mapping[str, Speaker]
    disk: Disk
    servers: SimulatedServers
    residency: Residency
    outlooks: Outlooks
    fleet: Fleet
    bus: Bus
    tasks: TaskOwner


@asynccontextmanager
async def housed(
    models: Mapping[str, Speaker], *, budget: int = BUDGET, rules: Rules | None = None
) -> AsyncIterator[House]:
    """Yield a computer; what it is still doing at the end is ended."""
    bus, tasks, disk = Bus(), TaskOwner(), Disk()
    servers = SimulatedServers(models, disk, bus)
    scales = Scales(budget, gauge=lambda: _PLENTY, weigh=lambda _: Usage(0, 0))
    sizes = SimulatedSizes(models, disk)
    residency = Residency(servers, sizes, scales, bus, tasks, rules or _rules(models))
    outlooks = Outlooks(residency, sizes, scales)
    await outlooks.survey(ModelSpec(name=name) for name in models)
    fleet = Fleet(residency, Nowhere())
    try:
        yield House(models, disk, servers, residency, outlooks, fleet, bus, tasks)
    finally:
        residency.close()
        await tasks.close(60.0)


def _rules(models: Mapping[str, Speaker]) -> Rules:
    """Return what the program does for a registry with such tiers: the first to answer stays."""
    return Rules(
        pinned=frozenset(name for name, model in models.items() if model.frame.tier == "A")
    )
