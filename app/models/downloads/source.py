"""Where a file comes from: the way through redirects, and answers that can be trusted to be it."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from app.domain.downloads import Part
from app.domain.errors import SourceUnfit
from app.models.downloads.faults import (
    Changed,
    Hitch,
    Stale,
    of_status,
    of_transport,
    unfit_address,
)

# Returns the value of the authorisation header for an address, or ''.
Authorise = Callable[[str], str]

_MOST_HOPS = 10
_MOVES = frozenset({301, 302, 303, 307, 308})
# No length has more digits; Python refuses to read those that have very many.
_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/[0-9]{1,18}")
_MOST_STALE = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What the server says of the file, and where it was found."""

    url: httpx.URL
    size: int
    mark: str
    ranged: bool

    def is_same(self, size: int, mark: str, *, proven: bool) -> bool:
        """Say whether this is the file of that size and mark; a known hash proves it in the end."""
        return size == self.size and (proven or mark == self.mark or not (mark and self.mark))


class Source:
    """One file at a server. `find` comes first; `fetch` finds the way again when it is stale."""

    def __init__(self, client: httpx.AsyncClient, part: Part, authorise: Authorise) -> None:
        self._client = client
        self._part = part
        self._origin = _address(part.url)
        self._authorise = authorise
        self._found: Found | None = None
        self._finding = asyncio.Lock()
        self._stale = 0

    @property
    def host(self) -> str:
        """Who was asked first."""
        return self._origin.host

    async def find(self) -> Found:
        """Follow the redirects and return what is there.

        Raises:
            AppError: this will not heal by itself.
            Hitch: it may.
        """
        url = self._origin
        for _ in range(_MOST_HOPS):
            async with self._ask(url, 0, 1) as answer:
                if answer.status_code not in _MOVES:
                    self._found = self._understood(url, answer)
                    return self._found
                url = _next(url, answer)
        raise SourceUnfit(
            f"{self.host} leads in circles.", remedy="Check the address, or try again later."
        )

    @asynccontextmanager
    async def fetch(self, start: int, end: int) -> AsyncIterator[httpx.Response]:
        """Yield an answer whose body is the bytes from `start` to `end`, or begins with them.

        Raises:
            AppError, Hitch: as for `find`.
            Changed: the file there is another one now.
        """
        found = self._found
        assert found is not None
        try:
            async with self._ask(found.url, start, end) as answer:
                self._compare(found, answer, start)
                yield answer
        except Stale as stale:
            await self._find_again(found, stale)
            raise Hitch(str(stale)) from stale

    def arrived(self) -> None:
        """Note that bytes came: the way was right."""
        self._stale = 0

    async def _find_again(self, old: Found, stale: Stale) -> None:
        async with self._finding:
            if self._found is not old:
                return  # another connection has found it
            self._stale += 1
            if self._stale > _MOST_STALE:
                raise SourceUnfit(
                    f"{self.host} leads to a place that refuses the file ({stale}).",
                    remedy="Try again later.",
                ) from stale
            fresh = await self.find()
            # Another server has its own marks for the same file.
            proven = self._part.sha256 is not None and old.url.host != fresh.url.host
            if not fresh.is_same(old.size, old.mark, proven=proven):
                raise Changed("the file was changed at the server") from stale

    @asynccontextmanager
    async def _ask(self, url: httpx.URL, start: int, end: int) -> AsyncIterator[httpx.Response]:
        headers = {"Accept-Encoding": "identity", "Range": f"bytes={start}-{end - 1}"}
        if _origin_of(url) == _origin_of(self._origin) and (key := self._authorise(str(url))):
            headers["Authorization"] = key
        try:
            async with AsyncExitStack() as until_read:
                yield await self._answered(until_read, url, headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise of_transport(error, url.host) from error
        except ssl.SSLError as error:
            raise Hitch(f"the connection to {url.host} broke") from error

    async def _answered(
        self, until_read: AsyncExitStack, url: httpx.URL, headers: dict[str, str]
    ) -> httpx.Response:
        asked = self._client.stream("GET", url, headers=headers, follow_redirects=False)
        try:
            return await until_read.enter_async_context(asked)
        except ValueError as error:  # where a redirect leads is read at once
            raise unfit_address(f"{url.host} leads to a host that is no name") from error

    def _understood(self, url: httpx.URL, answer: httpx.Response) -> Found:
        """Return what an answer to the first question says of the file."""
        if answer.status_code == 416 and _total(answer):
            raise SourceUnfit(
                f"{url.host} says the file has no first byte (status 416).",
                remedy="Try again later, or take the file from elsewhere.",
            )
        self._refuse(url, answer, led=False)
        size = _size(answer)
        if not size:
            raise SourceUnfit(
                f"{url.host} does not say how long the file is.", remedy="Try another address."
            )
        if self._part.size not in {None, size}:
            raise SourceUnfit(
                f"{url.host} has a file of {size} bytes where {self._part.size} were promised.",
                remedy="Look whether the file was replaced, then start the download again.",
            )
        return Found(url, size, _mark(answer), ranged=answer.status_code == 206)

    def _refuse(self, url: httpx.URL, answer: httpx.Response, *, led: bool) -> None:
        """Raise for what is no part of a file; `led` says that an earlier redirect brought us."""
        if answer.status_code == 416 and not _total(answer):
            raise SourceUnfit(f"The file at {url.host} is empty.", remedy="Check the address.")
        if answer.status_code not in {200, 206}:
            raise of_status(answer.status_code, answer.headers, url.host, led=led)
        kind = answer.headers.get("content-type", "")
        if kind.startswith("text/html") and not self._part.name.endswith((".html", ".htm")):
            raise SourceUnfit(
                f"{url.host} sends a web page instead of the file.",
                remedy="Open the address in a browser: it may ask for a login or an agreement.",
            )
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise SourceUnfit(f"{url.host} sends the file packed.", remedy="Try another address.")

    def _compare(self, found: Found, answer: httpx.Response, start: int) -> None:
        """Raise unless an answer brings the bytes that were asked for, of the same file."""
        if answer.status_code in _MOVES:
            raise Stale(f"{found.url.host} leads elsewhere")
        self._refuse(found.url, answer, led=found.url != self._origin)
        if not found.is_same(_size(answer) or 0, _mark(answer), proven=False):
            raise Changed("the file was changed at the server")
        if found.ranged and (answer.status_code != 206 or _first(answer) != start):
            raise Hitch(f"{found.url.host} sends other bytes than were asked for")


def _address(text: str) -> httpx.URL:
    return _checked(lambda: httpx.URL(text))


def _checked(make: Callable[[], httpx.URL]) -> httpx.URL:
    """Return an address that a file can come from; strangers write anything into them."""
    try:
        url = make()
        host = url.host
    except httpx.InvalidURL as error:
        raise unfit_address(str(error)) from error
    except ValueError as error:
        raise unfit_address("its host is no name") from error
    if url.scheme not in {"http", "https"} or not host:
        raise unfit_address("only http and https lead to files")
    return url


def _next(url: httpx.URL, answer: httpx.Response) -> httpx.URL:
    """Return where a redirect leads; never from a secured connection to one that is not."""
    fresh = _checked(lambda: url.join(answer.headers.get("location", "")))
    if url.scheme == "https" and fresh.scheme != "https":
        raise unfit_address(f"{url.host} leads to a connection without protection")
    return fresh


def _origin_of(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _mark(answer: httpx.Response) -> str:
    """Return what the server calls this version of the file."""
    mark: str = answer.headers.get("etag") or answer.headers.get("last-modified") or ""
    return mark


def _size(answer: httpx.Response) -> int | None:
    """Return the length of the whole file as an answer states it."""
    if answer.status_code == 206:
        return _total(answer)
    return _number(answer.headers.get("content-length", ""))


def _total(answer: httpx.Response) -> int | None:
    return _number(answer.headers.get("content-range", "").rpartition("/")[2])


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _first(answer: httpx.Response) -> int | None:
    match = _RANGE.fullmatch(answer.headers.get("content-range", ""))
    return int(match[1]) if match else None
