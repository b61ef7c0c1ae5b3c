"""How long one attempt may take, and what it means when it takes longer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from app.domain.models import Timeouts
from app.orchestration.escalation import Cause

# Even when time is up, what has already arrived is taken.
LEAST_S: Final = 0.001


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds for the next piece, and the cause if it does not come.

    `dead`: nothing at all came for as long as the registry allows, so the engine hangs.
    """

    seconds: float
    cause: Cause
    dead: bool = False


@dataclass
class Patience:
    """The timers of one attempt, from when it was asked.

    `registry` bounds the silence between signs of life; a long prompt that is being read is one.
    `learned` are the deadlines of this role and kind of task: overall times, never longer.
    """

    registry: Timeouts
    learned: Timeouts
    clock: Callable[[], float]
    has_text: bool = False
    _asked: float = field(default=0.0)

    def start(self) -> None:
        """Begin to count."""
        self._asked = self.clock()

    def limit(self) -> Limit:
        """Return how long to wait for the next piece."""
        # A clock that jumps back gives more time, not less.
        gone = max(0.0, self.clock() - self._asked)
        silence = self.registry.stall_s if self.has_text else self.registry.first_token_s
        limits = [
            Limit(silence, Cause.STALLED, dead=True),
            Limit(self.learned.total_s - gone, Cause.SLOW_ANSWER),
        ]
        if self.has_text:
            limits.append(Limit(self.learned.stall_s, Cause.STALLED))
        elif self.learned.first_token_s < self.registry.first_token_s:
            limits.append(Limit(self.learned.first_token_s - gone, Cause.SLOW_READING))
        tightest = min(limits, key=lambda each: (each.seconds, not each.dead))
        return Limit(max(LEAST_S, tightest.seconds), tightest.cause, tightest.dead)
