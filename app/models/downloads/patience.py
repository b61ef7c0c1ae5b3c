"""Time for downloads: limits, back-off and the speed limit; tests bring their own clock."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_FIRST_S = 1.0
_LONGEST_S = 60.0
_LONGEST_WISH_S = 600.0
# A speed limit lets this much time's worth through at once.
_BURST_S = 0.25


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits in seconds and numbers, and what passes time; `jitter` yields 0 to 1."""

    stall_s: float = 15.0
    connect_s: float = 15.0
    tick_s: float = 0.25
    connections: int = 4
    at_once: int = 1
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = secrets.SystemRandom().random

    def back_off(self, tries: int, wish_s: float | None) -> float:
        """Return how long to wait after so many tries in vain; a server's wish counts."""
        delay = min(_LONGEST_S, _FIRST_S * (1 << min(tries, 10))) * (0.75 + 0.5 * self.jitter())
        return max(delay, min(wish_s or 0.0, _LONGEST_WISH_S))


class Throttle:
    """A bucket of bytes that fills at a limited rate; no limit costs nothing."""

    def __init__(self, pace: Pace, limit: float | None = None) -> None:
        self._pace = pace
        self._limit = limit
        self._full_at = pace.clock()

    def limit(self, bytes_per_s: float | None) -> None:
        """Set another limit, from now on."""
        self._limit = bytes_per_s
        self._full_at = self._pace.clock()

    async def take(self, count: int) -> None:
        """Wait until `count` more bytes may have come."""
        if not self._limit:
            return
        now = self._pace.clock()
        self._full_at = max(self._full_at, now - _BURST_S) + count / self._limit
        if self._full_at > now:
            await self._pace.sleep(self._full_at - now)
