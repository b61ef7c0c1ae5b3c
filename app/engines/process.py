"""One engine process from its spawn to its end: handshake, log, stop; always waited for."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.domain.errors import EngineStartFailed
from app.engines.enginelog import EngineLog

GRACE_S = 5.0
# A grandchild may hold the pipes open after the engine itself has ended.
DRAIN_S = 1.0
_READ_BYTES = 64 * 1024


class EngineProcess:
    """A running child in its own session; its stdin is the line it hangs on."""

    def __init__(self, process: asyncio.subprocess.Process, log: EngineLog) -> None:
        """Use `spawn` instead."""
        self._process = process
        self.log = log
        self.stopping = False
        self._pumps = [asyncio.create_task(self._pump(process.stderr), name="engine log")]

    @classmethod
    async def spawn(
        cls, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: EngineLog
    ) -> "EngineProcess":
        """Start `command` without a shell, in a session of its own, its stdin held by us."""
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=dict(env),
                cwd=cwd,
                start_new_session=True,
                creationflags=flags,
            )
        except OSError as error:
            raise EngineStartFailed(
                f"The engine's process could not be started: {error.strerror}.",
                remedy="Close other programs, or install the program again.",
            ) from error
        return cls(process, log)

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group on POSIX."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._process.returncode

    async def handshake(self) -> int:
        """Return the port from the child's first line; what follows on stdout goes to the log."""
        assert self._process.stdout is not None
        try:
            line = await self._process.stdout.readline()
            port = int(json.loads(line)["port"])
        except (ValueError, LookupError, TypeError) as error:
            raise EngineStartFailed(
                "The engine did not say where it listens.",
                remedy="Look at the engine's log, or install the program again.",
            ) from error
        self.follow_output()
        return port

    def follow_output(self) -> None:
        """Write to the log what the child says on its standard output from now on."""
        self._pumps.append(asyncio.create_task(self._pump(self._process.stdout), name="engine out"))

    async def wait(self) -> int:
        """Return the exit status once the process has ended and its last words are logged."""
        returncode = await self._process.wait()
        await asyncio.wait(self._pumps, timeout=DRAIN_S)
        return returncode

    async def ends_within(self, seconds: float) -> int | None:
        """Return the exit status, or None when it still runs after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                return await self.wait()
        except TimeoutError:
            return None

    async def stop(self, grace_s: float = GRACE_S) -> int:
        """Ask the child to end, insist after `grace_s`, and wait; a cancelled stop insists too."""
        self.stopping = True
        try:
            self._ask_to_end()
            await self.ends_within(grace_s)
        finally:
            self.kill()
        returncode = await self.wait()
        for pump in self._pumps:
            pump.cancel()
        return returncode

    def kill(self) -> None:
        """End the child's whole group at once, if it still runs."""
        if self.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self.pid, signal.SIGKILL)

    def _ask_to_end(self) -> None:
        if self.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                assert self._process.stdin is not None
                self._process.stdin.close()  # there are no signals; the closed line tells it
            else:
                self._process.terminate()

    async def _pump(self, stream: asyncio.StreamReader | None) -> None:
        assert stream is not None
        while data := await stream.read(_READ_BYTES):
            self.log.feed(data)
