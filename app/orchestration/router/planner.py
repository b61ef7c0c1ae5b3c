"""Which plan is worth most: who starts, and whether somebody stronger stands behind.

Quality less time: E[right] - weight * E[seconds] / (seconds of the slowest). A start with somebody
behind is a cascade: the gate lets an answer pass with some probability, and what it stops is
answered again (routing notes 3.2; the second model does worse on what the first got wrong).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.orchestration.gate.promises import USUAL

# How much of its chance a model keeps on questions a weaker one got wrong.
AFTER_REJECTION: Final = 0.93
# Somebody who takes less than so many times as long is no step up: go to the next at once.
WORTH_A_STEP: Final = 2.0


# What passes of right and of wrong answers, by the least probability that is asked for.
Passing = Callable[[float], tuple[float, float]]


def _usual(_least: float) -> tuple[float, float]:
    return USUAL


@dataclass(frozen=True, slots=True)
class Candidate:
    """A role that could answer: its chance to be right and the seconds it would take.

    `passing`: what the gate lets pass of its answers.
    """

    role: str
    chance: float
    seconds: float
    passing: Passing = _usual


@dataclass(frozen=True, slots=True)
class Choice:
    """A start, who stands behind it in order, and what that is worth."""

    start: str
    up: tuple[str, ...]
    worth: float
    chance: float
    seconds: float


def choices(candidates: Sequence[Candidate], weight: float) -> list[Choice]:
    """Return the best plan for every start, the most valuable first.

    Args:
        candidates: who could answer.
        weight: what the time of the slowest is worth, in probability of a right answer.
    """
    slowest = max((each.seconds for each in candidates), default=0.0) or 1.0
    found = [_best_from(each, candidates, weight / slowest) for each in candidates]
    return sorted(found, key=lambda choice: (-choice.worth, choice.seconds, choice.start))


def required(here: Candidate, above: Candidate | None, weight: float, slowest: float) -> float:
    """Return from which probability on an answer is worth more than asking `above`."""
    if above is None or slowest <= 0:
        return 0.0
    behind = above.chance * AFTER_REJECTION
    return max(0.0, min(0.95, behind - weight * above.seconds / slowest))


def ladder(start: Candidate, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return who may go on after `start`: likelier right and a real step each, best last."""
    above: list[Candidate] = []
    last = start
    for each in sorted(candidates, key=lambda one: (one.seconds, one.role)):
        better = each.chance > last.chance and each.role != start.role
        if better and each.seconds >= WORTH_A_STEP * last.seconds:
            above.append(each)
            last = each
    strongest = max(candidates, key=lambda one: (one.chance, -one.seconds))
    if strongest.chance > last.chance and strongest.seconds >= WORTH_A_STEP * start.seconds:
        if above and strongest.seconds < WORTH_A_STEP * above[-1].seconds:
            above.pop()
        above.append(strongest)
    return tuple(above)


def _best_from(start: Candidate, candidates: Sequence[Candidate], price: float) -> Choice:
    """Return what it is worth to climb from `start` until an answer passes."""
    chain = (start, *ladder(start, candidates))
    reached, chance, seconds, behind = 1.0, 0.0, 0.0, 1.0
    for here, above in zip(chain, (*chain[1:], None), strict=True):
        right = here.chance * behind
        seconds += reached * here.seconds
        of_right, of_wrong = (1.0, 1.0)
        if above is not None:
            of_right, of_wrong = here.passing(required(here, above, price, 1.0))
        chance += reached * right * of_right
        reached *= 1 - right * of_right - (1 - right) * of_wrong
        behind = AFTER_REJECTION
    names = tuple(each.role for each in chain[1:])
    return Choice(start.role, names, chance - price * seconds, chance, seconds)
