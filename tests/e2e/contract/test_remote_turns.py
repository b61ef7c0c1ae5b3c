"""Whole turns on remotes: one end, always, and what was visible stays."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from app.domain.chat import ChatMessage
from app.domain.events import TurnFailed, TurnFinished
from app.domain.models import RoleSpec, Roster, Timeouts
from app.engines.fleet import Progress, ReadyServer
from app.engines.remote.remotes import Remotes
from app.engines.restarts import Pace
from app.orchestration.display import TurnEnd
from app.orchestration.router.router import Router
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.tasks import TaskOwner
from tests.e2e.contract.test_faulty_remotes import role
from tests.fakes.faulty_remote import Reply, chunk, faulty_remote, refused, streamed
from tests.unit.orchestration.fakes import turns_on

HELLO = ChatMessage(role="user", content="hello")


class OnlyRemotes:
    """A fleet without a local engine."""

    def __init__(self, remotes: Remotes) -> None:
        self._remotes = remotes

    @asynccontextmanager
    async def lease(
        self,
        role: RoleSpec,
        *,
        on_progress: Progress | None = None,
        on_wait: Callable[[], None] | None = None,
        anyway: bool = False,
    ) -> AsyncIterator[ReadyServer]:
        yield await self._remotes.acquire(role, on_progress=on_progress)

    @contextmanager
    def expecting(self, role: RoleSpec) -> Iterator[None]:
        yield

    async def stop(self, model: str) -> None:
        await self._remotes.stop(model)


async def answered(*replies: Reply, gated: bool = False) -> TurnEnd:
    """Return the end of one turn on a remote that gives these replies."""
    bus, tasks = Bus(), TaskOwner()

    async def at_once(_: float) -> None:
        return

    async with faulty_remote(streamed(), *replies) as remote:
        policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
        remotes = Remotes(bus, policy, lambda _: None, pace=Pace(sleep=at_once))
        limits = Timeouts(load_s=20, first_token_s=0.3, stall_s=0.3)
        expert = role(remote.url, gated=gated).model_copy(
            update={"timeouts": limits, "gated": gated}
        )
        roster = Roster(roles=(expert,), default_role="expert", source="test")
        turns = turns_on(OnlyRemotes(remotes), Router(roster), bus, tasks, clock=lambda: 0.0)
        end = await turns.send([HELLO]).wait()
        await tasks.close(1.0)
        await remotes.close()
        if gated:
            assert remote.bodies()[-1]["logprobs"] is True
        return end


async def test_a_turn_on_a_remote_ends_with_its_receipt() -> None:
    end = await answered(streamed(), gated=True)
    assert isinstance(end, TurnFinished)
    assert end.text == "Hello world."
    assert end.receipt.model == "far"
    assert end.timings is not None
    assert end.timings.predicted_n == 3


async def test_a_failure_that_passes_is_not_seen() -> None:
    end = await answered(refused(503, "loading"), refused(429, "wait"), streamed())
    assert isinstance(end, TurnFinished)


async def test_a_remote_that_says_nothing_is_given_up() -> None:
    silence = streamed(b": wait\n\n", ending="hang")
    end = await answered(silence, silence)
    assert isinstance(end, TurnFailed)
    assert (end.code, end.text) == ("remote_down", "")  # nothing was seen yet: it is asked again
    assert end.remedy


async def test_a_remote_that_falls_silent_leaves_what_it_wrote() -> None:
    end = await answered(streamed(chunk("Once upon"), ending="hang"))
    assert isinstance(end, TurnFailed)
    assert (end.code, end.text) == ("engine_stalled", "Once upon")


async def test_a_remote_that_breaks_off_leaves_what_it_wrote() -> None:
    end = await answered(streamed(chunk("Once upon"), ending="reset"))
    assert isinstance(end, TurnFailed)
    assert (end.code, end.text) == ("engine_died", "Once upon")


async def test_a_remote_with_another_address_is_reached_there() -> None:
    bus, tasks = Bus(), TaskOwner()
    async with faulty_remote(streamed()) as first, faulty_remote(streamed()) as second:
        remotes = Remotes(bus, NetworkPolicy(local_only=True, clock=lambda: 0.0), lambda _: None)
        before = await remotes.acquire(role(first.url))
        assert await remotes.acquire(role(first.url)) is before
        after = await remotes.acquire(role(second.url))
        assert after.client is not before.client
        assert second.bodies()
        # Who asked before the change still has its connection.
        assert (await before.client.health()).status == "ready"
        await tasks.close(1.0)
        await remotes.close()
