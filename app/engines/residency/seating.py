"""The places in memory: models are loaded into them, measured, and brought out again."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from app.domain.errors import AppError
from app.domain.events import ServerStateChanged
from app.domain.models import ModelSpec, RoleSpec, Roster
from app.engines.residency.place import Phase, Place, Progress
from app.engines.residency.policy import Reuse, choose
from app.engines.residency.room import Room, Scales
from app.engines.residency.sizes import Size, Sizes
from app.engines.server import Server
from app.platform.tasks import TaskOwner


class Servers(Protocol):
    """What starts and ends engines: the supervisor."""

    @property
    def states(self) -> Mapping[str, ServerStateChanged]:
        """The last known state of every model that was ever asked for, by model name."""

    async def acquire(self, role: RoleSpec, *, on_progress: Progress | None = None) -> Server:
        """Return a ready server with the role's model."""

    async def stop(self, model: str) -> None:
        """End the model's process, if there is one."""


class Seating:
    """Owns the places. It decides nothing; `on_change` is called whenever there may be room."""

    def __init__(
        self,
        servers: Servers,
        sizes: Sizes,
        scales: Scales,
        tasks: TaskOwner,
        pinned: frozenset[str],
        on_change: Callable[[], None],
    ) -> None:
        self._servers = servers
        self._sizes = sizes
        self._scales = scales
        self._tasks = tasks
        self._pinned = pinned
        self._wanted: dict[str, ModelSpec] = {}
        self._on_change = on_change
        self._reuse: defaultdict[str, Reuse] = defaultdict(Reuse)
        self.places: dict[str, Place] = {}

    def follow(self, roster: Roster) -> None:
        """Go by these roles: who changed, or has no role any more, leaves once it is idle."""
        self._pinned = roster.pinned
        self._wanted = {role.model.name: role.model for role in roster.roles}
        for place in self.places.values():
            now = self._wanted.get(place.model.name)
            place.outdated = now is None or not now.starts_like(place.model)
            if now is not None and not place.outdated:
                place.model = now
            place.pinned = place.model.name in self._pinned and not place.outdated

    @property
    def unpinned(self) -> list[Place]:
        """The places that can be given to others sooner or later."""
        return [
            place
            for place in self.places.values()
            if not place.pinned and place.phase is not Phase.LEAVING
        ]

    @property
    def leaving(self) -> int:
        """Bytes that are about to become free."""
        phases = (place for place in self.places.values() if place.phase is Phase.LEAVING)
        return sum(place.size.bytes for place in phases)

    @property
    def moving(self) -> bool:
        """Whether models are on their way in or out, so that nobody knows what there will be."""
        return any(place.phase is not Phase.READY for place in self.places.values())

    def room(self) -> Room:
        """Return what is left beside all who have a place."""
        return self._scales.room(place.holder for place in self.places.values())

    def start(self, role: RoleSpec, size: Size) -> Place:
        """Promise the bytes and load the model."""
        name = role.model.name
        wanted = self._wanted.get(name, role.model)
        outdated = not wanted.starts_like(role.model)  # by a turn that began before the change
        pinned = name in self._pinned and not outdated
        place = Place(role.model, size, self._reuse[name], pinned=pinned)
        place.outdated = outdated
        self.places[name] = place
        place.load = self._tasks.spawn(self._load(place, role), name=f"load {name}")
        return place

    def evict(self, places: Iterable[Place]) -> None:
        """Bring models out; their bytes are free once their processes have ended."""
        for place in places:
            if place.phase is not Phase.LEAVING:
                place.phase = Phase.LEAVING
                place.leaving = self._tasks.spawn(
                    self._clear(place), name=f"evict {place.model.name}"
                )

    def bury(self) -> None:
        """Free the places of processes that ended by themselves."""
        for place in tuple(self.places.values()):
            if place.dead:
                del self.places[place.model.name]

    async def weigh(self, place: Place) -> None:
        """Learn from what a model holds that has done its work."""
        if place.weighing is not None:
            await asyncio.wait({place.weighing})
        if place.server is not None and place.server.alive:
            usage = await asyncio.to_thread(self._scales.weigh, place.server.pid)
            if usage is not None:
                await self._sizes.leaves(place.size, usage)

    def victims(self, places: Iterable[Place], missing: int) -> list[Place] | None:
        """Return who of these is missed least, or None if all of them are not enough."""
        now = asyncio.get_running_loop().time()
        chosen = choose((place.stake(now) for place in places), missing)
        return None if chosen is None else [self.places[stake.model] for stake in chosen]

    async def _load(self, place: Place, role: RoleSpec) -> Server | AppError:
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            server = await self._servers.acquire(role, on_progress=place.tell)
        except AppError as error:
            self._failed(place)
            return error
        except BaseException:
            self._failed(place)
            raise
        if place.phase is Phase.LOADING:
            place.ready(server, clock())
            weighing = self._weigh(place, server.pid, clock() - begun)
            place.weighing = self._tasks.spawn(weighing, name=f"weigh {role.model.name}")
            self._on_change()
        return server

    async def _weigh(self, place: Place, pid: int, load_s: float) -> None:
        """Correct what was promised by what the process really holds."""
        usage = await asyncio.to_thread(self._scales.weigh, pid)
        if usage is not None:
            place.size = await self._sizes.loaded(place.size, usage, load_s)
            self._on_change()

    async def _clear(self, place: Place) -> None:
        try:
            assert place.load is not None
            # Stopped too early, before it has begun, a load would go on without a place.
            place.load.cancel()
            await asyncio.wait({place.load})
            await self.weigh(place)
            await self._servers.stop(place.model.name)
        finally:
            self._forget(place)

    def _failed(self, place: Place) -> None:
        if place.phase is Phase.LOADING:
            self._forget(place)

    def _forget(self, place: Place) -> None:
        if self.places.get(place.model.name) is place:
            del self.places[place.model.name]
        self._on_change()
