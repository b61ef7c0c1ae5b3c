"""Who would be in memory together: a model that is wanted, those that stay, and who has to leave.

Pure: nothing is loaded, nothing is measured. The choice is that of the residency itself, with
everybody wanted equally often, since a plan knows no past.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.engines.residency.policy import Stake, choose


@dataclass(frozen=True, slots=True)
class Member:
    """A model, the bytes it takes with all that goes with it, and whether it ever leaves."""

    model: str
    bytes: int
    reload_s: float
    stays: bool


@dataclass(frozen=True, slots=True)
class Company:
    """A model among the others: `staying` are beside it, `leaving` have made room for it.

    Where it does not fit, `staying` are those that never leave, and everybody else has left.
    """

    wanted: Member
    staying: tuple[Member, ...]
    leaving: tuple[Member, ...]
    budget: int

    @property
    def used(self) -> int:
        """The bytes of all that are in memory then."""
        return self.wanted.bytes + sum(each.bytes for each in self.staying)

    @property
    def fits(self) -> bool:
        """Whether they are within the budget."""
        return self.used <= self.budget


def company(wanted: Member, others: Sequence[Member], budget: int) -> Company:
    """Return who is in memory when a model is wanted.

    Args:
        wanted: the model.
        others: everybody else who may be in memory then.
        budget: the bytes all of them may have.
    """
    loose = [each for each in others if not each.stays]
    missing = wanted.bytes + sum(each.bytes for each in others) - budget
    chosen = choose((_stake(each) for each in loose), missing) if missing > 0 else ()
    gone = {each.model for each in (loose if chosen is None else chosen)}
    return Company(
        wanted=wanted,
        staying=tuple(each for each in others if each.model not in gone),
        leaving=tuple(each for each in others if each.model in gone),
        budget=budget,
    )


def _stake(member: Member) -> Stake:
    return Stake(member.model, member.bytes, 1.0, member.reload_s, 0.0)
