"""The account that bounds what drafting may cost one answer, by construction."""

from dataclasses import dataclass
from typing import Final

# All in times of a single token.
ALLOWANCE: Final = 3.0
SHARE: Final = 0.03


@dataclass(slots=True)
class Stake:
    """What drafting has earned or lost for one answer.

    An evaluation that takes t and yields n tokens earns n - t; without drafting each would take 1.
    The next one is allowed only while its worst case, one token, keeps the loss within the larger
    of three tokens and three percent of the answer so far.
    """

    balance: float = 0.0
    tokens: int = 0

    @property
    def credit(self) -> float:
        """What may still be lost."""
        return self.balance + max(ALLOWANCE, SHARE * self.tokens)

    def allows(self, time: float, part: float = 1.0) -> bool:
        """Return whether an evaluation that takes `time` may yield a single token.

        `part` of what may still be lost may be lost by it.
        """
        return time - 1.0 <= part * self.credit

    def pay(self, time: float) -> None:
        """Book work that yields no token by itself."""
        self.balance -= time

    def book(self, tokens: int, time: float) -> None:
        """Book an evaluation that yielded `tokens` in `time`."""
        self.balance += tokens - time
