"""How long each part of an answer may take: learned from answers, never above the registry."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.models import RoleSpec, Timeouts

KEPT: Final = 200
# A deadline needs so many answers, and gives so many times what nearly all of them took.
LEAST_ANSWERS: Final = 20
PATIENCE: Final = 3.0
NEARLY_ALL: Final = 0.95
# Time is left for the next one, as most of its answers need it.
MOST: Final = 0.9
LEAST_DEADLINE_S: Final = 10.0
LEAST_STALL_S: Final = 5.0
# Between two tokens, so many times what one usually takes.
STALLS: Final = 20.0


def _kept() -> deque[float]:
    return deque(maxlen=KEPT)


@dataclass
class Times:
    """The last answers of a model to one kind of task: tokens, and seconds of each part."""

    lengths: deque[float] = field(default_factory=_kept)
    first_s: deque[float] = field(default_factory=_kept)
    token_s: deque[float] = field(default_factory=_kept)
    total_s: deque[float] = field(default_factory=_kept)
    noted: int = 0
    limits: tuple[object, Timeouts] | None = None  # what was learned, and from what

    def note(self, tokens: int, read_s: float, written_s: float) -> None:
        """Take in one answer."""
        self.noted += 1
        self.lengths.append(float(tokens))
        self.first_s.append(read_s)
        self.token_s.append(written_s / max(1, tokens))
        self.total_s.append(read_s + written_s)


def quantile(samples: Sequence[float] | deque[float], share: float) -> float:
    """Return what that share of the samples does not exceed, 0 where there are none."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def learned(
    times: Times | None, loads: Sequence[float] | deque[float], registry: Timeouts
) -> Timeouts:
    """Return the limits of a role for one kind of task.

    Args:
        times: its answers to such tasks.
        loads: seconds its loads took.
        registry: the limits that are never exceeded, and that hold while little is known.
    """
    if times is None or len(times.total_s) < LEAST_ANSWERS:
        return registry
    stall = max(LEAST_STALL_S, STALLS * quantile(times.token_s, 0.5))
    return Timeouts(
        load_s=_limit(loads, registry.load_s) if loads else registry.load_s,
        first_token_s=_limit(times.first_s, registry.first_token_s),
        stall_s=min(registry.stall_s, stall),
        total_s=_limit(times.total_s, registry.total_s),
    )


def within(
    deadlines: Mapping[str, Timeouts],
    chain: Sequence[RoleSpec],
    next_s: Mapping[str, float],
    within_s: float,
) -> dict[str, Timeouts]:
    """Return limits that leave everybody in a chain the time to answer before it is too late.

    Args:
        deadlines: the limits by role.
        chain: who starts, and who goes on, in order.
        next_s: how long most answers of a role take.
        within_s: until when there should be an answer.
    """
    bounded = dict(deadlines)
    if math.isinf(within_s):
        return bounded
    left = within_s
    for here, above in zip(reversed(chain), (None, *reversed(chain[1:])), strict=True):
        left -= next_s.get(above.name, 0.0) if above is not None else 0.0
        limits = bounded[here.name]
        total_s = min(limits.total_s, max(LEAST_STALL_S, left))
        # Who waits in line or for a load for too long asks somebody faster while there is time.
        load_s = min(limits.load_s, max(LEAST_STALL_S, left - next_s.get(here.name, 0.0)))
        bounded[here.name] = limits.model_copy(update={"total_s": total_s, "load_s": load_s})
    return bounded


def _limit(samples: Sequence[float] | deque[float], most: float) -> float:
    return min(most, max(LEAST_DEADLINE_S, PATIENCE * quantile(samples, NEARLY_ALL)))
