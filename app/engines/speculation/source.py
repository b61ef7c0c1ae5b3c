"""Where candidate tokens come from; the speculator decides how many of them are worth a try."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Guess:
    """Candidates in order, and for each how much speaks for it.

    `evidence` grows with the trust in a token: matched tokens before it for a copied text, the
    draft model's own probability in percent for a generated one. What it is worth is learned.
    """

    tokens: tuple[int, ...] = ()
    evidence: tuple[int, ...] = ()


class Free:
    """A source whose guesses cost nothing worth counting."""

    price = 0.0

    def best_speed(self, _context: int) -> float:
        """Say nothing against asking."""
        return inf


class Source(Protocol):
    """One kind of drafter, for one answer."""

    @property
    def name(self) -> str:
        """The drafter's name in receipts and figures."""
        ...

    @property
    def price(self) -> float:
        """What one guessed token costs, in times of a single token of the model."""
        ...

    def best_speed(self, context: int) -> float:
        """Return the most this source may promise at that length; asked before it works."""
        ...

    def guess(self, context: Sequence[int], limit: int) -> Guess:
        """Return at most `limit` tokens that may follow `context`, which only ever grows."""
        ...
