"""Asks the places that list builds: bounded in size and time, refusals in words."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from app import __version__
from app.domain.builds import BuildsUnlisted
from app.models.hub.wire import limited
from app.platform.net import NetworkPolicy

if TYPE_CHECKING:
    import httpx

_PURPOSE: Final = "engine builds"
_REDIRECTS: Final = 5
_MOST: Final = 16 << 20
_TIMEOUT_S: Final = 20.0
_MINUTE_S: Final = 60
_CHECK: Final = "Check the connection, the proxy and {setting}, then try again."


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as text, and the address it came from in the end."""

    url: str
    text: str


class Wire:
    """Reads listings. Owns no connection between two questions."""

    def __init__(self, policy: NetworkPolicy, clock: Callable[[], float] = time.time) -> None:
        """Ask through `policy`; `clock` says how long a server wants us to wait."""
        self._policy = policy
        self._clock = clock

    async def data(self, url: str, setting: str) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON at an address; `setting` names what a mirror is set with.

        Raises:
            BuildsUnlisted: there is none.
        """
        page = await self.page(url, setting, accept="application/vnd.github+json")
        try:
            return json.loads(page.text)
        except (ValueError, RecursionError) as error:
            raise _no_list(url, "sent something else than a list", setting) from error

    async def page(self, url: str, setting: str, *, accept: str = "text/html") -> Page:
        """Return the text at an address.

        Raises:
            BuildsUnlisted: there is none.
        """
        import httpx  # noqa: PLC0415 - 0.2 s that the first paint need not wait for

        headers = {"Accept": accept, "User-Agent": f"echelon/{__version__}"}
        try:
            async with (
                self._policy.client(
                    _PURPOSE,
                    follow_redirects=True,
                    max_redirects=_REDIRECTS,
                    timeout=_TIMEOUT_S,
                    headers=headers,
                ) as client,
                client.stream("GET", url) as answer,
            ):
                self._refuse(answer, url, setting)
                body = await limited(answer, _MOST + 1)
        except httpx.TooManyRedirects as error:
            raise _no_list(url, "leads in circles", setting) from error
        except httpx.TimeoutException as error:
            raise _no_list(url, "does not answer in time", setting) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _no_list(url, "cannot be reached", setting) from error
        if len(body) > _MOST:
            raise _no_list(url, "sent more than any list has to say", setting)
        return Page(str(answer.url), body.decode("utf-8", "replace"))

    def _refuse(self, answer: "httpx.Response", url: str, setting: str) -> None:
        status = answer.status_code
        if status == 429 or (status == 403 and "x-ratelimit-reset" in answer.headers):
            raise BuildsUnlisted(
                f"{_host(url)} takes no more questions now.",
                remedy=f"Try again {self._wait(answer)}.",
            )
        if status == 404:
            raise _no_list(url, "has no such list", setting)
        if status in {401, 403, 407}:
            raise _no_list(url, f"refuses to say (status {status})", setting)
        if not answer.is_success:
            raise _no_list(url, f"reports an error of its own (status {status})", setting)

    def _wait(self, answer: "httpx.Response") -> str:
        after = answer.headers.get("retry-after", "")
        until = answer.headers.get("x-ratelimit-reset", "")
        left = 0.0
        if after.isascii() and after.isdigit():
            left = float(after[:9])
        elif until.isascii() and until.isdigit():
            left = float(until[:12]) - self._clock()
        return f"in {int(left // _MINUTE_S) + 1} minutes" if left > 0 else "later"


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _no_list(url: str, what: str, setting: str) -> BuildsUnlisted:
    return BuildsUnlisted(f"{_host(url)} {what}.", remedy=_CHECK.format(setting=setting))
