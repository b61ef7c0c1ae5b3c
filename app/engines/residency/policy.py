"""Whose memory is given to somebody else: the models that are missed least for their size."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, exp2
from typing import Final

HALF_LIFE_S: Final = 600.0


class Reuse:
    """How often a model was wanted lately; what is a half-life ago counts half."""

    def __init__(self) -> None:
        self._count = 0.0
        self._at = 0.0

    def note(self, now: float) -> None:
        """Count one use."""
        self._count, self._at = self._recent(now) + 1.0, now

    def chance(self, now: float) -> float:
        """Return how likely it is wanted again soon, if uses come as often as they did."""
        return 1.0 - exp(-self._recent(now))

    def _recent(self, now: float) -> float:
        return self._count * exp2(-max(0.0, now - self._at) / HALF_LIFE_S)


@dataclass(frozen=True, slots=True)
class Stake:
    """What giving up one model would free, and what it would cost: the wait times its chance."""

    model: str
    size: int
    reuse: float
    reload_s: float
    last_used: float

    @property
    def worth(self) -> float:
        """Seconds somebody will have to wait for it, by expectation."""
        return self.reuse * self.reload_s

    @property
    def rank(self) -> tuple[float, float]:
        """The lowest leaves first: by worth per byte, then who was used longest ago."""
        return self.worth / max(1, self.size), self.last_used


def choose(stakes: Iterable[Stake], missing: int) -> tuple[Stake, ...] | None:
    """Return who leaves so that `missing` bytes are free, or None if all together are too few."""
    chosen: list[Stake] = []
    freed = 0
    for stake in sorted(stakes, key=lambda each: each.rank):
        if freed >= missing:
            break
        chosen.append(stake)
        freed += stake.size
    if freed < missing:
        return None
    # A big one may have made smaller ones needless: keep what is worth most.
    for stake in sorted(chosen, key=lambda each: each.worth, reverse=True):
        if freed - stake.size >= missing:
            chosen.remove(stake)
            freed -= stake.size
    return tuple(chosen)
