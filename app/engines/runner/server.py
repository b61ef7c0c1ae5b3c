"""The engine at work: the owner's thread and the HTTP front, side by side."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Generator
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from app.engines.runner.failures import LoadFailed
from app.engines.runner.front import Front
from app.engines.runner.options import Options
from app.engines.runner.owner import Owner
from app.engines.runner.status import Counters, Status

# Tokens are chosen in one thread and sent from another: neither may wait long for the other.
SWITCH_INTERVAL_S: Final = 0.0005
FAILURE_SHOWN_S: Final = 0.3
GRACE_S: Final = 2
SAVING_S: Final = 4.5  # the parent waits five seconds for a stop


class _Http(uvicorn.Server):
    """uvicorn that sleeps until it is stopped, and leaves signals to the process."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                date_header=False,
                server_header=False,
                lifespan="off",
                http="h11",
                ws="none",
                loop="asyncio",
                timeout_keep_alive=75,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self.stopping = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield

    async def main_loop(self) -> None:
        """Wait for the end without waking up."""
        await self.stopping.wait()


class Server:
    """Serves one model until it is told to stop or the model fails."""

    def __init__(self, options: Options, token: str) -> None:
        self._status = Status(Counters())
        self._owner = Owner(
            options, self._status, log=sys.stderr.write, on_failure=self._on_failure
        )
        self._app = Front(self._owner, options).app(token)
        self._failed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, listener: socket.socket) -> LoadFailed | None:
        """Serve; returns why the model could not be loaded, if it could not."""
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        asyncio.run(self._serve(listener))
        self._owner.join(timeout=SAVING_S)
        return self._status.failure

    async def _serve(self, listener: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        http = _Http(self._app)

        def stop() -> None:
            self._owner.close()
            http.stopping.set()

        if sys.platform != "win32":
            self._loop.add_signal_handler(signal.SIGTERM, stop)
        self._owner.start()
        watcher = asyncio.create_task(self._stop_when_failed(stop))
        await http.serve(sockets=[listener])
        watcher.cancel()

    def _on_failure(self) -> None:
        """The model failed (told by the owner's thread)."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._failed.set)

    async def _stop_when_failed(self, stop: Callable[[], None]) -> None:
        """Let `/health` tell of the failure for a moment, then stop."""
        await self._failed.wait()
        await asyncio.sleep(FAILURE_SHOWN_S)
        stop()
