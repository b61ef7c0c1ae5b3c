"""The one network policy."""

import asyncio

import httpx
import pytest

from app.domain.errors import NetworkForbidden
from app.platform.net import NetworkPolicy, is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_this_computer_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "example.org", "10.0.0.1", "127.0.0.1.example.org"])
def test_other_computers_are_known(host: str) -> None:
    assert not is_loopback(host)


def test_the_switch_forbids_what_leaves_this_computer() -> None:
    policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
    policy.check("http://127.0.0.1:80/x", "engine")
    with pytest.raises(NetworkForbidden, match=r"example\.org"):
        policy.check("https://example.org/x", "search")
    assert policy.connections == ()


def test_connections_are_listed_and_counted() -> None:
    policy = NetworkPolicy(local_only=False, clock=lambda: 7.0)
    for _ in range(3):
        policy.check("https://example.org/x", "search")
    (connection,) = policy.connections
    assert (connection.host, connection.since, connection.count) == ("example.org", 7.0, 3)


def test_redirects_are_checked_too() -> None:
    policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)

    def reply(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "https://example.org/away"})

    async def follow() -> None:
        transport = httpx.MockTransport(reply)
        async with policy.client("test", transport=transport, follow_redirects=True) as client:
            await client.get("http://127.0.0.1/start")

    with pytest.raises(NetworkForbidden):
        asyncio.run(follow())
