"""What was asked and answered lately, in memory only: what checks at idle go back to.

The ledger keeps no texts, so what ends with the program cannot be asked again after it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.domain.routing import AttemptRecord, TurnRecord
from app.orchestration.question import Question

KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class Past:
    """A turn that has ended: its row, and the words of question and answers.

    `texts` and `proven` are by attempt; `proven`: 1 or 0 where a check could tell, else None.
    """

    question: Question
    turn: TurnRecord
    texts: tuple[str, ...]
    proven: tuple[float | None, ...]

    @property
    def accepted(self) -> int | None:
        """The place of the answer that passed, if one did."""
        return len(self.turn.attempts) - 1 if self.turn.decision == "accept" else None

    def attempt(self, place: int) -> AttemptRecord:
        """Return the row of one answer."""
        return self.turn.attempts[place]

    @property
    def plain(self) -> bool:
        """Whether asking it again does no harm and costs little: no tools, no pictures."""
        return not (self.question.tools or self.question.images) and bool(self.texts)


class Lately:
    """The newest turns. Owns their words until they are too many or to be forgotten."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep so many turns."""
        self._past: deque[Past] = deque(maxlen=kept)

    def __iter__(self) -> Iterator[Past]:
        """Yield them, the oldest first."""
        return iter(tuple(self._past))

    def keep(self, past: Past) -> None:
        """Take in a turn that has ended."""
        self._past.append(past)

    def forget(self) -> None:
        """Drop all words: a chat was deleted."""
        self._past.clear()
