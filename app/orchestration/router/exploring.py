"""Now and then a turn begins with somebody else, so that what is never tried can be learned."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Protocol

from app.domain.routing import GROUP_OF, Group
from app.orchestration.question import Question
from app.orchestration.router.planner import Choice

# There has to be so many times the time an answer is expected to take.
SLACK: Final = 2.0


class Thompson(Protocol):
    """Draws from what is known of models."""

    def propensities(
        self, family: str, costs: Mapping[str, float], dice: Random
    ) -> dict[str, float]:
        """Return how often each model wins if skill less cost is drawn."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Who begins, and how likely everybody was to begin; `explored`: it was not the best."""

    role: str
    propensities: Mapping[str, float]
    explored: bool


def may_explore(
    share: float, free: Sequence[Choice], question: Question, family: str, within_s: float
) -> bool:
    """Return whether a turn may begin with somebody who is not the best, as far as is known.

    Never where something happens outside of the chat, in the middle of a conversation, or where
    there is no time for a second try.
    """
    acts = question.tools or GROUP_OF.get(family) is Group.ACTION
    calm = not acts and not question.retry and question.turns <= 1
    slack = bool(free) and within_s >= SLACK * max(each.seconds for each in free)
    return share > 0 and len(free) > 1 and calm and slack


@dataclass(frozen=True, slots=True)
class Offer:
    """One who could begin: its model's id, and its cost in units of probability."""

    role: str
    model: str
    cost: float


def draw(
    share: float, offers: Sequence[Offer], thompson: Thompson, family: str, dice: Random
) -> Draw:
    """Return who begins: the best, or in a share of turns whoever Thompson sampling draws.

    Args:
        share: the part of turns that may explore.
        offers: who could begin, the best first.
        thompson: draws skills.
        family: the kind of task.
        dice: where chance comes from.
    """
    wins = thompson.propensities(family, {each.model: each.cost for each in offers}, dice)
    sharing = Counter(each.model for each in offers)
    drawn = {each.role: wins[each.model] / sharing[each.model] for each in offers}
    best = chosen = offers[0].role
    if dice.random() < share:
        chosen = dice.choices(list(drawn), list(drawn.values()))[0]
    propensities = {
        role: share * part + (1 - share if role == best else 0.0) for role, part in drawn.items()
    }
    return Draw(chosen, propensities, explored=chosen != best)
