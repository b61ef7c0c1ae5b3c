"""What another policy would have been worth is estimated rightly where the truth is known."""

from collections.abc import Mapping
from random import Random

import pytest

from app.domain.routing import OutcomeRecord, TurnRecord, Witness
from app.orchestration.ledger.replay import (
    as_logged,
    by_chance,
    by_speed,
    estimate,
    is_better,
)

SKILL = {"small": 0.5, "large": 0.9}
SHARE = {"small": 0.7, "large": 0.3}


def log(count: int, seed: int = 0) -> tuple[list[TurnRecord], list[OutcomeRecord]]:
    """Turns that began by chance with either role, and how they turned out."""
    dice = Random(seed)
    turns, outcomes = [], []
    for number in range(count):
        start = "small" if dice.random() < SHARE["small"] else "large"
        turns.append(
            TurnRecord(
                turn_id=str(number),
                at=0,
                start=start,
                chances=SKILL,
                seconds={"small": 1, "large": 9},
                propensities=SHARE,
            )
        )
        outcomes.append(
            OutcomeRecord(
                at=0,
                model_id=start,
                family="chat",
                right=float(dice.random() < SKILL[start]),
                witness=Witness.VALIDATOR,
                source="gate",
                turn_id=str(number),
            )
        )
    return turns, outcomes


@pytest.mark.parametrize(
    ("policy", "truth"), [(as_logged, 0.62), (by_chance, 0.9), (by_speed, 0.5)]
)
def test_estimates_hold_the_truth(policy: object, truth: float) -> None:
    inside = 0
    for seed in range(20):
        turns, outcomes = log(400, seed)
        found = estimate("p", policy, turns, outcomes, Random(0))  # type: ignore[arg-type]
        inside += found.low <= truth <= found.high
        assert abs(found.value - truth) < 0.12
    assert inside >= 15  # of 20, at 90 %


def test_what_was_tried_seldom_counts_for_few() -> None:
    turns, outcomes = log(400)
    often, seldom = (
        estimate("p", policy, turns, outcomes, Random(0)) for policy in (as_logged, by_chance)
    )
    assert often.size == pytest.approx(400)
    assert seldom.size < 150


def test_without_judged_turns_there_is_no_figure() -> None:
    turns, _ = log(10)
    assert estimate("p", as_logged, turns, [], Random(0)).count == 0


def test_only_what_is_surely_not_worse_earns_its_say() -> None:
    turns, outcomes = log(600)

    def small(_turn: TurnRecord) -> Mapping[str, float]:
        return {"small": 1.0}

    assert is_better(by_chance, as_logged, turns, outcomes, Random(0))
    assert not is_better(small, as_logged, turns, outcomes, Random(0))
    few = log(60)
    assert not is_better(by_chance, as_logged, *few, Random(0))
