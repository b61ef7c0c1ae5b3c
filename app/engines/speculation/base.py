"""The seam between the step loop and whatever guesses the next tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Draft:
    """Candidate tokens in order.

    `probabilities`: for each, how likely it stands if all before it stand. `source`: who drafted.
    """

    tokens: tuple[int, ...] = ()
    probabilities: tuple[float, ...] = ()
    source: str = ""

    def cut(self, count: int) -> "Draft":
        """Return the first `count` tokens of this draft."""
        if count >= len(self.tokens):
            return self
        return Draft(self.tokens[:count], self.probabilities[:count], self.source)


class Drafter(Protocol):
    """Guesses how a text goes on; one instance serves one answer."""

    def propose(self, context: Sequence[int], limit: int) -> Draft:
        """Return at most `limit` tokens that may follow `context`."""
        ...

    def accepted(self, drafted: int, kept: int, ties: int = 0) -> None:
        """Learn that `kept` of the `drafted` tokens last proposed were what the model says.

        `ties`: places that had to be evaluated again, each by itself.
        """
        ...

    def took(self, milliseconds: float) -> None:
        """Learn how long the evaluation of the last proposal took, nobody else being on board."""
        ...

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return for each drafter how many tokens it drafted and how many stood."""
        ...


class NoDrafter:
    """Proposes nothing: the model generates one token per step."""

    def propose(self, context: Sequence[int], limit: int) -> Draft:
        """Return an empty draft."""
        return Draft()

    def accepted(self, drafted: int, kept: int, ties: int = 0) -> None:
        """Ignore the outcome."""

    def took(self, milliseconds: float) -> None:
        """Ignore the time."""

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return nothing."""
        return {}
