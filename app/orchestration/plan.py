"""Who answers a turn, and why: the plan."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Protocol

from app.domain.chat import ChatMessage
from app.domain.errors import CannotSee, RoleUnknown
from app.domain.models import RoleSpec, Roster, Timeouts
from app.orchestration.eyes import cannot_see, seeing_roles, shows_images
from app.orchestration.question import Question


class Features(Protocol):
    """What the router saw of a question, as numbers."""

    @property
    def lexical(self) -> tuple[float, ...]:
        """Counts and shares."""

    @property
    def grams(self) -> tuple[tuple[int, float], ...]:
        """Hashed words and pairs, with their weights."""

    @property
    def embedding(self) -> tuple[float, ...] | None:
        """A vector of meaning, if one was made."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who starts, who may go on, and why, in plain words.

    `up`: who is stronger, in the order in which they are asked; `aside`: who else does the same;
    `faster`: who answers where time is short. By role: `chances` of a right answer, expected
    `seconds`, `propensities` to start, expected `lengths` of answers in tokens, `deadlines`.
    `likely_next`: its model is loaded meanwhile, if there is room.
    """

    role: RoleSpec
    reason: str
    likely_next: RoleSpec | None = None
    family: str = "other"
    features: Features | None = None
    up: tuple[RoleSpec, ...] = ()
    aside: tuple[RoleSpec, ...] = ()
    faster: tuple[RoleSpec, ...] = ()
    pinned: bool = False
    explored: bool = False
    chances: Mapping[str, float] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    propensities: Mapping[str, float] = field(default_factory=dict)
    lengths: Mapping[str, float] = field(default_factory=dict)
    deadlines: Mapping[str, Timeouts] = field(default_factory=dict)
    observed: Mapping[str, str] = field(default_factory=dict)

    def with_note(self, note: str) -> "Plan":
        """Return the plan with something more to say in its reason."""
        return replace(self, reason=f"{self.reason}; {note}")

    @property
    def ladder(self) -> tuple[RoleSpec, ...]:
        """All who could answer, the fastest first."""
        below = tuple(role for role in self.faster if role != self.role)
        return (*below, self.role, *(role for role in self.up if role not in below))

    def expected_tokens(self, role: RoleSpec) -> float:
        """Return how long an answer of a role will probably be."""
        return self.lengths.get(role.name, float(role.sampling.max_tokens))

    def limits(self, role: RoleSpec, tried: Collection[str]) -> Timeouts:
        """Return the deadlines of a role; the registry's, when nobody faster is left to ask."""
        if all(each.name in tried or each == role for each in self.faster):
            return role.timeouts
        return self.deadlines.get(role.name, role.timeouts)

    def saves(self, role: RoleSpec, written: int, share: float) -> bool:
        """Return whether giving an answer up now saves at least a share of the next one's time."""
        if not self.up:
            return False
        expected, seconds = self.expected_tokens(role), self.seconds.get(role.name, 0.0)
        saved = seconds * max(0.0, 1 - written / expected) if expected > 0 else 0.0
        after = self.seconds.get(self.up[0].name, 0.0)
        return saved > share * after


class Router:
    """Chooses the plan of a turn. The user's choice is absolute; else the default role answers."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def plan(
        self,
        thread: Sequence[ChatMessage],
        *,
        role: str = "",
        question: Question | None = None,
    ) -> Plan:
        """Return the plan for the last message of `thread`.

        Raises:
            RoleUnknown: no answering role has the wanted name.
        """
        chosen = self._roster.find(role or self._roster.default_role)
        if chosen is None or not chosen.answers:
            raise self._unknown(role)
        if role:
            return Plan(chosen, "you chose it", pinned=True)
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
