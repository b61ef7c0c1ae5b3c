"""Who answers a turn, and why: the plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from app.domain.chat import ChatMessage
from app.domain.errors import CannotSee, RoleUnknown
from app.domain.models import RoleSpec, Roster
from app.orchestration.eyes import cannot_see, seeing_roles, shows_images


@dataclass(frozen=True, slots=True)
class Plan:
    """The role that starts, with the reason in plain words.

    `likely_next` is who may have to go on: its model is loaded meanwhile, if there is room.
    """

    role: RoleSpec
    reason: str
    likely_next: RoleSpec | None = None

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
        chosen = self._roster.find(role or self._roster.default_role)
        if chosen is None or not chosen.answers:
            raise self._unknown(role)
        if role:
            return Plan(chosen, "you chose it")
        if shows_images(thread) and not chosen.model.sees:
            for seeing in seeing_roles(self._roster):
                return Plan(seeing, "it can see the image")
        return Plan(chosen, "the default role")

    def cannot_see(self, role: RoleSpec) -> CannotSee:
        """Return the error for a role that was shown an image, with those that could see it."""
        return cannot_see(role, self._roster)

    def _unknown(self, role: str) -> RoleUnknown:
        names = [spec.name for spec in self._roster.answering]
        near = get_close_matches(role, names, n=1)
        hint = f"Did you mean “{near[0]}”? " if near else ""
        return RoleUnknown(
            f"There is no role “{role}” that can answer.",
            remedy=f"{hint}Roles here: {', '.join(names)}.",
        )
