"""Keeps first words back until they are worth being seen: what is shown is never withdrawn."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

# Tokens after which there is a first and a last opinion on an answer that is still being written.
FIRST_LOOK: Final = 16
LAST_LOOK: Final = 64


class Hold(StrEnum):
    """How much of an answer is kept back."""

    NOTHING = "nothing"
    FIRST_WORDS = "first words"
    WHOLE = "whole"  # it is short, or a check can tell at its end


@dataclass
class HoldBack:
    """The words of one attempt: those that are shown, and those that wait."""

    hold: Hold
    text: str = ""
    tokens: int = 0
    _shown: int = field(default=0)  # characters
    _looks: int = field(default=0)

    @property
    def is_open(self) -> bool:
        """Whether words are shown as they come."""
        return self.hold is Hold.NOTHING

    @property
    def has_shown(self) -> bool:
        """Whether any of it was shown."""
        return self._shown > 0

    @property
    def waiting(self) -> str:
        """What is written and not shown."""
        return self.text[self._shown :]

    def take(self, text: str, tokens: int) -> str:
        """Add what was written; return what may be shown of it now."""
        self.text += text
        self.tokens += tokens
        return self._show() if self.is_open else ""

    def wants_opinion(self) -> bool:
        """Whether enough is there for an opinion that was not asked for yet."""
        if self.hold is not Hold.FIRST_WORDS:
            return False
        due = (self.tokens >= FIRST_LOOK) + (self.tokens >= LAST_LOOK)
        asked, self._looks = self._looks, max(due, self._looks)
        return due > asked

    @property
    def is_last_look(self) -> bool:
        """Whether nobody looks again before the end."""
        return self.tokens >= LAST_LOOK

    def release(self) -> str:
        """Show from now on what comes; return what has waited."""
        self.hold = Hold.NOTHING
        return self._show()

    def _show(self) -> str:
        shown, self._shown = self.waiting, len(self.text)
        return shown
