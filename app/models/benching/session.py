"""One measurement of one model: load, warm up, ask, weigh."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from random import Random
from typing import Final, Protocol

from app.domain.benching import BenchPhase, BenchStep, Rates
from app.domain.events import ServerState, ServerStateChanged, UserSeen
from app.domain.models import RoleSpec
from app.engines.server import Server
from app.models.benching.rounds import Rounds, embedding_rates
from app.platform.bus import Bus

# Which part of all of it each phase is: from where to where.
_SPANS: Final = {
    BenchPhase.LOADING: (0.0, 0.3),
    BenchPhase.RELOADING: (0.3, 0.5),
    BenchPhase.WARMING: (0.5, 0.6),
    BenchPhase.MEASURING: (0.6, 1.0),
}

Tell = Callable[[BenchStep], None]


class Memory(Protocol):
    """Who loads models: the residency."""

    def lease(
        self,
        role: RoleSpec,
        *,
        on_progress: Callable[[float], None] | None = None,
        anyway: bool = False,
    ) -> AbstractAsyncContextManager[Server]:
        """Return a ready server with the role's model, for as long as the block lasts."""

    async def weigh(self, model: str) -> None:
        """Correct what a model is known to take by what it holds now."""

    async def stop(self, model: str) -> None:
        """End a model's process and wait until its memory is free."""


class Session:
    """Measures the model of one role; what its load and memory were, the residency writes down."""

    def __init__(
        self, memory: Memory, bus: Bus, role: RoleSpec, tell: Tell, *, anyway: bool
    ) -> None:
        self._memory = memory
        self._bus = bus
        self._role = role
        self._name = role.model.name
        self._tell = tell
        self._anyway = anyway
        self._priced = False

    async def rates(self) -> Rates:
        """Load the model anew and measure it.

        Raises:
            AppError: it does not fit, its engine ended, or there is nothing to be measured.
        """
        await self._memory.stop(self._name)
        with self._watching():
            async with self._lease(BenchPhase.LOADING) as server:
                if not self._priced:
                    return await self._asked(server)
        # The first load also measured what drafts cost, so its time says nothing.
        await self._memory.stop(self._name)
        async with self._lease(BenchPhase.RELOADING) as server:
            return await self._asked(server)

    async def _asked(self, server: Server) -> Rates:
        client, context, dice = server.client, server.context, Random()  # noqa: S311 - no secret
        self._step(BenchPhase.WARMING)
        if self._role.model.embeddings:
            rates = await embedding_rates(client, context, dice, self._teller(BenchPhase.MEASURING))
        else:
            rounds = Rounds(client, context, dice)
            await rounds.warm()
            rates = await rounds.rates(self._teller(BenchPhase.MEASURING))
        await self._memory.weigh(self._name)
        return rates

    def _lease(self, phase: BenchPhase) -> AbstractAsyncContextManager[Server]:
        self._step(phase)
        return self._memory.lease(self._role, on_progress=self._teller(phase), anyway=self._anyway)

    def _teller(self, phase: BenchPhase) -> Callable[[float], None]:
        return lambda fraction: self._step(phase, fraction)

    def _step(self, phase: BenchPhase, fraction: float = 0.0) -> None:
        # Whoever waits for this is there: nothing that is done at idle begins meanwhile.
        self._bus.publish(UserSeen())
        begun, done = _SPANS[phase]
        self._tell(BenchStep(phase, begun + (done - begun) * fraction))

    @contextmanager
    def _watching(self) -> Iterator[None]:
        """Notice whether a load takes longer than usual, which its engine says."""

        def changed(event: ServerStateChanged) -> None:
            if event.model == self._name and event.state is ServerState.LOADING and event.detail:
                self._priced = True

        leave = self._bus.on(ServerStateChanged, changed)
        try:
            yield
        finally:
            leave()
