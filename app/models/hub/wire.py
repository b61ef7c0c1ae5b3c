"""Requests to a hub: bounded in size and time, the token for the hub alone, faults in words."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from app import __version__
from app.models.hub.access import Access, Keyring, find_access
from app.platform.net import NetworkPolicy

if TYPE_CHECKING:
    import httpx

_PURPOSE: Final = "model hub"
# A hub's redirects: to the new name of a repository, then to where the bytes lie.
_REDIRECTS: Final = 6
# No document of a hub is longer; a tree of files comes in pages.
_MOST: Final = 32 << 20

Query = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: until a connection stands, between two bytes, for a whole answer."""

    connect_s: float = 15.0
    read_s: float = 20.0
    whole_s: float = 180.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hub said: the data, and the headers of the answer."""

    data: Any
    headers: Mapping[str, str]
    next_url: str


class Wire:
    """Speaks to one hub. Owns the connections to it and the knowledge of who we are there."""

    def __init__(
        self,
        policy: NetworkPolicy,
        keyring: Keyring,
        environ: Mapping[str, str] = os.environ,
        patience: Patience = Patience(),
    ) -> None:
        """Connect to nobody yet.

        Args:
            policy: makes the connections.
            keyring: where the token may lie; it may block.
            environ: where address and token may stand.
            patience: how long nothing may happen.
        """
        self._policy = policy
        self._find: Callable[[], Access] = lambda: find_access(environ, keyring)
        self._patience = patience
        self._access: Access | None = None
        self._client: httpx.AsyncClient | None = None

    async def access(self, *, renew: bool = False) -> Access:
        """Return how the hub is reached; `renew` looks again at environment and keyring.

        Raises:
            SettingsInvalid: the address is none.
            HubTokenRefused: the token cannot be one.
        """
        if self._access is None or renew:
            self._access = await asyncio.to_thread(self._find)
        return self._access

    def authorisation(self, url: str) -> str:
        """Return what says who we are to the server of `url`: something for the hub's own only.

        It may wait for the keyring, so it is for threads that may.

        Raises:
            SettingsInvalid: the address of the hub is none.
            HubTokenRefused: the token cannot be one.
        """
        access = self._access or self._find()
        ours = urlsplit(access.endpoint)[:2] == urlsplit(url)[:2]
        return access.headers().get("Authorization", "") if ours else ""

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def get(self, path: str, query: Query, what: str, repo: str = "") -> Answer:
        """Return the data at a path of the hub.

        Args:
            path: after the hub's address.
            query: parameters of the request.
            what: the words for it, for errors.
            repo: the repository it belongs to, or ''.

        Raises:
            HubError: it was not given.
        """
        from app.models.hub import faults  # noqa: PLC0415 - loads the HTTP library

        access = await self.access()
        async with self.stream(f"{access.endpoint}{path}", what, repo, query=query) as response:
            body = await self._whole(response, access.host)
        return Answer(
            faults.parsed(response, body, access.host),
            response.headers,
            response.links.get("next", {}).get("url", ""),
        )

    async def text(self, url: str, what: str, repo: str, most: int) -> str:
        """Return the beginning of a text.

        Raises:
            HubError: it was not given.
        """
        async with self.stream(url, what, repo) as response:
            return (await limited(response, most)).decode("utf-8", errors="replace")

    @asynccontextmanager
    async def stream(
        self,
        url: str,
        what: str,
        repo: str = "",
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator["httpx.Response"]:
        """Ask for `url`; what comes is read by the caller, as much of it as wanted.

        Raises:
            HubError: it was not given, also later while it is read.
        """
        from app.models.hub import faults  # noqa: PLC0415

        access = await self.access()
        asked = faults.Asked(access, what, repo)
        with faults.translated(asked):
            async with (
                asyncio.timeout(self._patience.whole_s),
                self._connected().stream(
                    "GET",
                    url,
                    params=query,
                    headers={**access.headers(), **(headers or {})},
                ) as response,
            ):
                if not response.is_success:
                    body = await limited(response, faults.REFUSAL_MOST)
                    raise faults.refused(response, body, asked)
                yield response

    async def _whole(self, response: "httpx.Response", host: str) -> bytes:
        from app.models.hub import faults  # noqa: PLC0415

        body = await limited(response, _MOST + 1)
        if len(body) > _MOST:
            raise faults.no_hub(host, "more data than any hub has to say")
        return body

    def _connected(self) -> "httpx.AsyncClient":
        if self._client is None:
            import httpx  # noqa: PLC0415 - 0.2 s that the first paint need not wait for

            limits = self._patience
            self._client = self._policy.client(
                _PURPOSE,
                follow_redirects=True,
                max_redirects=_REDIRECTS,
                timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
                headers={"User-Agent": f"echelon/{__version__}"},
            )
        return self._client


async def limited(response: "httpx.Response", most: int) -> bytes:
    """Read a body, `most` bytes of it at the most."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece[: most - len(body)]
        if len(body) >= most:
            break
    return bytes(body)
