"""The engine at work: the owner's thread and the HTTP front, side by side."""

import asyncio
import signal
import socket
import sys
from types import FrameType
from typing import Final

import uvicorn

from app.engines.runner.failures import LoadFailed
from app.engines.runner.front import Front
from app.engines.runner.options import Options
from app.engines.runner.owner import Owner
from app.engines.runner.status import Counters, Status

# Tokens are chosen in one thread and sent from another: neither may wait long for the other.
SWITCH_INTERVAL_S: Final = 0.0005
FAILURE_SHOWN_S: Final = 0.3
GRACE_S: Final = 2


class Server:
    """Serves one model until it is told to stop or the model fails."""

    def __init__(self, options: Options, token: str) -> None:
        self._status = Status(Counters())
        self._owner = Owner(
            options, self._status, log=sys.stderr.write, on_failure=self._on_failure
        )
        config = uvicorn.Config(
            Front(self._owner, options).app(token),
            log_config=None,
            access_log=False,
            lifespan="off",
            http="h11",
            ws="none",
            loop="asyncio",
            timeout_keep_alive=75,
            timeout_graceful_shutdown=GRACE_S,
        )
        self._http = uvicorn.Server(config)
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, listener: socket.socket) -> LoadFailed | None:
        """Serve; returns why the model could not be loaded, if it could not."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        # uvicorn hands signals on to whoever was there before it.
        signal.signal(signal.SIGTERM, self._on_signal)
        asyncio.run(self._serve(listener))
        self._owner.close()
        self._owner.join(timeout=GRACE_S)
        return self._status.failure

    async def _serve(self, listener: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.add_signal_handler
        self._owner.start()
        await self._http.serve(sockets=[listener])

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._http.should_exit = True

    def _on_failure(self) -> None:
        """The model failed (owner's thread): let `/health` say so for a moment, then stop."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.call_later, FAILURE_SHOWN_S, self._stop)

    def _stop(self) -> None:
        self._http.should_exit = True
