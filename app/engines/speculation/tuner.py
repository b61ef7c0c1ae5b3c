"""Decides how many drafted tokens are worth verifying: by measured costs and seen acceptance.

An evaluation of k rows takes t(k) times as long as one of a single row and yields E(k) tokens, one
more than are expected to stand. Drafting is worth most where E(k) / (t(k) + drafting) is largest,
over the sizes that are efficient on this machine (Leviathan et al. 2022, with measured t(k)).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf
from operator import mul
from typing import Final

from app.engines.speculation.acceptance import Acceptance
from app.engines.speculation.costs import Costs
from app.engines.speculation.stake import Stake

# Drafting has to promise this much: below it, noise decides.
WORTH: Final = 1.02
# With more answers at once, the machine has no rows to spare.
MOST_BUSY: Final = 2
# From here on a first token counts as sure.
SURE: Final = 0.9
# What speaks for a guess less often than this is not counted on.
RARE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Situation:
    """Where one answer stands: its kind of task, its length so far, its account."""

    family: str
    context: int
    stake: Stake


@dataclass(frozen=True, slots=True)
class Choice:
    """How many drafted tokens to verify, and how much faster than without that should be."""

    count: int = 0
    speed: float = 1.0
    probabilities: tuple[float, ...] = ()


NOTHING: Final = Choice()


@dataclass
class Tuner:
    """What is known about drafting for one model on this machine; shared by its answers."""

    costs: Costs | None = None
    acceptance: Acceptance = field(default_factory=Acceptance)
    busy: int = 1

    def most(self, context: int) -> int:
        """Return how many tokens could be worth drafting at all."""
        if self.costs is None or self.busy > MOST_BUSY:
            return 0
        return max(self.costs.grid(context)) - self.busy

    def choose(self, drafter: str, evidence: Sequence[int], situation: Situation) -> Choice:
        """Return how many of the tokens with this `evidence` are worth verifying now."""
        if self.costs is None or not evidence or self.busy > MOST_BUSY:
            return NOTHING
        learned = self.acceptance.probabilities(drafter, situation.family, evidence)
        standing = list(accumulate(learned, mul))
        best = NOTHING
        # A guess whose first token is doubtful may not take all there is to risk: others follow.
        part = 1.0 if learned[0] >= SURE else learned[0] ** 2
        for count in self._counts(len(evidence), situation.context):
            time = self.time(count, situation.context)
            speed = self._speed(sum(standing[:count]), count, situation.context)
            if speed > best.speed and situation.stake.allows(time, part):
                best = Choice(count, speed, tuple(learned[:count]))
        return best if best.speed >= WORTH else NOTHING

    def _counts(self, most: int, context: int) -> list[int]:
        """Return the numbers of drafted tokens that make an efficient size, and `most` itself.

        A guess that ends between two sizes is dearer by the row than at the smaller one, but what
        it has is there already.
        """
        assert self.costs is not None
        sizes = (rows - self.busy for rows in self.costs.grid(context))
        counts = [count for count in sizes if 0 < count <= most]
        return counts if most in counts else [*counts, most]

    def promise(
        self,
        probability: float,
        context: int,
        drafting: float = 0.0,
        *,
        first: float | None = None,
        credit: float = inf,
    ) -> float:
        """Return the best speed if every token stands with `probability` and costs `drafting`.

        The first one may stand with another probability; what is lost if none does is no more than
        `credit`.
        """
        best, begin = 1.0, probability if first is None else first
        if self.costs is None or self.busy > MOST_BUSY:
            return best
        for rows in self.costs.grid(context):
            count = rows - self.busy
            if count > 0 and self.time(count, context) - 1.0 + drafting * count <= credit:
                expected = begin * sum(probability**place for place in range(count))
                best = max(best, self._speed(expected, count, context, drafting))
        return best

    def outlook(
        self, drafter: str, context: int, drafting: float, credit: float
    ) -> tuple[float, float]:
        """Return what asking a drafter is worth on average, and the most that may come of it.

        Its first token costs `drafting`; how likely that one stands decides whether it goes on.
        `credit`: what may be lost.
        """
        usual, rate = self.acceptance.usual(drafter), self.acceptance.rate(drafter)
        if self.costs is None or rate is None or self.busy > MOST_BUSY:
            return 0.0, 1.0
        worth, most = 0.0, 1.0
        for share, first in usual:
            speed = self.promise(rate, context, drafting, first=first, credit=credit)
            worth += share * (speed - 1.0 if speed >= WORTH else -drafting)
            most = max(most, speed if share >= RARE else 1.0)
        return worth, most

    def needed(self, drafting: float = 0.0) -> float:
        """Return the least share of tokens that has to stand for drafts to pay; 1 if none does."""
        shares = (percent / 100 for percent in range(1, 100))
        return next((each for each in shares if self.promise(each, 0, drafting) >= WORTH), 1.0)

    def goes_on(
        self, standing: float, count: int, context: int, credit: float, speed: float = 1.0
    ) -> bool:
        """Return whether drafting one more token than `count` may pay and can be paid.

        `standing`: how likely all of them stand; `credit`: what may still be lost. The price is the
        token's share of the next efficient size and its own drafting, in tokens that could be
        written in that time at the `speed` that drafting reaches (optimal stopping, Huang et al.
        2024).
        """
        if self.costs is None or self.time(count + 1, context) - 1 + self.costs.drafting > credit:
            return False
        rows = self.busy + count
        larger = min((size for size in self.costs.grid(context) if size > rows), default=0)
        if not larger:
            return False
        now, then = self.costs.time(rows, context), self.costs.time(larger, context)
        share = (then - now) / (larger - rows) / self.costs.time(self.busy, context)
        return standing > speed * (share + self.costs.drafting)

    def time(self, count: int, context: int) -> float:
        """Return what an evaluation with `count` drafted tokens costs, in tokens of all answers."""
        assert self.costs is not None
        alone = self.costs.time(self.busy, context)
        more = self.costs.time(self.busy + count, context) - alone
        return 1.0 + self.busy * more / alone

    def _speed(self, extra: float, count: int, context: int, drafting: float = 0.0) -> float:
        """Return tokens per time against none drafted, for `extra` tokens expected to stand."""
        assert self.costs is not None
        alone = self.costs.time(self.busy, context)
        time = self.costs.time(self.busy + count, context) + drafting * count
        return (self.busy + extra) / self.busy * alone / time

    def ceiling(self, context: int = 0) -> float:
        """Return the speed if every drafted token stood: no drafter can do better here."""
        return self.promise(1.0, context)
