"""One model's place in memory, from the promise of its bytes until they are free again."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from math import inf
from typing import Final

from app.domain.errors import AppError, EngineStartFailed
from app.domain.models import ModelSpec
from app.engines.residency.policy import Reuse, Stake
from app.engines.residency.room import Holder
from app.engines.residency.sizes import Size
from app.engines.server import Server

Progress = Callable[[float], None]

# However long others have waited: of the time of a busy memory, no more than a fifth are loads.
_SERVED_PER_LOAD: Final = 4.0


class Phase(StrEnum):
    """How far a model is on its way in or out."""

    LOADING = "loading"
    READY = "ready"
    LEAVING = "leaving"


class Place:
    """Who holds memory, for how many turns, and since when. Only the residency changes it."""

    def __init__(self, model: ModelSpec, size: Size, reuse: Reuse, *, pinned: bool) -> None:
        self.model = model
        self.size = size
        self.reuse = reuse
        self.pinned = pinned
        self.outdated = False  # it is wanted otherwise now, or by nobody: it goes once it is idle
        self.phase = Phase.LOADING
        self.server: Server | None = None
        self.leases = 0
        self.used = False
        self.last_used = 0.0
        self.ready_at = inf
        self.load: asyncio.Task[Server | AppError] | None = None
        self.weighing: asyncio.Task[None] | None = None
        self.leaving: asyncio.Task[None] | None = None
        self._listeners: list[Progress] = []

    @property
    def slots(self) -> float:
        """How many turns may use it at a time; the others wait where they can be ordered."""
        return inf if self.model.embeddings else self.model.sequences

    @property
    def dead(self) -> bool:
        """Whether its process has ended by itself, or by somebody else's hand."""
        return self.phase is Phase.READY and (self.server is None or not self.server.alive)

    @property
    def holder(self) -> Holder:
        """What it holds, for the scales."""
        return Holder(self.size.bytes, self.server.pid if self.server is not None else None)

    def take(self, now: float) -> None:
        """Let one more turn in."""
        self.leases += 1
        self.used, self.last_used = True, now
        self.reuse.note(now)

    def ready(self, server: Server, now: float) -> None:
        """Note that the model is loaded."""
        self.phase, self.server, self.ready_at = Phase.READY, server, now

    def stays_until(self, minimum_s: float) -> float:
        """Return until when it stays at least: as long as its load took, and `minimum_s` at most.

        Staying longer than a reload takes would cost more than it can save, so only a model that
        says so itself does. What was loaded on suspicion and never used stays for nobody.
        """
        if self.phase is not Phase.READY or not self.used:
            return 0.0
        own = self.model.minimum_s
        return self.ready_at + (min(minimum_s, self.size.reload_s) if own is None else own)

    def serves_until(self, most_s: float) -> float:
        """Return until when it goes on to serve while others wait: a load has to be worth it."""
        return self.ready_at + min(most_s, _SERVED_PER_LOAD * self.size.reload_s)

    def stake(self, now: float) -> Stake:
        """Return what giving it up would mean."""
        return Stake(
            model=self.model.name,
            size=self.size.bytes,
            reuse=self.reuse.chance(now),
            reload_s=self.size.reload_s,
            last_used=self.last_used,
        )

    def tell(self, fraction: float) -> None:
        """Pass on how much is loaded."""
        for listener in tuple(self._listeners):
            listener(fraction)

    async def served(self, on_progress: Progress | None) -> Server:
        """Return the ready server, or raise why there is none; cancelling leaves the load be."""
        assert self.load is not None
        with self._listening(on_progress):
            await asyncio.wait({self.load})
        if self.load.cancelled():
            raise EngineStartFailed(
                "The engine was stopped while it was loading.", remedy="Try again."
            )
        outcome = self.load.result()
        if isinstance(outcome, AppError):
            # Raised by several callers, one object would mix their tracebacks.
            raise type(outcome)(outcome.message, remedy=outcome.remedy)
        return outcome

    @contextmanager
    def _listening(self, listener: Progress | None) -> Iterator[None]:
        if listener is None:
            yield
            return
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)
