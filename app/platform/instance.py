"""One process owns the core; later ones attach to it through a private socket.

The lock is the operating system's, so it ends with the process that holds it, however that ends.
One connection carries one request (a JSON line) and its answer (JSON lines until it is closed).
"""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import IO, Any

from app.domain.errors import InstanceError
from app.platform.paths import Paths

log = logging.getLogger(__name__)

Message = dict[str, Any]
Handler = Callable[[Message], AsyncGenerator[Message, None]]

_LINE_BYTES = 8 * 1024 * 1024
_CONNECT_TRIES = 100
_CONNECT_STEP_S = 0.1


class Instance:
    """The place at the core: taken by the first process, asked by the others."""

    @staticmethod
    def acquire(paths: Paths) -> "Owner | Attached":
        """Return the ownership of the core, or the way to the process that has it."""
        held = _try_lock(paths.lock)
        return Owner(paths, held) if held is not None else Attached(paths)


class Owner:
    """Holds the lock; serves attached processes between `serve` and `close`."""

    def __init__(self, paths: Paths, held: IO[str]) -> None:
        self._paths = paths
        self._held = held
        self._token = secrets.token_hex(32)
        self._server: asyncio.Server | None = None
        self._answering: set[asyncio.Task[None]] = set()
        self._handler: Handler | None = None

    async def serve(self, handler: Handler) -> None:
        """Listen; every request is answered by `handler`, which is closed if the asker leaves."""
        self._handler = handler
        if sys.platform == "win32":
            self._server = await asyncio.start_server(
                self._connected, "127.0.0.1", 0, limit=_LINE_BYTES
            )
            place = str(self._server.sockets[0].getsockname()[1])
        else:
            place = _free_socket(self._paths)
            self._server = await asyncio.start_unix_server(
                self._connected, place, limit=_LINE_BYTES
            )
        _write_private(
            _address_file(self._paths), json.dumps({"place": place, "token": self._token})
        )

    async def close(self) -> None:
        """Stop listening, end what is being answered, and let the lock go."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._answering):
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)
        _address_file(self._paths).unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Let the lock go."""
        self._held.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._answering.add(task)
        try:
            request = await _read_line(reader)
            if request is not None and secrets.compare_digest(
                str(request.pop("token", "")), self._token
            ):
                await self._answer(request, reader, writer)
        except (OSError, asyncio.CancelledError):
            log.debug("an attached process left")
        finally:
            self._answering.discard(task)
            writer.close()

    async def _answer(
        self, request: Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Write the answer for as long as somebody is there to read it."""
        answer = asyncio.create_task(self._write_answer(request, writer), name="attached answer")
        gone = asyncio.create_task(reader.read(1), name="attached process")
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (answer, gone):
                task.cancel()
            await asyncio.gather(answer, gone, return_exceptions=True)

    async def _write_answer(self, request: Message, writer: asyncio.StreamWriter) -> None:
        assert self._handler is not None
        async with aclosing(self._handler(request)) as messages:
            async for message in messages:
                writer.write(json.dumps(message).encode() + b"\n")
                await writer.drain()


class Attached:
    """The way to the process that owns the core."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths

    async def request(self, message: Message) -> AsyncGenerator[Message, None]:
        """Send one request and yield its answer; leaving early cancels it over there.

        Raises:
            InstanceError: the owner does not answer.
        """
        reader, writer, token = await self._connect()
        try:
            writer.write(json.dumps({**message, "token": token}).encode() + b"\n")
            await writer.drain()
            while (answer := await _read_line(reader)) is not None:
                yield answer
        except OSError as error:
            raise _silent() from error
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
        for _ in range(_CONNECT_TRIES):  # the owner may still be on its way up
            with contextlib.suppress(OSError, ValueError, LookupError):
                address = json.loads(_address_file(self._paths).read_text("utf-8"))
                reader, writer = await _open(str(address["place"]))
                return reader, writer, str(address["token"])
            await asyncio.sleep(_CONNECT_STEP_S)
        raise _silent()


async def _open(place: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if sys.platform == "win32":
        return await asyncio.open_connection("127.0.0.1", int(place), limit=_LINE_BYTES)
    return await asyncio.open_unix_connection(place, limit=_LINE_BYTES)


async def _read_line(reader: asyncio.StreamReader) -> Message | None:
    """Return the next message, or None at the end or for what is no message of ours."""
    try:
        line = await reader.readline()
        found = json.loads(line) if line else None
    except ValueError:  # too long, no JSON, no UTF-8
        return None
    return found if isinstance(found, dict) else None


def _silent() -> InstanceError:
    return InstanceError(
        "Echelon is already running but does not answer.",
        remedy="Close the other window or terminal of Echelon, then try again.",
    )


def _address_file(paths: Paths) -> Path:
    return paths.runtime / "core.json"


def _free_socket(paths: Paths) -> str:
    """Return where to listen; what a dead owner left there is removed, for we hold the lock."""
    place = paths.runtime / "core.sock"
    place.unlink(missing_ok=True)
    return str(place)


def _write_private(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _try_lock(path: Path) -> IO[str] | None:
    """Return the locked file, or None when another process holds it."""
    file = path.open("a")
    try:
        _lock(file)
    except OSError:
        file.close()
        return None
    return file


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - exists on POSIX only

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
