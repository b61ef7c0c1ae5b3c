"""Who answers here, under which ids their evidence is kept, and who can be asked now."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.models import Roles, RoleSpec
from app.orchestration.router.starts import ORDER


@dataclass(frozen=True, slots=True)
class Company:
    """All who answer; `free`: somebody can be asked without anybody leaving memory."""

    roster: Roles
    identify: Callable[[RoleSpec], str]
    free: Callable[[RoleSpec], bool]

    def stronger(self, role: str) -> RoleSpec | None:
        """Return who is stronger than a role and can be asked now; of several the strongest."""
        here = self.roster.find(role)
        if here is None:
            return None
        above = [
            each
            for each in self.roster.answering
            if ORDER[each.tier] > ORDER[here.tier] and each.model.name != here.model.name
        ]
        # Who is made for one kind of task reads others worse than who is made for all.
        return max(
            filter(self.free, above),
            key=lambda each: (ORDER[each.tier], not each.families),
            default=None,
        )

    @property
    def weakest(self) -> RoleSpec:
        """Who answers fastest and worst."""
        return min(self.roster.answering, key=lambda role: (ORDER[role.tier], role.name))

    @property
    def is_single(self) -> bool:
        """Whether nobody here is stronger than anybody else."""
        tiers = {role.tier for role in self.roster.answering}
        return len(tiers) < 2 or len({role.model.name for role in self.roster.answering}) < 2
