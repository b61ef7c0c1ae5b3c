"""A plan: who answers a turn, who may go on, and why."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from app.domain.models import RoleSpec, Timeouts


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


class Worth(Protocol):
    """What a start would be worth: quality less time less the chance to be late."""

    @property
    def start(self) -> str:
        """Who would begin."""

    @property
    def up(self) -> tuple[str, ...]:
        """Who would go on, in order."""

    @property
    def worth(self) -> float:
        """The sum of it all, in probability of a right answer."""

    @property
    def chance(self) -> float:
        """The chance that the last answer is right."""

    @property
    def seconds(self) -> float:
        """The seconds it would take, by expectation."""

    @property
    def late(self) -> float:
        """The chance that there is no answer in time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who starts, who may go on, and why, in plain words.

    `up`: who is stronger, in the order in which they are asked; `aside`: who else does the same;
    `faster`: who answers where time is short; `able`: all who could
    answer, the lowest tier first. By role: `chances` of a right answer, expected
    `seconds`, `propensities` to start, expected `lengths` of answers in tokens, `deadlines`, and
    from which probability on an answer is good enough (`required`). `likely_next`: its model is
    loaded meanwhile, if there is room. `observed`: what learners without power wanted. `refused`:
    why a role was not considered; `held_back`: why it should not be the first. `gated`: an answer
    that is doubtful goes on to somebody else. `table`: what every start would be worth. `within_s`:
    until when there should be an answer.
    """

    role: RoleSpec
    reason: str
    likely_next: RoleSpec | None = None
    family: str = "other"
    features: Features | None = None
    up: tuple[RoleSpec, ...] = ()
    aside: tuple[RoleSpec, ...] = ()
    able: tuple[RoleSpec, ...] = ()
    faster: tuple[RoleSpec, ...] = ()
    pinned: bool = False
    explored: bool = False
    chances: Mapping[str, float] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    propensities: Mapping[str, float] = field(default_factory=dict)
    lengths: Mapping[str, float] = field(default_factory=dict)
    deadlines: Mapping[str, Timeouts] = field(default_factory=dict)
    required: Mapping[str, float] = field(default_factory=dict)
    observed: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    held_back: Mapping[str, str] = field(default_factory=dict)
    table: tuple[Worth, ...] = ()
    within_s: float = math.inf

    @property
    def gated(self) -> bool:
        """Whether a doubtful answer goes on to somebody else."""
        return bool(self.up) and not self.pinned

    @property
    def deadline(self) -> Timeouts:
        """The deadlines of who starts."""
        return self.limits(self.role, ())

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

    def is_worth_more(self, role: str, probability: float | None = None) -> bool:
        """Whether another answer could be worth its time where that of `role` did not pass.

        Args:
            role: who answered.
            probability: that its answer is right, if anybody can tell.
        """
        least = self.required.get(role, 1.0)
        return least > 0 and (probability is None or probability < least)

    def saves(self, role: RoleSpec, written: int, share: float) -> bool:
        """Return whether giving an answer up now saves at least a share of the next one's time."""
        if not self.up:
            return False
        expected, seconds = self.expected_tokens(role), self.seconds.get(role.name, 0.0)
        saved = seconds * max(0.0, 1 - written / expected) if expected > 0 else 0.0
        after = self.seconds.get(self.up[0].name, 0.0)
        return saved > share * after

    def explained(self) -> dict[str, Any]:
        """Return the plan as plain data, for a dry run."""
        return {
            "start": self.role.name,
            "tier": self.role.tier.value,
            "model": self.role.model.name,
            "reason": self.reason,
            "family": self.family,
            "up": [role.name for role in self.up],
            "aside": [role.name for role in self.aside if role != self.role],
            "faster": [role.name for role in self.faster],
            "likely_next": self.likely_next.name if self.likely_next else "",
            "pinned": self.pinned,
            "explored": self.explored,
            "gated": self.gated,
            "chances": dict(self.chances),
            "seconds": dict(self.seconds),
            "propensities": dict(self.propensities),
            "lengths": dict(self.lengths),
            "deadlines": {name: each.model_dump() for name, each in self.deadlines.items()},
            "required": dict(self.required),
            "refused": dict(self.refused),
            "held_back": dict(self.held_back),
            "utility": [
                {
                    "start": each.start,
                    "up": list(each.up),
                    "worth": each.worth,
                    "chance": each.chance,
                    "seconds": each.seconds,
                    "late": each.late,
                }
                for each in self.table
            ],
        }
