"""A circuit breaker for every model: who broke again and again is left alone for a while."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

FAULTS: Final = 3
WITHIN_S: Final = 120.0
# The first pause; each next one is twice as long.
PAUSE_S: Final = 30.0
LONGEST_S: Final = 600.0
# A try that nobody has heard of for so long was given up by the user.
TRY_S: Final = 120.0


@dataclass
class _Line:
    faults: deque[float] = field(default_factory=lambda: deque(maxlen=FAULTS))
    until: float = 0.0
    pause: float = PAUSE_S
    trying: bool = False
    tried_at: float = 0.0


class Breaker:
    """Owns which models are left alone. A model whose pause is over gets one try at a time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Use `clock`, seconds that grow."""
        self._clock = clock
        self._lines: dict[str, _Line] = {}

    def why_not(self, model: str) -> str:
        """Return in words why a model should not be asked now, or ''."""
        line = self._lines.get(model)
        if line is None or not line.until:
            return ""
        now = self._clock()
        left = line.until - now
        # A clock that jumped back does not keep a model away for longer than its pause.
        if 0 < left <= line.pause:
            return f"it broke {FAULTS} times; it is tried again in {left:.0f} s"
        trying = line.trying and 0 <= now - line.tried_at <= TRY_S
        return "it is being tried again" if trying else ""

    def asked(self, model: str) -> None:
        """Note that a model is asked; after a pause that is its one try."""
        line = self._lines.get(model)
        if line is not None and line.until:
            line.trying, line.tried_at = True, self._clock()

    def failed(self, model: str) -> None:
        """Note that a model broke."""
        line = self._lines.setdefault(model, _Line())
        now = self._clock()
        line.faults.append(now)
        many = len(line.faults) == FAULTS and abs(now - line.faults[0]) <= WITHIN_S
        if line.trying or many:
            line.pause = min(LONGEST_S, 2 * line.pause) if line.trying else PAUSE_S
            line.until = now + line.pause
            line.trying = False
            line.faults.clear()

    def succeeded(self, model: str) -> None:
        """Note that a model answered: all is forgiven."""
        self._lines.pop(model, None)

    def open(self) -> dict[str, str]:
        """Return who is left alone, with the reason."""
        found = {model: self.why_not(model) for model in self._lines}
        return {model: reason for model, reason in found.items() if reason}
