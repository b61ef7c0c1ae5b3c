"""How many bytes are left: of the budget, and of what this computer can really give."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from app.platform.memory import Memory, Usage

# Of all memory, the part engines may have where no budget is set.
_SHARE: Final = 0.85
# What is left to everybody else; a small model asks for a small margin.
_RESERVE_SHARE: Final = 0.05
_RESERVE_MOST: Final = 1536 << 20

Gauge = Callable[[], Memory]
Weigh = Callable[[int], Usage | None]


@dataclass(frozen=True, slots=True)
class Holder:
    """Bytes promised to a model, and the process that takes them, once it is known."""

    size: int
    pid: int | None


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes nobody was promised: of the `budget`, and of the real `memory` less the reserve."""

    budget: int
    memory: int
    reserve: int

    def missing(self, need: int) -> int:
        """Return how many bytes have to become free before `need` bytes may be promised."""
        return max(need - self.budget, need + min(self.reserve, need) - self.memory)


@dataclass(frozen=True, slots=True)
class Scales:
    """Measures the room; `budget` 0 means a share of this computer's memory."""

    budget: int
    gauge: Gauge
    weigh: Weigh

    def room(self, holders: Iterable[Holder]) -> Room:
        """Return what is left beside these holders.

        What a process has not taken yet, or only has mapped from its file, counts as available
        for everybody; but it is promised.
        """
        there = self.gauge()
        promised = untaken = 0
        for holder in holders:
            promised += holder.size
            found = self.weigh(holder.pid) if holder.pid is not None else None
            untaken += max(0, holder.size - (found.own if found else 0))
        return Room(
            budget=self.limit(there) - promised,
            memory=there.available - untaken,
            reserve=min(int(_RESERVE_SHARE * there.total), _RESERVE_MOST),
        )

    def limit(self, there: Memory) -> int:
        """Return the budget in bytes."""
        return self.budget or int(_SHARE * there.total)
