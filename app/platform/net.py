"""One network policy: what may leave this computer, and a list of what did."""

import ipaddress
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.domain.errors import NetworkForbidden

if TYPE_CHECKING:
    import ssl

    import httpx


# Mounted without a transport, an address has no proxy.
_LOOPBACK_URLS = ("all://localhost", "all://127.0.0.1", "all://[::1]")


@dataclass(frozen=True, slots=True)
class Connection:
    """Who was spoken to, what for, since when (seconds since the epoch), and how often."""

    host: str
    purpose: str
    since: float
    count: int


def is_loopback(host: str) -> bool:
    """Say whether a host name or address means this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class NetworkPolicy:
    """Every client is made here. Owns the list of connections that left this computer."""

    def __init__(self, *, local_only: bool, clock: Callable[[], float]) -> None:
        self.local_only = local_only
        self._clock = clock
        self._connections: dict[tuple[str, str], Connection] = {}

    @property
    def connections(self) -> tuple[Connection, ...]:
        """What has left this computer since the start, in order of first use."""
        return tuple(self._connections.values())

    def check(self, url: str, purpose: str) -> None:
        """Note a connection, or refuse it.

        Raises:
            NetworkForbidden: the switch "local only" is on and the host is elsewhere.
        """
        self._check_host(urlsplit(url).hostname or "", purpose)

    def client(
        self,
        purpose: str,
        *,
        loopback: bool = False,
        bulk: bool = False,
        **options: Any,  # noqa: ANN401 - httpx's own
    ) -> "httpx.AsyncClient":
        """Return an HTTP client whose every request, also a redirected one, is checked.

        A `loopback` client speaks to this computer alone. No proxy ever sees what stays here;
        for the rest the system's proxies and certificates are used. A `bulk` client takes much at
        once where no proxy stands in between.
        """
        import httpx  # noqa: PLC0415 - 0.2 s that the first paint need not wait for

        async def checked(request: httpx.Request) -> None:
            if loopback and not is_loopback(request.url.host):
                raise _refused(request.url.host, "this connection is for this computer alone")
            self._check_host(request.url.host, purpose)

        if not loopback:
            options.setdefault("verify", _certificates())
            mounts = _direct(options) if bulk else dict.fromkeys(_LOOPBACK_URLS)
            options["mounts"] = {**mounts, **options.get("mounts", {})}
        return httpx.AsyncClient(
            trust_env=not loopback, event_hooks={"request": [checked]}, **options
        )

    def _check_host(self, host: str, purpose: str) -> None:
        if is_loopback(host):
            return
        if self.local_only:
            raise _refused(host, "the switch “local only” is on")
        key = (host, purpose)
        known = self._connections.get(key) or Connection(host, purpose, self._clock(), 0)
        self._connections[key] = Connection(host, purpose, known.since, known.count + 1)


def _direct(options: dict[str, Any]) -> dict[str, "httpx.AsyncBaseTransport"]:
    """Return what carries much, for all addresses that no proxy of the system's is for."""
    from app.platform.bulk import BulkTransport  # noqa: PLC0415 - as httpx itself

    carries = BulkTransport(options["verify"], options["limits"])
    proxied = {"http", "https", "all"} & urllib.request.getproxies().keys()
    return dict.fromkeys(_LOOPBACK_URLS if proxied else (*_LOOPBACK_URLS, "all://"), carries)


@cache
def _certificates() -> "ssl.SSLContext":
    """Trust whom the system trusts, such as a company's proxy, besides whom the library does."""
    import httpx  # noqa: PLC0415

    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


def _refused(host: str, why: str) -> NetworkForbidden:
    return NetworkForbidden(
        f"Echelon did not connect to {host or 'an address without a host'}: {why}.",
        remedy="To allow connections that leave this computer, turn “local only” off in the "
        "settings (ORCHESTRATOR_LOCAL_ONLY).",
    )
