"""How fast bytes come: over the last seconds only, so that a standstill shows as one."""

from collections import deque

_WINDOW_S = 5.0


class Meter:
    """The rate of a growing count. The caller brings the time."""

    def __init__(self, window_s: float = _WINDOW_S) -> None:
        self._window_s = window_s
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, now: float, done: int) -> None:
        """Note how many bytes are here now; a count that fell begins anew."""
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, done))
        while len(self._seen) > 2 and self._seen[1][0] <= now - self._window_s:
            self._seen.popleft()

    @property
    def rate(self) -> float | None:
        """Bytes per second, or None before two looks."""
        if len(self._seen) < 2 or self._seen[-1][0] <= self._seen[0][0]:
            return None
        (since, had), (now, has) = self._seen[0], self._seen[-1]
        return (has - had) / (now - since)

    def eta(self, left: int) -> float | None:
        """Return the seconds that `left` bytes will take, or None while nothing moves."""
        rate = self.rate
        return left / rate if rate else None
