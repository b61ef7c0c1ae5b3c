"""What another policy would have been worth, from what was decided and how it turned out.

Self-normalised inverse propensity scores (Swaminathan and Joachims 2015) with capped weights, and
bootstrap intervals; the effective sample size says how many turns the estimate really rests on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from app.domain.routing import OutcomeRecord, TurnRecord

MOST_WEIGHT: Final = 20.0
DRAWS: Final = 300
LEVEL: Final = 0.9
# A new policy gets its say only if it is not worse by more than this, and enough turns tell so.
LOSS_ALLOWED: Final = 0.01
LEAST_SIZE: Final = 100.0

# The probabilities with which a policy would have started with each role.
Policy = Callable[[TurnRecord], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of right answers under a policy, with its interval.

    `count` judged turns were looked at; `size` is how many they are worth (effective sample size).
    """

    policy: str
    count: int
    value: float = 0.0
    low: float = 0.0
    high: float = 1.0
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class _Case:
    weight: float
    right: float


def as_logged(turn: TurnRecord) -> Mapping[str, float]:
    """Start as it was."""
    return turn.propensities or {turn.start: 1.0}


def by_chance(turn: TurnRecord) -> Mapping[str, float]:
    """Start with whoever was likeliest right, whatever it takes."""
    if not turn.chances:
        return {turn.start: 1.0}
    return {max(turn.chances, key=lambda role: turn.chances[role]): 1.0}


def by_speed(turn: TurnRecord) -> Mapping[str, float]:
    """Start with whoever was expected to be fastest."""
    if not turn.seconds:
        return {turn.start: 1.0}
    return {min(turn.seconds, key=lambda role: turn.seconds[role]): 1.0}


POLICIES: Final[Mapping[str, Policy]] = {
    "as it was": as_logged,
    "the likeliest first": by_chance,
    "the fastest first": by_speed,
}


def estimate(
    name: str,
    policy: Policy,
    turns: Sequence[TurnRecord],
    outcomes: Sequence[OutcomeRecord],
    dice: Random,
) -> Estimate:
    """Return what a policy would have been worth in first answers.

    Args:
        name: of the policy.
        policy: how it would have started.
        turns: what was decided.
        outcomes: how answers turned out; audits count for those nobody looked at.
        dice: draws the samples of the interval.
    """
    cases = _cases(policy, turns, outcomes)
    weights = sum(case.weight for case in cases)
    if weights <= 0:
        return Estimate(name, 0)
    value = _value(cases)
    drawn = sorted(_value(dice.choices(cases, k=len(cases))) for _ in range(DRAWS))
    tail = int((1 - LEVEL) / 2 * DRAWS)
    size = weights**2 / sum(case.weight**2 for case in cases)
    return Estimate(name, len(cases), value, drawn[tail], drawn[-1 - tail], size)


def is_better(
    new: Policy,
    old: Policy,
    turns: Sequence[TurnRecord],
    outcomes: Sequence[OutcomeRecord],
    dice: Random,
) -> bool:
    """Return whether a policy has earned its say: surely not worse, on enough turns."""
    cases = list(zip(_cases(new, turns, outcomes), _cases(old, turns, outcomes), strict=True))
    weights = [case.weight for case, _ in cases]
    squares = sum(weight**2 for weight in weights)
    if not squares or sum(weights) ** 2 / squares < LEAST_SIZE:
        return False
    gains = []
    for _ in range(DRAWS):
        drawn = dice.choices(cases, k=len(cases))
        gains.append(_value([a for a, _ in drawn]) - _value([b for _, b in drawn]))
    return sorted(gains)[int((1 - LEVEL) * DRAWS)] > -LOSS_ALLOWED


def _cases(
    policy: Policy, turns: Sequence[TurnRecord], outcomes: Sequence[OutcomeRecord]
) -> list[_Case]:
    """Return the judged first answers, each with how much more often the policy would give it."""
    judged = {each.turn_id: each for each in outcomes if each.turn_id and each.attempt == 0}
    found = []
    for turn in turns:
        outcome = judged.get(turn.turn_id)
        if outcome is None:
            continue
        wished = policy(turn).get(turn.start, 0.0)
        given = max(1e-6, as_logged(turn).get(turn.start, 1.0)) * outcome.propensity
        weight = min(MOST_WEIGHT, wished / given) * outcome.witness.weight
        found.append(_Case(weight, outcome.right))
    return found


def _value(cases: Sequence[_Case]) -> float:
    weights = sum(case.weight for case in cases)
    return sum(case.weight * case.right for case in cases) / weights if weights else 0.0
