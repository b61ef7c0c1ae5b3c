"""Keeps the server of one model: one start for all who ask, back-off, quarantine."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.domain.errors import AppError, EngineQuarantined, EngineStartFailed
from app.domain.events import ServerState, ServerStateChanged
from app.domain.models import ModelSpec, RoleSpec
from app.engines.exits import Exit, decode
from app.engines.restarts import Pace, Restarts
from app.engines.server import Server
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

if TYPE_CHECKING:
    from app.engines.starter import Starter

Progress = Callable[[float], None]


class Keeper:
    """Starts, shares, buries and stops the server of one model.

    A crashed server is started again when it is next asked for, not by itself: a model nobody
    uses takes no memory, and a crash loop costs nothing. Who asks waits out what is left of the
    back-off. What cannot go better (a damaged file, a library that does not fit) is not tried
    again until the model's file changes or the user asks for it.
    """

    def __init__(
        self, model: ModelSpec, starter: "Starter", bus: Bus, tasks: TaskOwner, pace: Pace
    ) -> None:
        self.model = model
        self._starter = starter
        self._bus = bus
        self._tasks = tasks
        self._pace = pace
        self._restarts = Restarts(pace)
        self._server: Server | None = None
        self._start: asyncio.Task[Server | Exit] | None = None
        self._turnstile = asyncio.Lock()  # a start waits until its predecessor is gone
        self._listeners: list[Progress] = []
        self._verdict: AppError | None = None
        self._judged: object = None
        self.status = ServerStateChanged(model.name, ServerState.STOPPED)

    @property
    def server(self) -> Server | None:
        """The ready server, if there is one."""
        return self._server if self._server is not None and self._server.alive else None

    async def acquire(self, role: RoleSpec, on_progress: Progress | None) -> Server:
        """Return the ready server, starting it if need be; cancelling this leaves the start be."""
        await self._bury()
        if self.server is not None:
            return self.server
        self._refuse(role.model)
        if self._start is None or self._start.done():
            self._start = self._tasks.spawn(self._launch(role), name=f"start {role.model.name}")
        start = self._start
        with self._listening(on_progress):
            await asyncio.wait({start})
        if start.cancelled():
            raise EngineStartFailed(
                "The engine was stopped while it was loading.", remedy="Try again."
            )
        outcome = start.result()
        if isinstance(outcome, Exit):
            raise _copy(outcome.error)
        return outcome

    async def stop(self) -> None:
        """End the server, or its start, and wait until the process is gone."""
        if self._start is not None and not self._start.done():
            self._start.cancel()
            await asyncio.wait({self._start})
        async with self._turnstile:
            server, self._server = self._server, None
            if server is not None:
                self._announce(ServerState.STOPPING)
                await self._starter.retire(server.process, server.client)
        if self._verdict is None and self.status.state is not ServerState.STOPPED:
            self._announce(ServerState.STOPPED)

    def forgive(self) -> None:
        """Lift a quarantine and forget all crashes."""
        self._restarts.forgive()
        self._verdict = None
        if self.status.state is ServerState.QUARANTINED:
            self._announce(ServerState.STOPPED)

    async def _launch(self, role: RoleSpec) -> Server | Exit:
        async with self._turnstile:
            delay = self._restarts.delay()
            if delay:
                self._announce(ServerState.CRASHED, detail=f"next start in {delay:.1f} s")
                await self._pace.sleep(delay)
            self._announce(ServerState.STARTING)
            outcome = await self._starter.start(role, self._report)
            if isinstance(outcome, Exit):
                self._condemn(role.model, outcome)
                return outcome
            self._server = outcome
            self._restarts.ready()
            self._announce(ServerState.READY, 1.0, detail=" ".join(outcome.notes))
            self._tasks.spawn(self._watch(outcome), name=f"watch {role.model.name}")
            return outcome

    async def _watch(self, server: Server) -> None:
        await server.process.wait()
        await self._bury()

    async def _bury(self) -> None:
        """Take note of a server that ended by itself; whoever sees it first does this."""
        server = self._server
        if server is None or server.process.returncode is None or server.process.stopping:
            return
        returncode = await server.process.wait()
        if self._server is not server:  # somebody else was faster
            return
        self._server = None
        end = decode(returncode, server.process.log.tail(), loading=False)
        self._condemn(server.model, end)
        await self._starter.retire(server.process, server.client)

    def _condemn(self, model: ModelSpec, end: Exit) -> None:
        too_often = self._restarts.crashed()
        if not end.final and not too_often:
            self._announce(ServerState.CRASHED, detail=end.error.message)
            return
        self._judged = _stamp(model) if end.final else None
        self._verdict = end.error if end.final else _quarantine(model, end.error)
        self._announce(ServerState.QUARANTINED, detail=end.error.message)

    def _refuse(self, model: ModelSpec) -> None:
        """Raise the verdict that stands, unless the file it was about has changed."""
        if self._verdict is None:
            return
        if self._judged is not None and self._judged != _stamp(model):
            self.forgive()
            return
        raise _copy(self._verdict)

    def _report(self, state: ServerState, progress: float | None, detail: str) -> None:
        self._announce(state, progress, detail)
        if progress is not None:
            for listener in tuple(self._listeners):
                listener(progress)

    def _announce(
        self, state: ServerState, progress: float | None = None, detail: str = ""
    ) -> None:
        self.status = ServerStateChanged(self.status.model, state, progress, detail)
        self._bus.publish(self.status)

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


def _stamp(model: ModelSpec) -> tuple[int, int]:
    """Return what changes when the file is replaced; a missing file has a stamp of its own."""
    try:
        state = model.path.stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)


def _quarantine(model: ModelSpec, error: AppError) -> EngineQuarantined:
    return EngineQuarantined(
        f"The engine of {model.name} failed several times and is left alone. {error.message}",
        remedy=f"{error.remedy} Then ask for another try.",
    )


def _copy(error: AppError) -> AppError:
    """Return the error anew: raised by several callers, one object would mix their tracebacks."""
    return type(error)(error.message, remedy=error.remedy)
