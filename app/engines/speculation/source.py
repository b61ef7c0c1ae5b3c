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

    spent = 0.0
    free = True

    def best_speed(self, _context: Sequence[int], _credit: float) -> float:
        """Say nothing against asking."""
        return inf


class Source(Protocol):
    """One kind of drafter, for one answer."""

    @property
    def name(self) -> str:
        """The drafter's name in receipts and figures."""
        ...

    @property
    def free(self) -> bool:
        """Whether it may be asked just to see how right it would be."""
        ...

    @property
    def spent(self) -> float:
        """What the last guess cost, in times of a single token of the model."""
        ...

    def best_speed(self, context: Sequence[int], credit: float) -> float:
        """Return the most a guess may gain now; asked before any work is done.

        `credit`: what may be lost, in times of a single token.
        """
        ...

    def guess(self, context: Sequence[int], limit: int, credit: float) -> Guess:
        """Return at most `limit` tokens that may follow `context`, which only ever grows."""
        ...
