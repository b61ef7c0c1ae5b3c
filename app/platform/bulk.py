"""Connections that bring much: what comes lies in one buffer until it is taken, also with TLS.

The ones that httpcore makes hand on a secured connection's bytes record by record, 16 KiB each,
and every one of them costs as much as a whole buffer does here.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, cast

import httpcore
import httpx

# With what is written but not yet noted, four connections stay below one MiB.
_HELD_BYTES = 192 << 10
# A name's addresses are tried in turn, each but the last for so long. Not several at once, as RFC
# 8305 has it: where asyncio does that and is stopped, a connection just made is never closed.
_TRY_S = 2.0
_OF_HTTPCORE = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)
_KNOWN_AS = {"client_addr": "sockname", "server_addr": "peername"}


class _Wire(asyncio.BufferedProtocol):
    """The end of a connection: one buffer; while it is full, nothing is read."""

    def __init__(self) -> None:
        self._buffer = memoryview(bytearray(_HELD_BYTES))
        self._held = 0
        self._news: asyncio.Future[None] | None = None
        self._ended = False
        self.error: Exception | None = None
        self.transport: asyncio.Transport | None = None

    @property
    def has_news(self) -> bool:
        """Say whether there are bytes, or the end of them."""
        return self._held > 0 or self._ended

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def get_buffer(self, _: int) -> memoryview:
        return self._buffer[self._held :]

    def buffer_updated(self, nbytes: int) -> None:
        self._held += nbytes
        if self._held == _HELD_BYTES and self.transport:
            self.transport.pause_reading()
        self._tell()

    def eof_received(self) -> None:
        self._ended = True
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        self.error = exc
        self.eof_received()

    async def wait(self) -> None:
        """Wait for bytes, or their end; one at a time may."""
        if not self.has_news:
            self._news = asyncio.get_running_loop().create_future()
            await self._news

    def take(self) -> bytes:
        """Return all that is here."""
        taken = bytes(self._buffer[: self._held])
        self._held = 0
        if len(taken) == _HELD_BYTES and self.transport:
            self.transport.resume_reading()
        return taken

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


class _Stream(httpcore.AsyncNetworkStream):
    """A wire as httpcore wants it."""

    def __init__(self, wire: _Wire, transport: asyncio.Transport) -> None:
        self._wire = wire
        self._transport = transport

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what is here, also where that is more than was asked for: nothing is cut."""
        try:
            async with asyncio.timeout(timeout):
                await self._wire.wait()
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        taken = self._wire.take()
        if not taken and self._wire.error:
            raise httpcore.ReadError(str(self._wire.error))
        return taken

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send a request; they are small, so nothing is waited for."""
        if self._transport.is_closing():
            raise httpcore.WriteError("the connection was closed")
        self._transport.write(buffer)

    async def aclose(self) -> None:
        """Close at once: what is still on the way is not wanted."""
        self._transport.abort()
        await asyncio.sleep(0)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            async with _connecting(timeout):
                secured = await loop.start_tls(
                    self._transport, self._wire, ssl_context, server_hostname=server_hostname
                )
        except BaseException:
            self._transport.abort()  # nobody else knows of it
            raise
        if secured is None:
            raise httpcore.ConnectError("the connection was closed")
        self._wire.transport = secured
        return _Stream(self._wire, secured)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own
        if info == "is_readable":
            return self._wire.has_news
        return self._transport.get_extra_info(_KNOWN_AS.get(info, info))


class _Backend(httpcore.AsyncNetworkBackend):
    """Makes such connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        async with _connecting(timeout):
            *others, last = await _addresses(host, port)
            for address in others:
                with suppress(OSError):  # a TimeoutError is one
                    async with asyncio.timeout(_TRY_S):
                        return await _connected(address, port)
            return await _connected(last, port)


async def _addresses(host: str, port: int) -> list[str]:
    """Return all addresses of a name, the first of each family in front."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    families = {family: str(address[0]) for family, *_, address in reversed(found)}
    each = [str(address[0]) for *_, address in found]
    first = sorted(families.values(), key=each.index)
    return list(dict.fromkeys((*first, *each)))


async def _connected(address: str, port: int) -> _Stream:
    loop = asyncio.get_running_loop()
    transport, wire = await loop.create_connection(_Wire, address, port)
    return _Stream(wire, transport)


class BulkTransport(httpx.AsyncBaseTransport):
    """Carries requests over such connections, without a proxy."""

    def __init__(self, verify: ssl.SSLContext, limits: httpx.Limits) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=verify,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_Backend(),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, and return the answer's head; its body is still to come."""
        url = request.url
        with _said_by_httpx():
            answer = await self._pool.handle_async_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _said_by_httpx():
            async for part in self._answer.aiter_stream():
                yield part

    async def aclose(self) -> None:
        with _said_by_httpx():
            await self._answer.aclose()


@contextmanager
def _said_by_httpx() -> Iterator[None]:
    """Turn httpcore's errors into those of the same name that httpx has."""
    try:
        yield
    except _OF_HTTPCORE as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


@asynccontextmanager
async def _connecting(timeout: float | None) -> AsyncIterator[None]:
    """Turn what keeps a connection from being made into httpcore's errors."""
    try:
        async with asyncio.timeout(timeout):
            yield
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from error
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
