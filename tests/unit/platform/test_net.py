"""The one network policy."""

import asyncio
import ssl
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from subprocess import run
from typing import Any

import httpx
import pytest

from app.domain.errors import NetworkForbidden
from app.platform import net
from app.platform.net import NetworkPolicy, is_loopback


def _policy(*, local_only: bool) -> NetworkPolicy:
    return NetworkPolicy(local_only=local_only, clock=lambda: 7.0)


def _answers(reply: Callable[[httpx.Request], httpx.Response]) -> httpx.MockTransport:
    return httpx.MockTransport(reply)


def _away(_: httpx.Request) -> httpx.Response:
    return httpx.Response(302, headers={"location": "https://example.org/away"})


def _fine(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_this_computer_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "example.org", "10.0.0.1", "127.0.0.1.example.org"])
def test_other_computers_are_known(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/x",
        "http://127.0.0.1@example.org/",
        "http://127.0.0.1.example.org/",
        "http://0x7f.1.example.org/",
        "http://10.0.0.1/",
        "no address",
    ],
)
def test_the_switch_forbids_what_leaves_this_computer(url: str) -> None:
    policy = _policy(local_only=True)
    policy.check("http://127.0.0.1:80/x", "engine")
    policy.check("http://LOCALHOST/x", "engine")
    with pytest.raises(NetworkForbidden) as caught:
        policy.check(url, "search")
    assert "ORCHESTRATOR_LOCAL_ONLY" in caught.value.remedy
    assert policy.connections == ()


def test_connections_are_listed_and_counted() -> None:
    policy = _policy(local_only=False)
    for _ in range(3):
        policy.check("https://example.org/x", "search")
    policy.check("https://example.org/x", "download")
    policy.check("http://127.0.0.1/x", "engine")
    search, download = policy.connections
    assert (search.host, search.purpose, search.since, search.count) == (
        "example.org",
        "search",
        7.0,
        3,
    )
    assert (download.purpose, download.count) == ("download", 1)


async def test_redirects_are_checked_too() -> None:
    policy = _policy(local_only=True)
    transport = _answers(_away)
    async with policy.client("test", transport=transport, follow_redirects=True) as client:
        with pytest.raises(NetworkForbidden, match=r"example\.org"):
            await client.get("http://127.0.0.1/start")


async def test_the_switch_acts_at_once_on_clients_that_exist() -> None:
    policy = _policy(local_only=False)
    async with policy.client("test", transport=_answers(_fine)) as client:
        await client.get("https://example.org/")
        policy.local_only = True
        with pytest.raises(NetworkForbidden):
            await client.get("https://example.org/")
        await client.get("http://[::1]:8080/")
    (connection,) = policy.connections
    assert connection.count == 1


async def test_a_client_for_this_computer_goes_nowhere_else() -> None:
    policy = _policy(local_only=False)
    options: dict[str, Any] = {"transport": _answers(_away), "follow_redirects": True}
    async with policy.client("engine", loopback=True, **options) as client:
        with pytest.raises(NetworkForbidden, match="this computer alone"):
            await client.get("http://127.0.0.1/start")
    assert policy.connections == ()


@asynccontextmanager
async def _web_server(name: str) -> AsyncIterator[str]:
    """A server that answers everything with its name."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(name)}\r\n\r\n"
        writer.write((head + name).encode())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()
    await server.wait_closed()


async def test_whom_the_system_trusts_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[ssl.SSLContext] = []

    def load(context: ssl.SSLContext) -> None:
        loaded.append(context)

    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", load)
    net._certificates.cache_clear()
    policy = _policy(local_only=False)
    async with policy.client("search"), policy.client("engine", loopback=True):
        pass
    async with policy.client("download"):
        pass
    net._certificates.cache_clear()
    (context,) = loaded
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


async def test_no_proxy_sees_what_stays_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    async with _web_server("proxy") as proxy, _web_server("here") as here:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy)
            monkeypatch.setenv(name.upper(), proxy)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        policy = _policy(local_only=False)
        async with policy.client("search") as client:
            assert (await client.get("http://example.invalid/")).text == "proxy"
            assert (await client.get(here)).text == "here"
        async with policy.client("engine", loopback=True) as client:
            assert (await client.get(here)).text == "here"


def test_starting_does_not_pay_for_the_http_library() -> None:
    code = "import sys, app.platform.net; sys.exit('httpx' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("proxies", "direct"), [({}, True), ({"https": "http://proxy.example"}, False)]
)
async def test_a_bulk_client_goes_where_a_proxy_stands_as_others_do(
    proxies: dict[str, str], direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urllib.request, "getproxies", lambda: proxies)
    mounts = net._direct({"verify": ssl.create_default_context(), "limits": httpx.Limits()})
    assert ("all://" in mounts, "all://localhost" in mounts) == (direct, True)


async def test_a_bulk_client_is_checked_as_others_are() -> None:
    policy = _policy(local_only=True)
    async with policy.client("test", bulk=True, limits=httpx.Limits()) as client:
        with pytest.raises(NetworkForbidden):
            await client.get("https://example.org/file")
