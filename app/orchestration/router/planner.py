"""Which plan is worth most: who starts, and whether somebody stronger stands behind.

Quality less time: E[right] - weight * E[seconds] / (seconds of the slowest). A start with somebody
behind is a cascade: the gate lets an answer pass with some probability, and what it stops is
answered again (routing notes 3.2; the second model does worse on what the first got wrong).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# What a gate lets pass of right and of wrong answers, before it has shown otherwise.
RIGHT_PASS: Final = 0.9
WRONG_PASS: Final = 0.2
# How much of its chance a model keeps on questions a weaker one got wrong.
AFTER_REJECTION: Final = 0.93
# Somebody who takes less than so many times as long is no step up: go to the next at once.
WORTH_A_STEP: Final = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A role that could answer: its chance to be right and the seconds it would take."""

    role: str
    chance: float
    seconds: float


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
    if strongest.chance > last.chance and strongest.role != start.role:
        if above and strongest.seconds < WORTH_A_STEP * above[-1].seconds:
            above.pop()
        above.append(strongest)
    return tuple(above)


def _best_from(start: Candidate, candidates: Sequence[Candidate], price: float) -> Choice:
    above = ladder(start, candidates)
    names = tuple(each.role for each in above)
    chance, seconds = start.chance, start.seconds
    if above:
        # One step tells the plans apart; a second one is rare and shared by all of them.
        step = above[0]
        passed = chance * RIGHT_PASS + (1 - chance) * WRONG_PASS
        chance = chance * RIGHT_PASS + (1 - passed) * step.chance * AFTER_REJECTION
        seconds += (1 - passed) * step.seconds
    return Choice(start.role, names, chance - price * seconds, chance, seconds)
