"""Who answers a turn, and why: the plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from app.domain.chat import ChatMessage
from app.domain.errors import RoleUnknown
from app.domain.models import RoleSpec, Roster


@dataclass(frozen=True, slots=True)
class Plan:
    """The role that starts, with the reason in plain words."""

    role: RoleSpec
    reason: str

    def with_note(self, note: str) -> "Plan":
        """Return the plan with something more to say in its reason."""
        return replace(self, reason=f"{self.reason}; {note}")


class Router:
    """Chooses the plan of a turn. The user's choice is absolute; else the default role answers."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def plan(self, thread: Sequence[ChatMessage], *, role: str = "") -> Plan:
        """Return the plan for the last message of `thread`.

        Raises:
            RoleUnknown: no answering role has the wanted name.
        """
        del thread  # the question itself does not change the choice
        chosen = self._roster.find(role or self._roster.default_role)
        if chosen is None or not chosen.answers:
            raise self._unknown(role)
        return Plan(chosen, "you chose it" if role else "the default role")

    def _unknown(self, role: str) -> RoleUnknown:
        names = [spec.name for spec in self._roster.answering]
        near = get_close_matches(role, names, n=1)
        hint = f"Did you mean “{near[0]}”? " if near else ""
        return RoleUnknown(
            f"There is no role “{role}” that can answer.",
            remedy=f"{hint}Roles here: {', '.join(names)}.",
        )
