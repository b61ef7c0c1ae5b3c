"""A residency over engines that take memory and time, but only in numbers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from app.domain.errors import EngineStartFailed
from app.domain.events import ServerState, ServerStateChanged
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.engines.residency.forecast import Forecast
from app.engines.residency.records import Records
from app.engines.residency.residency import Residency, Rules
from app.engines.residency.room import Scales
from app.engines.residency.sizes import Size, Sizes
from app.engines.server import Server
from app.platform.bus import Bus
from app.platform.memory import Memory, Usage
from app.platform.tasks import TaskOwner

GB = 1 << 30
PLENTY = Memory(1000 * GB, 1000 * GB)


@dataclass(frozen=True)
class Kind:
    """What one model is like: its bytes and how long it loads."""

    size: int
    load_s: float = 5.0


@dataclass
class FakeServer:
    """A process that is there, or not."""

    model: ModelSpec
    pid: int
    alive: bool = True
    client: object = field(default_factory=object)


class FakeServers:
    """Loads in virtual time and remembers everything; `broken` models fail at the end of it."""

    def __init__(self, kinds: Mapping[str, Kind], bus: Bus) -> None:
        self.kinds = kinds
        self.bus = bus
        self.alive: dict[str, FakeServer] = {}
        self.loading: set[str] = set()
        self.broken: set[str] = set()
        self.loads: Counter[str] = Counter()
        self.stops: list[str] = []
        self.stop_s = 0.5
        self.on_change: Callable[[], None] = lambda: None
        self._pids = iter(range(100, 10**9))

    @property
    def states(self) -> dict[str, ServerStateChanged]:
        return {}

    async def acquire(
        self, role: RoleSpec, *, on_progress: Callable[[float], None] | None = None
    ) -> Server:
        name = role.model.name
        assert name not in self.alive
        assert name not in self.loading, "a model is loaded twice"
        self.loads[name] += 1
        self.loading.add(name)
        self.on_change()
        try:
            for step in range(1, 3):
                await asyncio.sleep(self.kinds[name].load_s / 2)
                if on_progress:
                    on_progress(step / 2)
                if name not in self.loading:
                    raise EngineStartFailed("It was stopped.", remedy="Try again.")
            if name in self.broken:
                raise EngineStartFailed("It broke.", remedy="Mend it.")
        finally:
            self.loading.discard(name)
        server = self.alive[name] = FakeServer(role.model, next(self._pids))
        return cast("Server", server)

    async def stop(self, model: str) -> None:
        self.stops.append(model)
        self.loading.discard(model)
        server = self.alive.get(model)
        if server is not None:
            server.alive = False
        self.on_change()
        await asyncio.sleep(self.stop_s)
        self.alive.pop(model, None)

    def crash(self, model: str) -> None:
        """Let a process end by itself."""
        server = self.alive.pop(model, None)
        if server is not None:
            server.alive = False
            self.bus.publish(ServerStateChanged(model, ServerState.CRASHED))


class FixedSizes(Sizes):
    """Sizes as a test says; nothing is read and nothing is learned."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        super().__init__(Records(None))
        self.kinds = kinds
        self.noted: list[str] = []
        self.left: list[int] = []

    async def of(self, model: ModelSpec) -> Size:
        kind = self.kinds[model.name]
        return Size(model.name, Forecast("", kind.size, 0, 0), kind.size, kind.load_s)

    async def loaded(self, size: Size, usage: Usage, load_s: float) -> Size:
        del usage, load_s
        self.noted.append(size.key)
        return size

    async def leaves(self, size: Size, usage: Usage) -> None:
        del size
        self.left.append(usage.own)


class House:
    """A residency with a budget, and the pulls and counters a test needs."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        budget: int,
        *,
        rules: Rules | None = None,
        sequences: int = 2,
    ) -> None:
        self.bus, self.tasks = Bus(), TaskOwner()
        self.servers = FakeServers(kinds, self.bus)
        self.memory = PLENTY
        self.used: dict[int, int] = {}
        self.kinds = kinds
        self.budget = budget
        self.sizes = FixedSizes(kinds)
        self.most = 0
        scales = Scales(budget, gauge=lambda: self.memory, weigh=self._weigh)
        self.residency = Residency(
            self.servers, self.sizes, scales, self.bus, self.tasks, rules or Rules()
        )
        self.servers.on_change = self._note
        self._sequences = sequences

    def role(self, name: str, context: int = 4096) -> RoleSpec:
        path, sequences = Path(name), self._sequences
        model = ModelSpec(name=name, path=path, sequences=sequences, context=context)
        return RoleSpec(name=name, tier=Tier.C, model=model)

    def follow(self, *roles: RoleSpec) -> None:
        """Let other roles be in force."""
        self.residency.follow(Roster(roles=roles, default_role="", source="test"))

    async def turn(
        self, name: str, seconds: float = 1.0, *, anyway: bool = False, context: int = 4096
    ) -> float:
        """Use a model for a while; return how long it was waited for."""
        clock = asyncio.get_running_loop().time
        began = clock()
        role = self.role(name, context)
        async with self.residency.lease(role, anyway=anyway) as server:
            assert server.model == role.model, "a model answers that was loaded otherwise"
            waited = clock() - began
            await asyncio.sleep(seconds)
            assert server.alive, "a model in use was brought out"
        return waited

    @property
    def promised(self) -> int:
        return sum(place.size.bytes for place in self.residency.places)

    @property
    def there(self) -> set[str]:
        return {place.model.name for place in self.residency.places}

    def _weigh(self, pid: int) -> Usage | None:
        own = self.used.get(pid, 0)
        return Usage(own, own)

    def _note(self) -> None:
        self.most = max(self.most, self.promised)


@asynccontextmanager
async def housed(
    kinds: Mapping[str, Kind],
    budget: int,
    *,
    rules: Rules | None = None,
    sequences: int = 2,
) -> AsyncIterator[House]:
    """Yield a house; at the end nobody may wait, and nothing may go on by itself."""
    house = House(kinds, budget, rules=rules, sequences=sequences)
    try:
        yield house
    finally:
        house.residency.close()
        await house.tasks.close(60.0)


def lru_loads(requests: Iterable[str], kinds: Mapping[str, Kind], budget: int) -> list[str]:
    """Return who is loaded if requests are served as they come and the longest unused leaves."""
    there: list[str] = []
    loads: list[str] = []
    for name in requests:
        if name in there:
            there.remove(name)
        else:
            loads.append(name)
            while sum(kinds[each].size for each in there) + kinds[name].size > budget:
                there.pop(0)
        there.append(name)
    return loads
