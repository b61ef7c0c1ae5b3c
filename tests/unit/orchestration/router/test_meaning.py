"""When a question is embedded to be routed: only where nobody waits or loses memory for it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.errors import EngineDied
from app.domain.models import ModelSpec, RoleSpec, Tier
from app.engines.residency.outlook import Outlook
from app.orchestration.router.meaning import (
    LIMIT_S,
    REST_S,
    WANTED,
    Embedder,
    Surroundings,
    embedding_role,
)
from app.platform.tasks import TaskOwner
from tests.unit.orchestration.router.stage import ROSTER

EMBED = RoleSpec(name="embed", tier=Tier.D, model=ModelSpec(name="tiny", embeddings=True))
READY, AWAY = Outlook(), Outlook(resident=False, load_s=0.5)


class House:
    """An engine that embeds, and what stands around it."""

    def __init__(
        self, outlook: Outlook, answer: Callable[[], Sequence[float]] | None = None
    ) -> None:
        self.outlook = outlook
        self.answer = answer or (lambda: [0.6, 0.8])
        self.now, self.leases, self.hangs = 0.0, 0, False
        self.tasks = TaskOwner()

    @asynccontextmanager
    async def lease(self, role: RoleSpec, **_: object) -> AsyncIterator[Any]:
        self.leases += 1
        self.outlook = READY
        yield SimpleNamespace(client=self)

    async def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        if self.hangs:
            await asyncio.Event().wait()
        return [self.answer() for _ in texts]

    def embedder(self, role: RoleSpec = EMBED, load_s: float = 0.5) -> Embedder:
        around = Surroundings(
            engines=self,  # type: ignore[arg-type]
            standing=lambda _: self.outlook,
            load_s=lambda _: load_s,
            loading=self.tasks.spawn,
            clock=lambda: self.now,
        )
        return Embedder(ROSTER.model_copy(update={"roles": (role,)}), around)


async def test_a_model_in_memory_is_asked() -> None:
    embedder = House(READY).embedder()
    assert embedder.why_not() == ""
    assert await embedder.vector("a question") == [0.6, 0.8]


async def test_it_is_loaded_beside_turns_once_it_is_wanted_more_than_once() -> None:
    house = House(AWAY)
    embedder = house.embedder()
    for _ in range(WANTED - 1):
        assert await embedder.vector("a question") == ()
    assert house.leases == 0
    assert await embedder.vector("a question") == ()  # this one does not wait for the load
    for _ in range(5):
        await asyncio.sleep(0)
    assert house.leases == 1
    assert await embedder.vector("a question") == [0.6, 0.8]


@pytest.mark.parametrize(
    ("outlook", "load_s", "why"),
    [
        (Outlook(resident=False, load_s=0.5, debt_s=2.0), 0.5, "others would have to leave"),
        (Outlook(resident=False, load_s=9.0), 0.5, "a load takes about 9 s"),
        (Outlook(resident=False, load_s=None), 30.0, "a load takes about 30 s"),
        (Outlook(resident=False, why_not="it needs 9 GB of memory"), 0.5, "it needs 9 GB"),
        (AWAY, 0.5, f"it is loaded when {WANTED} questions want it"),
    ],
)
async def test_it_is_not_loaded_where_that_costs_more_than_it_gains(
    outlook: Outlook, load_s: float, why: str
) -> None:
    house = House(outlook)
    embedder = house.embedder(load_s=load_s)
    assert embedder.why_not().startswith(why)
    if outlook is not AWAY:
        assert [await embedder.vector("x") for _ in range(2 * WANTED)] == [()] * 2 * WANTED
        assert house.leases == 0


async def test_questions_are_not_sent_elsewhere() -> None:
    remote = EMBED.model_copy(update={"model": EMBED.model.model_copy(update={"engine": "remote"})})
    house = House(READY)
    embedder = house.embedder(remote)
    assert "elsewhere" in embedder.why_not()
    assert await embedder.vector("a question") == ()
    assert house.leases == 0


async def test_who_is_late_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.orchestration.router.meaning.LIMIT_S", 0.0 * LIMIT_S)
    house = House(READY)
    house.hangs = True
    embedder = house.embedder()
    assert await embedder.vector("a question") == ()
    assert embedder.why_not() == "it rests: it took too long"
    house.now, house.hangs = REST_S, False
    assert embedder.why_not() == ""


@pytest.mark.parametrize("fault", [EngineDied("it ended"), OSError("gone"), ValueError("no JSON")])
async def test_who_breaks_breaks_no_turn(fault: Exception) -> None:
    def broken() -> Sequence[float]:
        raise fault

    embedder = House(READY, broken).embedder()
    assert await embedder.vector("a question") == ()
    assert embedder.why_not().startswith("it rests: ")


def test_the_role_that_embeds_is_found() -> None:
    assert embedding_role(ROSTER) is None
    with_it = ROSTER.model_copy(update={"roles": (*ROSTER.roles, EMBED)})
    assert embedding_role(with_it) == EMBED
