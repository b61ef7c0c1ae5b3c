"""The seam between the step loop and whatever guesses the next tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Draft:
    """Candidate tokens in order, each with the probability its drafter gives it."""

    tokens: tuple[int, ...] = ()
    probabilities: tuple[float, ...] = ()


class Drafter(Protocol):
    """Guesses how a text goes on; one instance serves one answer."""

    def propose(self, context: Sequence[int], limit: int) -> Draft:
        """Return at most `limit` tokens that may follow `context`."""
        ...

    def accepted(self, drafted: int, kept: int) -> None:
        """Learn that `kept` of the `drafted` tokens last proposed were what the model says."""
        ...


class NoDrafter:
    """Proposes nothing: the model generates one token per step."""

    def propose(self, context: Sequence[int], limit: int) -> Draft:
        """Return an empty draft."""
        return Draft()

    def accepted(self, drafted: int, kept: int) -> None:
        """Ignore the outcome."""
