"""Who answered a conversation last: changing the model costs its memory of the conversation."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# Another model has to be worth so much more, beside what the change costs; a conversation left
# alone for so long is free again.
MARGIN: Final = 0.05
IDLE_S: Final = 300.0
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Last:
    """Who answered last, what kind of task, when, and what was asked."""

    role: str
    family: str
    at: float
    question: str = ""


class Sticky:
    """Owns the last role of each conversation."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Use `clock`, seconds that grow."""
        self._clock = clock
        self._last: OrderedDict[str, Last] = OrderedDict()

    def note(self, conversation_id: str, role: str, family: str, question: str = "") -> None:
        """Remember who answered what kind of task, and the key of the question."""
        if not conversation_id:
            return
        self._last[conversation_id] = Last(role, family, self._clock(), question)
        self._last.move_to_end(conversation_id)
        while len(self._last) > MOST:
            self._last.popitem(last=False)

    def last(self, conversation_id: str) -> Last | None:
        """Return who answered a conversation last, however long ago."""
        return self._last.get(conversation_id)

    def of(self, conversation_id: str, family: str) -> str | None:
        """Return who should go on, if the kind of task is the same and it was lately."""
        found = self._last.get(conversation_id)
        if found is None:
            return None
        # A clock that jumped back sets the conversation free.
        fresh = 0 <= self._clock() - found.at <= IDLE_S
        return found.role if fresh and found.family == family else None


def stays(gain: float, switch_cost: float) -> bool:
    """Return whether another model is worth too little more to change.

    Args:
        gain: how much more the other one is worth.
        switch_cost: what it costs to read the conversation again, in the same unit.
    """
    return gain < MARGIN + switch_cost
