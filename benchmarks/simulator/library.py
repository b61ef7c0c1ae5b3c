"""The questions that were asked in a run, found again by their words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.simulator.items import Item, words_of

# Messages of one hint: the answer before, and what was wrong with it.
_HINT: int = 2
_MOST_HINTS: int = 2


@dataclass
class Library:
    """All questions of a run."""

    items: dict[str, Item] = field(default_factory=dict)

    def add(self, item: Item) -> None:
        """Make a question known."""
        self.items[item.key] = item

    def find(self, contents: Sequence[str]) -> tuple[Item, int] | None:
        """Return the question in a thread, and how many hints come after it."""
        for hints in range(_MOST_HINTS + 1):
            whole = contents[: len(contents) - _HINT * hints]
            for begin in range(min(2, len(whole))):  # a system prompt may stand before it
                item = self.items.get(words_of(whole[begin:]))
                if item is not None:
                    return item, hints
        return None
