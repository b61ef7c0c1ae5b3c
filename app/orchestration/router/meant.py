"""Who is meant for a question, and when whoever is worth more by estimate has to stand back.

An estimate moves easy questions about for differences that say nothing of a single one. So who is
meant for a question goes first as long as answers have not shown that somebody else is better.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Final

from app.domain.models import RoleSpec
from app.orchestration.router.planner import NEARLY, Choice
from app.orchestration.router.starts import ORDER
from app.orchestration.skills import STRENGTH, Beta

# A difference beyond so many standard errors is borne out: 19 of 20 by chance are smaller.
SURE: Final = 1.64
# So many answers of a kind speak for themselves.
PROVING: Final = 20
ANY: Final = 1.0


def meant(
    free: Sequence[Choice], roles: Mapping[str, RoleSpec], door: str, family: str
) -> Iterator[Choice]:
    """Yield the starts meant for a kind of task: the front door, then who is made for it.

    Args:
        free: all starts, the one that is worth most first.
        roles: the roles by name.
        door: the role that answers when nothing else is known.
        family: the kind of task; nobody made for it replaces a lower tier.
    """
    highest = ORDER[roles[free[0].start].tier]
    yield from (each for each in free if each.start == door)
    for each in free:
        role = roles[each.start]
        if made_for(role, family) > 0 and ORDER[role.tier] <= highest:
            yield each


def made_for(role: RoleSpec, family: str) -> int:
    """Return 1 if a role is made for a kind of task, -1 if it is made for another, else 0."""
    if not role.families:
        return 0
    return 1 if family in role.families else -1


def doubt(best: Beta, other: Beta, weight: float) -> float:
    """Return which difference in worth may be chance, after the answers of this kind so far.

    What the two differ by chance, but no more than time is worth to the
    user; any difference, where the answers themselves speak for `other`.

    Args:
        best: what answers say of the one that is worth most by estimate.
        other: what they say of the one that is meant.
        weight: what the time of the slowest answer is worth, in probability; 0: quality alone.
    """
    seen = min(each.right + each.wrong for each in (best, other)) - STRENGTH
    if other.mean >= best.mean and seen >= PROVING and weight > 0:
        return ANY
    noise = SURE * sqrt(best.variance + other.variance)
    return max(NEARLY, min(noise, weight))
