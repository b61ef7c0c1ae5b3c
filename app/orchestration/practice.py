"""A draft model reads stored answers of its model before it is trusted with new ones."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from app.domain.chat import PastAnswer
from app.domain.errors import AppError
from app.domain.events import ServerState, ServerStateChanged
from app.engines.server import Server
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

ANSWERS: Final = 8

_log = logging.getLogger(__name__)
Stored = Callable[[str, int], Awaitable[Sequence[PastAnswer]]]


class Practice:
    """Hands an engine that has just started what its model said before.

    So its draft model is judged by teacher forcing over real answers, and on or off for a reason,
    before the first new answer. An engine that knows its draft model already reads nothing.
    """

    def __init__(
        self,
        bus: Bus,
        tasks: TaskOwner,
        servers: Callable[[], Sequence[Server]],
        stored: Stored,
    ) -> None:
        self._tasks = tasks
        self._servers = servers
        self._stored = stored
        self._met: set[int] = set()
        bus.on(ServerStateChanged, self._changed)

    def _changed(self, event: ServerStateChanged) -> None:
        if event.state is not ServerState.READY:
            return
        for server in self._servers():
            if server.model.name == event.model and _drafts(server) and server.pid not in self._met:
                self._met.add(server.pid)
                self._tasks.spawn(self._practise(server), name=f"practise {event.model}")

    async def _practise(self, server: Server) -> None:
        try:
            answers = await self._stored(server.model.name, ANSWERS)
            if answers:
                await server.client.rehearse(answers)
        except AppError as error:
            _log.info("the draft model of %s read nothing: %s", server.model.name, error.message)


def _drafts(server: Server) -> bool:
    model = server.model
    return model.engine == "runner" and model.draft is not None and model.speculation
