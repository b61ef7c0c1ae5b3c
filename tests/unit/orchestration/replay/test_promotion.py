"""A policy gets its say only where the past surely shows no loss, on enough turns."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest

from app.domain.routing import TurnRecord
from app.orchestration.replay.cases import Case, judged
from app.orchestration.replay.estimates import Estimate, chances
from app.orchestration.replay.policies import always, as_logged, fastest, likeliest
from app.orchestration.replay.promotion import compare, earned
from tests.unit.orchestration.replay.logs import World, turn

ENOUGH = Estimate(
    value=0.01, low=-0.02, high=0.03, bound=-0.005, count=300, size=150.0, covered=1.0
)


@pytest.mark.parametrize(
    ("changed", "yes"),
    [
        ({}, True),
        ({"bound": -0.01}, False),
        ({"bound": -0.0099}, True),
        ({"bound": -0.5, "value": 0.4}, False),
        ({"size": 100.0}, True),
        ({"size": 99.9}, False),
        ({"covered": 0.89}, False),
        ({"covered": 0.9}, True),
    ],
)
def test_the_rule(changed: dict[str, float], yes: bool) -> None:
    assert earned(replace(ENOUGH, **changed)) is yes  # type: ignore[arg-type]


@pytest.mark.parametrize("model", [None, chances])
def test_better_policies_get_their_say_and_worse_ones_do_not(model: object) -> None:
    cases = judged(*World(2).log(900))
    better = compare(likeliest, as_logged, cases, Random(0), model)  # type: ignore[arg-type]
    worse = compare(fastest, as_logged, cases, Random(0), model)  # type: ignore[arg-type]
    assert (better.earned, worse.earned) == (True, False)
    assert "not worse" in better.reason
    assert "may be worse" in worse.reason


def test_few_turns_decide_nothing() -> None:
    verdict = compare(likeliest, as_logged, judged(*World(2).log(80)), Random(0))
    assert not verdict.earned
    assert "too few judged turns" in verdict.reason


def test_what_never_had_a_chance_decides_nothing() -> None:
    cases = judged(*World(2).log(900))
    certain = [
        Case(turn(at, "easy", "small").model_copy(update={"propensities": {"small": 1.0}}), 0.0)
        for at in range(2000, 2400)
    ]
    verdict = compare(always("large"), as_logged, cases + certain, Random(0))
    assert not verdict.earned
    assert "never had a chance" in verdict.reason


def test_nothing_to_tell_from() -> None:
    def elsewhere(_turn: TurnRecord, /) -> Mapping[str, float]:
        return {"nobody": 1.0}

    cases = judged(*World(2).log(50))
    for verdict in (
        compare(elsewhere, as_logged, cases, Random(0)),
        compare(as_logged, as_logged, [], Random(0)),
    ):
        assert (verdict.earned, verdict.gain) == (False, None)
        assert "no judged turn" in verdict.reason


def test_the_rule_seldom_lets_a_worse_policy_pass() -> None:
    """Of policies that lose 5 points and more, about one in a hundred may pass by chance."""
    passed = sum(
        compare(fastest, as_logged, judged(*World(seed).log(300)), Random(seed)).earned
        for seed in range(20)
    )
    assert passed == 0
