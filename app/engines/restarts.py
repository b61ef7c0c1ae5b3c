"""When a crashed engine may be started again: back-off, reset and quarantine; no I/O."""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

BACKOFF_START_S = 0.5
BACKOFF_CAP_S = 30.0
HEALTHY_S = 300.0
CRASHES_ALLOWED = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """Time and chance, so that tests can bring their own; `jitter` yields 0 to 1."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = secrets.SystemRandom().random


class Restarts:
    """The crash record of one model."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._crashes: deque[float] = deque(maxlen=CRASHES_ALLOWED)
        self._streak = 0
        self._ready_at: float | None = None
        self._not_before = 0.0

    def ready(self) -> None:
        """Note that a start succeeded."""
        self._ready_at = self._pace.clock()

    def crashed(self) -> bool:
        """Note a crash or a failed start; return whether these are too many in a short time."""
        now = self._pace.clock()
        if self._ready_at is not None and now - self._ready_at >= HEALTHY_S:
            self.forgive()
        self._ready_at = None
        delay = BACKOFF_START_S * 2 ** min(self._streak, 10)
        self._streak += 1
        # Up to a quarter earlier or later: several crashed engines shall not start in step.
        delay *= 0.75 + 0.5 * self._pace.jitter()
        self._not_before = now + min(BACKOFF_CAP_S, delay)
        self._crashes.append(now)
        return len(self._crashes) == CRASHES_ALLOWED and now - self._crashes[0] <= HEALTHY_S

    def delay(self) -> float:
        """Return the seconds until the next start is allowed; time that passed anyway counts."""
        return max(0.0, self._not_before - self._pace.clock()) if self._streak else 0.0

    def forgive(self) -> None:
        """Forget all crashes."""
        self._crashes.clear()
        self._streak = 0
        self._not_before = 0.0
