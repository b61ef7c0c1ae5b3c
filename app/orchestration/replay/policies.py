"""Policies for the start of a turn, as they can be asked about turns of the past."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

from app.domain.routing import TurnRecord
from app.orchestration.router.planner import Candidate, choices
from app.orchestration.router.router import Sources

AS_LOGGED: Final = "as-logged"


class Policy(Protocol):
    """With which probability a policy would have started a turn with each role."""

    def __call__(self, turn: TurnRecord, /) -> Mapping[str, float]:
        """Return probabilities by role; they add up to one."""


def as_logged(turn: TurnRecord, /) -> Mapping[str, float]:
    """Start as it was."""
    return turn.propensities or {turn.start: 1.0}


def likeliest(turn: TurnRecord, /) -> Mapping[str, float]:
    """Start with whoever was likeliest right, whatever it takes; of equals the faster."""
    return _best(turn, lambda role: (-turn.chances[role], turn.seconds.get(role, 0.0), role))


def fastest(turn: TurnRecord, /) -> Mapping[str, float]:
    """Start with whoever was expected to be fastest."""
    return _best(turn, lambda role: (turn.seconds.get(role, math.inf), 0.0, role))


def always(role: str) -> Policy:
    """Return the policy that starts with one role, and as it was where that one could not."""

    def policy(turn: TurnRecord, /) -> Mapping[str, float]:
        could = turn.chances or as_logged(turn)
        return {role: 1.0} if role in could else as_logged(turn)

    return policy


def dial(balance: float) -> Policy:
    """Return the policy of the router with another balance: 0 for speed, 1 for quality."""
    weight = Sources(balance=balance).weight

    def policy(turn: TurnRecord, /) -> Mapping[str, float]:
        known = [
            Candidate(role, chance, turn.seconds[role])
            for role, chance in turn.chances.items()
            if role in turn.seconds
        ]
        return {choices(known, weight)[0].start: 1.0} if known else as_logged(turn)

    return policy


_PLAIN: Final[Mapping[str, Policy]] = {
    AS_LOGGED: as_logged,
    "likeliest": likeliest,
    "fastest": fastest,
}
NAMES: Final = (*_PLAIN, "always=ROLE", "dial=0..1")


def named(name: str) -> Policy | None:
    """Return a policy by its name, as people write it: `likeliest`, `always=front`, `dial=0.8`."""
    kind, _, value = name.partition("=")
    if kind == "always" and value:
        return always(value)
    if kind == "dial":
        try:
            balance = float(value)
        except ValueError:
            return None
        return dial(balance) if 0 <= balance <= 1 else None
    return _PLAIN.get(name)


def usual(turns: Iterable[TurnRecord]) -> dict[str, Policy]:
    """Return the policies worth comparing over some turns, by name."""
    roles = sorted({role for turn in turns for role in (turn.chances or as_logged(turn))})
    return {
        **_PLAIN,
        **{f"dial={balance:g}": dial(balance) for balance in (0.0, 0.5, 1.0)},
        **{f"always={role}": always(role) for role in roles},
    }


def _best(turn: TurnRecord, key: Callable[[str], tuple[float, float, str]]) -> Mapping[str, float]:
    return {min(turn.chances, key=key): 1.0} if turn.chances else as_logged(turn)
