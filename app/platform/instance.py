"""One process owns the core; later ones attach to it through a private socket.

The lock is the operating system's, so it ends with the process that holds it, however that ends.
One connection carries one request (a JSON line) and its answer: a greeting, which says that the
token was right, then JSON lines until the connection is closed.
"""

import asyncio
import json
import logging
import secrets
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import IO

from app.domain.errors import InstanceError, RequestInvalid
from app.platform.lines import LINE_BYTES, Message, hang_up, read_line, write_line
from app.platform.lock import try_lock
from app.platform.paths import Paths, write_private

log = logging.getLogger(__name__)

Handler = Callable[[Message], AsyncGenerator[Message, None]]
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_GREETING: Message = {"echelon": 1}
_TOKEN_BYTES = 1024  # more than the token takes with its name
# How long a connection may take to say what it wants, and an owner to greet back.
_PATIENCE_S = 10.0
# An owner on its way up may have to bring a large database to a new form first.
_CONNECT_S = 20.0
_CONNECT_STEP_S = 0.1


class Instance:
    """The place at the core: taken by the first process, asked by the others."""

    @staticmethod
    def acquire(paths: Paths) -> "Owner | Attached":
        """Return the ownership of the core, or the way to the process that has it.

        Raises:
            NotWritable: the lock's file belongs to somebody else.
            InstanceError: the file system has no locks.
        """
        held = try_lock(paths.lock)
        return Owner(paths, held) if held is not None else Attached(paths)

    @staticmethod
    async def join(paths: Paths) -> "Owner | Attached":
        """Acquire, and if another process owns the core, wait until it listens or is gone.

        Raises:
            InstanceError: the owner lives but does not answer.
        """
        async with _bounded():
            while True:
                found = Instance.acquire(paths)
                if isinstance(found, Owner) or await found.is_heard():
                    return found
                await asyncio.sleep(_CONNECT_STEP_S)


class Owner:
    """Holds the lock; serves attached processes between `serve` and `stop`."""

    def __init__(self, paths: Paths, held: IO[str]) -> None:
        self._paths = paths
        self._held = held
        self._token = secrets.token_hex(32)
        self._server: asyncio.Server | None = None
        self._answering: set[asyncio.Task[None]] = set()
        self._handler: Handler | None = None

    async def serve(self, handler: Handler) -> None:
        """Listen; every request is answered by `handler`, which is closed if the asker leaves.

        Raises:
            InstanceError: the private socket cannot be made.
        """
        self._handler = handler
        try:
            place = await self._listen()
            write_private(self._paths.address, json.dumps({"place": place, "token": self._token}))
        except OSError as error:
            raise InstanceError(
                f"Echelon cannot listen in {self._paths.runtime}: {error.strerror or error}.",
                remedy="Check the folder's rights and the free space, then try again.",
            ) from error

    async def stop(self) -> None:
        """Stop listening and end what is being answered; the lock stays."""
        if self._server is not None:
            self._server.close()
            self._paths.address.unlink(missing_ok=True)
            self._paths.socket.unlink(missing_ok=True)
        for task in tuple(self._answering):
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    def release(self) -> None:
        """Let the lock go; the last thing an owner does."""
        self._held.close()

    async def close(self) -> None:
        """Stop and release."""
        await self.stop()
        self.release()

    async def _listen(self) -> str:
        if sys.platform == "win32":
            self._server = await asyncio.start_server(
                self._connected, "127.0.0.1", 0, limit=LINE_BYTES
            )
            return str(self._server.sockets[0].getsockname()[1])
        place = self._paths.socket
        place.unlink(missing_ok=True)  # a dead owner's: we hold the lock
        self._server = await asyncio.start_unix_server(
            self._connected, str(place), limit=LINE_BYTES
        )
        place.chmod(0o600)
        return str(place)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._answering.add(task)
        try:
            request = await read_line(reader, _PATIENCE_S)
            if request is not None and self._is_friend(request):
                await self._answer(request, reader, writer)
        except (OSError, asyncio.CancelledError):
            log.debug("an attached process left")
        finally:
            self._answering.discard(task)
            writer.close()

    def _is_friend(self, request: Message) -> bool:
        token = str(request.pop("token", "")).encode(errors="replace")
        return secrets.compare_digest(token, self._token.encode())

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
            outcome, _ = await asyncio.gather(answer, gone, return_exceptions=True)
            if isinstance(outcome, Exception) and not isinstance(outcome, OSError):
                log.error("a request of an attached process failed", exc_info=outcome)

    async def _write_answer(self, request: Message, writer: asyncio.StreamWriter) -> None:
        assert self._handler is not None
        await write_line(writer, _GREETING)
        if request == _GREETING:
            return
        async with aclosing(self._handler(request)) as messages:
            async for message in messages:
                await write_line(writer, message)


class Attached:
    """The way to the process that owns the core."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths

    async def request(self, message: Message) -> AsyncGenerator[Message, None]:
        """Send one request and yield its answer; leaving early cancels it over there.

        An answer that stops without its last message means that the owner ended.

        Raises:
            InstanceError: the owner does not answer.
            RequestInvalid: the request is too long to be sent.
        """
        if len(json.dumps(message)) > LINE_BYTES - _TOKEN_BYTES:
            raise RequestInvalid(
                "The message is too long to be handed to the Echelon that is running.",
                remedy="Send it in parts.",
            )
        reader, writer = await self._reach(message)
        try:
            while (answer := await read_line(reader)) is not None:
                yield answer
        except ConnectionError:
            return  # the owner ended and left nothing more to read
        finally:
            await hang_up(writer)

    async def is_heard(self) -> bool:
        """Say whether the owner listens by now."""
        streams = await self._try_reach(_GREETING)
        if streams is None:
            return False
        await hang_up(streams[1])
        return True

    async def _reach(self, message: Message) -> _Streams:
        async with _bounded():
            while True:
                if (streams := await self._try_reach(message)) is not None:
                    return streams
                await asyncio.sleep(_CONNECT_STEP_S)

    async def _try_reach(self, message: Message) -> _Streams | None:
        """Return the streams once the owner has greeted.

        Until then the address may be that of an owner before this one, or nobody listens yet.
        """
        try:
            address = json.loads(self._paths.address.read_text("utf-8"))
            place, token = str(address["place"]), str(address["token"])
            reader, writer = await _open(place)
        except (OSError, ValueError, LookupError, TypeError):
            return None
        greeted = False
        try:
            await write_line(writer, {**message, "token": token})
            greeted = await read_line(reader, _PATIENCE_S) == _GREETING
        except OSError:
            return None
        finally:
            if not greeted:
                await hang_up(writer)
        return (reader, writer) if greeted else None


@asynccontextmanager
async def _bounded() -> AsyncIterator[None]:
    """Give up on an owner that stays silent."""
    try:
        async with asyncio.timeout(_CONNECT_S):
            yield
    except TimeoutError as error:
        raise _silent() from error


async def _open(place: str) -> _Streams:
    if sys.platform == "win32":
        return await asyncio.open_connection("127.0.0.1", int(place), limit=LINE_BYTES)
    return await asyncio.open_unix_connection(place, limit=LINE_BYTES)


def _silent() -> InstanceError:
    return InstanceError(
        "Echelon is already running but does not answer.",
        remedy="Close the other window or terminal of Echelon, then try again.",
    )
