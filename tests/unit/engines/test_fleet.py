"""Who is asked for a server: this computer, or another one."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import SimpleNamespace
from typing import Any, cast

from app.domain.events import ServerState, ServerStateChanged
from app.domain.models import ModelSpec, RemoteOptions, RoleSpec, Tier
from app.engines.fleet import Fleet
from app.engines.residency.residency import Residency


class Place:
    """Servers of one place; it remembers what was asked of it."""

    def __init__(self, name: str) -> None:
        self.states = {name: ServerStateChanged(name, ServerState.READY)}
        self.asked: list[str] = []
        self.stopped: list[str] = []
        self.expected: list[str] = []

    async def acquire(self, role: RoleSpec, **options: Any) -> Any:
        self.asked.append(role.model.name)
        return SimpleNamespace(model=role.model)

    @asynccontextmanager
    async def lease(self, role: RoleSpec, **options: Any) -> AsyncIterator[Any]:
        yield await self.acquire(role)

    @contextmanager
    def expecting(self, role: RoleSpec) -> Iterator[None]:
        self.expected.append(role.model.name)
        yield

    async def stop(self, model: str) -> None:
        self.stopped.append(model)


HERE = ModelSpec(name="a")
SERVED = ModelSpec(name="b", engine="llama-server")
FAR = ModelSpec(name="c", engine="remote", remote=RemoteOptions(url="http://far/v1"))


def role(model: ModelSpec) -> RoleSpec:
    return RoleSpec(name="r", tier=Tier.A, model=model)


def fleet_of(here: Place, there: Place) -> Fleet:
    return Fleet(cast("Residency", here), there)


async def test_the_engine_decides_where_a_server_comes_from() -> None:
    here, there = Place("here"), Place("there")
    fleet = fleet_of(here, there)
    for model in (HERE, SERVED, FAR):
        async with fleet.lease(role(model)) as server:
            assert server.model is model
    assert (here.asked, there.asked) == (["a", "b"], ["c"])


def test_only_this_computers_memory_is_filled_ahead() -> None:
    here, there = Place("here"), Place("there")
    for model in (HERE, FAR):
        with fleet_of(here, there).expecting(role(model)):
            pass
    assert (here.expected, there.expected) == (["a"], [])


async def test_states_of_both_are_known_and_stop_reaches_both() -> None:
    here, there = Place("here"), Place("there")
    fleet = fleet_of(here, there)
    assert set(fleet.states) == {"here", "there"}
    await fleet.stop("c")
    assert here.stopped == there.stopped == ["c"]
