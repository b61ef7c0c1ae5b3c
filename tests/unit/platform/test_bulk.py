"""Connections that bring much at once: against real sockets, plain ones and secured ones."""

import asyncio
import gc
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from app.platform.bulk import BulkTransport
from tests.fakes.certificates import secured, trusting

BODY = bytes(range(256)) * 8192
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _served(talk: Talk, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve whatever `talk` says after each head of a request."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await talk(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"{'https' if context else 'http'}://localhost:{port}/"


@asynccontextmanager
async def _client(
    stall_s: float = 60.0, verify: ssl.SSLContext | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_keepalive_connections=4)
    transport = BulkTransport(verify or trusting(), limits)
    async with httpx.AsyncClient(transport=transport, timeout=stall_s) as client:
        yield client


async def _whole(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY)
    await writer.drain()


async def _cut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
    await writer.drain()
    writer.close()


async def _silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")


@pytest.mark.parametrize("context", [None, secured()])
async def test_bodies_arrive_whole_one_after_another_on_one_connection(
    context: ssl.SSLContext | None,
) -> None:
    ports: set[int] = set()

    async def whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports.add(writer.get_extra_info("peername")[1])
        await _whole(reader, writer)

    async with _served(whole, context) as url, _client() as client:
        for _ in range(3):
            assert (await client.get(url)).content == BODY
    assert len(ports) == 1


@pytest.mark.parametrize("context", [None, secured()])
async def test_no_more_is_held_than_promised(context: ssl.SSLContext | None) -> None:
    async with (
        _served(_whole, context) as url,
        _client() as client,
        client.stream("GET", url) as answer,
    ):
        sizes = [len(chunk) async for chunk in answer.aiter_raw()]
    assert sum(sizes) == len(BODY)
    assert max(sizes) <= 192 << 10


@pytest.mark.parametrize("context", [None, secured()])
async def test_what_is_left_half_read_lets_go_at_once(context: ssl.SSLContext | None) -> None:
    left = asyncio.Event()

    async def whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _whole(reader, writer)
            await _whole(reader, writer)
            await reader.readexactly(1)
        finally:
            left.set()

    async with _served(whole, context) as url, _client() as client:
        async with client.stream("GET", url) as answer:
            await anext(answer.aiter_raw())
        await left.wait()


@pytest.mark.parametrize("context", [None, secured()])
async def test_a_cut_and_a_standstill_are_told_apart(context: ssl.SSLContext | None) -> None:
    async with _served(_cut, context) as url, _client() as client:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await client.get(url)
    async with _served(_silent, context) as url, _client(stall_s=0.5) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(url)


async def test_a_connection_the_server_ended_meanwhile_is_not_used_again() -> None:
    async def once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nonce")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        ended.set()

    ended = asyncio.Event()
    async with _served(once) as url, _client() as client:
        for _ in range(3):
            ended.clear()
            assert (await client.get(url)).content == b"once"
            await ended.wait()
            await asyncio.sleep(0)


async def test_who_is_not_trusted_is_no_connection() -> None:
    stranger = ssl.create_default_context()
    async with _served(_whole, secured()) as url, _client(verify=stranger) as client:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await client.get(url)


async def test_who_is_not_there_is_no_connection() -> None:
    async with _served(_whole) as url:
        gone = url
    async with _client() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(gone)
        with pytest.raises(httpx.UnsupportedProtocol):
            await client.get("ftp://localhost/")


@pytest.mark.parametrize("is_secured", [False, True])
async def test_a_request_that_is_given_up_leaves_no_connection_open(is_secured: bool) -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async with _served(talk, secured() if is_secured else None) as url:
        for turns in range(60):
            async with _client() as client:
                asked = asyncio.create_task(client.get(url))
                for _ in range(turns):
                    await asyncio.sleep(0)
                asked.cancel()
                with suppress(asyncio.CancelledError):
                    await asked
    gc.collect()  # what was left open complains now
