"""Which plan is worth most: who starts, and who stands behind.

Quality less time: E[right] - weight * E[seconds] / (seconds of the slowest) - what it costs to be
late. A start with somebody behind is a cascade: the gate lets an answer pass with some probability,
and what it stops is answered again by somebody who does worse there than elsewhere: hard questions
are hard for all. While the first writes, the next may be loaded already.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from app.orchestration.gate.promises import USUAL
from app.orchestration.router import pairs
from app.orchestration.router.utility import Price, weight_of

# Somebody who takes less than so many times as long is no step up: go to the next at once. A step
# is three times as slow (below that, asking both rarely pays); as times are estimates, roughly.
WORTH_A_STEP: Final = 3.0 * 0.8
# An answer within so many seconds is quick, whatever others would take.
QUICK_S: Final = 3.0
# Waiting for this long is long: the seconds of an answer that takes longer cost no less for it.
LONG_S: Final = 30.0
# A difference in worth below this is none, whatever is known.
NEARLY: Final = 0.03
# Loading ahead pays when the next model is at least this likely to be needed.
LIKELY: Final = 0.3
# What it takes to judge an answer.
CHECK_S: Final = 0.01


# What passes of right and of wrong answers, by the least probability that is asked for.
Passing = Callable[[float], tuple[float, float]]
# What part of its chance a model keeps on questions that another one, by its id, got wrong.
Kept = Callable[[str], float]
SUREST: Final = 0.99


def _usual(_least: float) -> tuple[float, float]:
    return USUAL


def _kept(_model: str) -> float:
    return pairs.USUAL


@dataclass(frozen=True, slots=True)
class Candidate:
    """A role that could answer: its chance to be right and the seconds it would take.

    `passing`: what the gate lets pass of its answers. `kept`: what is left of its chance where
    another model was wrong; `model` is its own id. `loading`: how many of its seconds are a load;
    `debt`: seconds others will wait for what has to leave memory. `waiting`: how many of its
    seconds are those of turns before. `ordinary`: the seconds it takes for an ordinary question, 0
    where nobody knows. `after`: who goes on after it, where the registry says so.
    `made`: it is made for this kind of task.
    """

    role: str
    chance: float
    seconds: float
    passing: Passing = _usual
    model: str = ""
    kept: Kept = _kept
    loading: float = 0.0
    debt: float = 0.0
    waiting: float = 0.0
    ordinary: float = 0.0
    after: tuple[str, ...] | None = None
    made: bool = False

    @property
    def strength(self) -> float:
        """Its chance; of those who are nearly alike, who is made for it comes first."""
        return self.chance + NEARLY * self.made

    def behind(self, lower: "Candidate") -> tuple[float, float]:
        """Return its chance on questions that `lower` got right, and on those it got wrong."""
        where_wrong = self.chance * self.kept(lower.model)
        # Both together have to give its chance.
        where_right = (self.chance - (1 - lower.chance) * where_wrong) / max(lower.chance, 1e-6)
        return min(SUREST, max(where_wrong, where_right)), where_wrong


@dataclass(frozen=True, slots=True)
class Choice:
    """A start, who stands behind it in order, and what that is worth.

    `late`: the chance that there is no answer in time.
    """

    start: str
    up: tuple[str, ...]
    worth: float
    chance: float
    seconds: float
    late: float = 0.0


def choices(
    candidates: Sequence[Candidate], weight: float, within_s: float = math.inf
) -> list[Choice]:
    """Return the best plan for every start, the most valuable first.

    Args:
        candidates: who could answer.
        weight: what the time of the slowest is worth, in probability of a right answer.
        within_s: until when there should be an answer.
    """
    price = Price(weight / slowest_of(candidates, weight), within_s)
    found = [_best_from(each, candidates, price) for each in candidates]
    return sorted(found, key=lambda choice: (-choice.worth, choice.seconds, choice.start))


def slowest_of(candidates: Sequence[Candidate], weight: float) -> float:
    """Return what time is measured by: what the slowest takes for an ordinary question here.

    So a second costs the same whatever is asked, and is spent where it brings most. That others
    wait too makes none cheaper. Where all are quick, it is what a person calls quick: parts of a
    second decide nothing, but to those whose dial stands at speed. Where answers are long, it is
    what a person calls long. Before ordinary questions are known, this one is taken for one.
    """
    quick = QUICK_S * max(0.0, 1 - weight / weight_of(0.0))
    own = (each.ordinary or each.seconds - each.waiting for each in candidates)
    slowest = max(quick, 0.0, *own)
    return min(LONG_S, slowest) or 1.0


def required(here: Candidate, above: Candidate | None, weight: float, slowest: float) -> float:
    """Return from which probability on an answer is worth more than asking `above`.

    0: nothing `above` could say is worth its time, however doubtful the answer is.
    """
    if above is None or slowest <= 0:
        return 0.0
    where_right, where_wrong = above.behind(here)
    gained = where_wrong - weight * (above.seconds + above.debt) / slowest
    return max(0.0, min(0.95, gained / (1 - where_right + where_wrong)))


def ladder(start: Candidate, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return who may go on after `start`: likelier right and a real step each, best last.

    Of those who are as good as the best, it is who is made for this kind of task. Where the
    registry says who goes on, they do.
    """
    if start.after is not None:
        by_name = {each.role: each for each in candidates}
        return tuple(by_name[name] for name in start.after if name in by_name)
    above: list[Candidate] = []
    last = start
    for each in sorted(candidates, key=lambda one: (one.seconds, one.role)):
        better = each.strength > last.strength and each.role != start.role
        if better and each.seconds >= WORTH_A_STEP * last.seconds:
            above.append(each)
            last = each
    strongest = max(candidates, key=lambda one: (one.strength, -one.seconds))
    if strongest.strength > last.strength and strongest.seconds >= start.seconds:
        if above and strongest.seconds < WORTH_A_STEP * above[-1].seconds:
            above.pop()
        above.append(strongest)
    return tuple(above)


def _best_from(start: Candidate, candidates: Sequence[Candidate], price: Price) -> Choice:
    """Return what it is worth to climb from `start` until an answer passes, by the best way."""
    steps = ladder(start, candidates)
    real = [each for each in steps if each.seconds >= WORTH_A_STEP * start.seconds]
    if start.after is None and not real:
        # Who is next would have been as fast: it helps where an answer is wrong, and is no reason
        # to begin lower.
        alone = _worth(start, price, ())
        return replace(alone, up=tuple(each.role for each in steps))
    ways = [steps]
    if start.after is None and len(steps) > 1:  # a turn has three attempts: the last is the best
        ways = [(steps[-1],), *((each, steps[-1]) for each in steps[:-1])]
    return max(map(partial(_worth, start, price), ways), key=lambda choice: choice.worth)


def _worth(start: Candidate, price: Price, steps: Sequence[Candidate]) -> Choice:
    """Return what one chain is worth."""
    chain = (start, *steps)
    reached, chance, right = 1.0, 0.0, start.chance
    seconds, gone, debt, late = 0.0, 0.0, 0.0, 0.0
    before: Candidate | None = None
    for here, above in zip(chain, (*chain[1:], None), strict=True):
        takes = here.seconds - (_ahead(before, here, reached) if before is not None else 0.0)
        seconds, gone = seconds + reached * takes, gone + takes
        debt += reached * here.debt
        least = required(here, above, price.second, 1.0)
        if above is None or least <= 0:  # what is doubtful here, nobody would do better
            chance, late = chance + reached * right, late + reached * price.late(gone)
            break
        seconds, gone = seconds + reached * CHECK_S, gone + CHECK_S
        of_right, of_wrong = here.passing(least)
        stopped_right, stopped_wrong = right * (1 - of_right), (1 - right) * (1 - of_wrong)
        stopped = stopped_right + stopped_wrong
        chance += reached * right * of_right
        late += reached * (1 - stopped) * price.late(gone)
        reached *= stopped
        where_right, where_wrong = above.behind(here)
        right = (stopped_right * where_right + stopped_wrong * where_wrong) / max(stopped, 1e-9)
        before = here
    worth = chance - price.of(seconds + debt, late)
    return Choice(start.role, tuple(each.role for each in steps), worth, chance, seconds, late)


def _ahead(before: Candidate, here: Candidate, reached: float) -> float:
    """Return how much of a load is over by the time the model before has written its answer."""
    paged_in = reached >= LIKELY and not here.debt
    return min(here.loading, before.seconds - before.loading) if paged_in else 0.0
