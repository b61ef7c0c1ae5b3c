"""When a new policy gets its say: once the past shows that it is not worse."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from app.orchestration.replay.cases import Case
from app.orchestration.replay.estimates import Estimate, OutcomeModel, difference
from app.orchestration.replay.policies import Policy

# A new policy may be worse by this much at most, with 90 % certainty,
LOSS_ALLOWED: Final = 0.01
# as told by so many turns (effective sample size),
LEAST_SIZE: Final = 100.0
# among which it would have done hardly anything that never had a chance to happen.
LEAST_COVERED: Final = 0.9


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a policy has earned its say, and why, in plain words."""

    earned: bool
    reason: str
    gain: Estimate | None = None


def earned(gain: Estimate) -> bool:
    """Return whether a gain over the present policy is enough: surely no loss, on enough turns."""
    return gain.bound > -LOSS_ALLOWED and gain.size >= LEAST_SIZE and gain.covered >= LEAST_COVERED


def compare(
    new: Policy,
    old: Policy,
    cases: Sequence[Case],
    dice: Random,
    model: OutcomeModel | None = None,
) -> Verdict:
    """Return whether `new` has earned its say in place of `old`.

    Args:
        new: the policy that only observes so far.
        old: the policy that decides.
        cases: judged turns.
        dice: draws the samples of the interval.
        model: of outcomes, for the doubly robust estimate; without one, weights alone count.
    """
    gain = difference(new, old, cases, dice, model)
    if gain is None:
        return Verdict(False, "no judged turn tells anything of it")
    if gain.size < LEAST_SIZE:
        words = f"too few judged turns: they are worth {gain.size:.0f} of {LEAST_SIZE:.0f}"
    elif gain.covered < LEAST_COVERED:
        words = f"{1 - gain.covered:.0%} of what it would do never had a chance to happen"
    elif gain.bound <= -LOSS_ALLOWED:
        words = f"it may be worse: {gain.value:+.1%}, at least {gain.bound:+.1%}"
    else:
        words = f"it is not worse: {gain.value:+.1%}, at least {gain.bound:+.1%}"
    return Verdict(earned(gain), words, gain)
