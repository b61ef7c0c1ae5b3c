"""Who answered a conversation last: changing the model costs its memory of the conversation."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

# Another model has to be worth so much more; a conversation left alone for so long is free again.
MARGIN: Final = 0.05
IDLE_S: Final = 300.0
MOST: Final = 1000


class Sticky:
    """Owns the last role of each conversation."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Use `clock`, seconds that grow."""
        self._clock = clock
        self._last: OrderedDict[str, tuple[str, str, float]] = OrderedDict()

    @property
    def margin(self) -> float:
        """How much more another one has to be worth."""
        return MARGIN

    def note(self, conversation_id: str, role: str, family: str) -> None:
        """Remember who answered what kind of task."""
        if not conversation_id:
            return
        self._last[conversation_id] = role, family, self._clock()
        self._last.move_to_end(conversation_id)
        while len(self._last) > MOST:
            self._last.popitem(last=False)

    def of(self, conversation_id: str, family: str) -> str | None:
        """Return who should go on, if the kind of task is the same and it was lately."""
        found = self._last.get(conversation_id)
        if found is None:
            return None
        role, before, at = found
        fresh = 0 <= self._clock() - at <= IDLE_S
        return role if fresh and before == family else None
