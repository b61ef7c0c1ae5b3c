"""What policies would have been worth is estimated rightly where the truth is known."""

from collections.abc import Mapping
from functools import cache
from random import Random
from statistics import fmean, pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.routing import TurnRecord
from app.orchestration.replay import estimates
from app.orchestration.replay.cases import Case, judged
from app.orchestration.replay.estimates import (
    Estimate,
    chances,
    difference,
    doubly_robust,
    snips,
)
from app.orchestration.replay.policies import Policy, always, as_logged, dial, fastest, likeliest
from tests.unit.orchestration.replay.logs import World, outcome, truth, turn

SEEDS = range(24)
COUNT = 300


def by_kind(turn: TurnRecord, /) -> Mapping[str, float]:
    """A policy that is unsure: mostly the large one for hard questions."""
    return {"large": 0.7, "small": 0.3} if turn.family == "hard" else {"small": 1.0}


def wrong_model(_turn: TurnRecord, role: str) -> float:
    return {"small": 0.9, "large": 0.2}[role]


POLICIES = [as_logged, by_kind, fastest, likeliest, always("large"), dial(0.5)]


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimates, "DRAWS", 100)


def _sure(found: Estimate | None) -> Estimate:
    assert found is not None
    return found


@cache
def _cases(seed: int) -> list[Case]:
    return judged(*World(seed).log(COUNT))


def _over_seeds(policy: Policy, kind: str) -> list[Estimate]:
    found = []
    for seed in SEEDS:
        cases = _cases(seed)
        match kind:
            case "snips":
                found.append(_sure(snips(policy, cases, Random(seed))))
            case "robust":
                found.append(_sure(doubly_robust(policy, cases, chances, Random(seed))))
            case _:
                found.append(_sure(doubly_robust(policy, cases, wrong_model, Random(seed))))
    return found


@pytest.mark.parametrize("kind", ["snips", "robust", "robust with a wrong model"])
@pytest.mark.parametrize("policy", POLICIES)
def test_estimates_are_unbiased_and_intervals_hold_the_truth(policy: Policy, kind: str) -> None:
    found = _over_seeds(policy, kind)
    true = truth(policy)
    values = [each.value for each in found]
    # The mean of 24 may be off by chance: four times its own deviation.
    assert abs(fmean(values) - true) < 4 * pstdev(values) / len(values) ** 0.5 + 1e-9
    inside = sum(each.low <= true <= each.high for each in found)
    assert inside >= 18  # about 21.6 are expected; fewer than 18 in 1 of 200 such tests
    assert sum(each.bound <= true for each in found) >= 18


def test_answers_that_are_seldom_looked_at_stand_for_many() -> None:
    # A ratio of sums leans a little where few were audited; among so many that is not seen.
    logs = [judged(*World(seed, 0.1).log(4 * COUNT)) for seed in SEEDS]
    values = [_sure(snips(as_logged, cases, Random(0))).value for cases in logs]
    true = truth(as_logged)
    assert abs(fmean(values) - true) < 4 * pstdev(values) / len(values) ** 0.5
    naive = fmean(case.value for cases in logs for case in cases)
    assert naive < true - 0.08  # hard questions are looked at more often


def test_a_good_model_of_outcomes_narrows_the_interval() -> None:
    def width(kind: str) -> float:
        return fmean(each.high - each.low for each in _over_seeds(always("large"), kind))

    assert width("robust") < width("snips")


def test_a_difference_is_surer_than_its_parts() -> None:
    cases = judged(*World(1).log(COUNT))
    gain = _sure(difference(by_kind, as_logged, cases, Random(0)))
    true = truth(by_kind) - truth(as_logged)
    assert gain.low <= true <= gain.high
    assert gain.low <= gain.bound <= gain.value <= gain.high
    new, old = (_sure(snips(each, cases, Random(0))) for each in (by_kind, as_logged))
    assert gain.value == pytest.approx(new.value - old.value)
    assert gain.high - gain.low < (new.high - new.low) + (old.high - old.low)


def test_what_was_tried_seldom_counts_for_few() -> None:
    cases = judged(*World(0).log(COUNT))
    often, seldom = (
        _sure(snips(policy, cases, Random(0))) for policy in (as_logged, always("large"))
    )
    assert often.size == pytest.approx(COUNT)
    assert seldom.size < 0.45 * COUNT
    assert (often.count, seldom.count) == (COUNT, COUNT)


def test_a_weight_is_capped() -> None:
    rare = turn(1, "easy", "large").model_copy(
        update={"propensities": {"small": 0.999, "large": 0.001}}
    )
    cases = [Case(rare, 0.0), *(Case(turn(at, "easy", "large"), 1.0) for at in range(2, 6))]
    # Without the cap the rare case would count 1000 times, against 5 of each of the others.
    assert _sure(snips(always("large"), cases, Random(0))).value == pytest.approx(20 / 40)


def test_what_never_had_a_chance_is_told() -> None:
    certain = [
        Case(turn(at, "easy", "small").model_copy(update={"propensities": {"small": 1.0}}), 1.0)
        for at in range(30)
    ]
    half = [Case(turn(at, "hard", "large"), 1.0) for at in range(30, 60)]
    assert _sure(snips(always("large"), certain + half, Random(0))).covered == pytest.approx(0.5)
    assert _sure(snips(as_logged, certain + half, Random(0))).covered == pytest.approx(1.0)
    assert snips(always("large"), certain, Random(0)) is None
    assert snips(as_logged, [], Random(0)) is None


def test_the_same_rows_give_the_same_figures() -> None:
    cases = judged(*World(3).log(100))
    first, second = (doubly_robust(by_kind, cases, chances, Random(9)) for _ in range(2))
    assert first == second
    assert first != doubly_robust(by_kind, cases, chances, Random(10))


def test_all_right_so_far_is_not_certainty() -> None:
    cases = [Case(turn(at, "easy", "small"), 1.0) for at in range(40)]
    found = _sure(snips(as_logged, cases, Random(0)))
    assert found.value == 1.0
    assert 0.9 < found.low < 0.97
    assert found.high == 1.0
    wrong = [Case(each.turn, 0.0) for each in cases]
    assert 0.03 < _sure(snips(as_logged, wrong, Random(0))).high < 0.1


def test_turns_of_one_conversation_are_less_than_as_many_others() -> None:
    alone = [Case(turn(at, "easy", "small"), float(at % 4 > 0)) for at in range(200)]
    together = [
        Case(
            case.turn.model_copy(update={"conversation_id": f"c{at % 8}"}),
            float(at % 8 not in {0, 4}),
        )
        for at, case in enumerate(alone)
    ]
    apart, joined = (_sure(snips(as_logged, cases, Random(0))) for cases in (alone, together))
    assert apart.value == pytest.approx(joined.value)
    assert joined.high - joined.low > 2 * (apart.high - apart.low)


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_what_is_no_probability_is_refused(share: float) -> None:
    cases = [Case(turn(1, "easy", "small"), 1.0)]
    with pytest.raises(ValueError, match="no probability"):
        snips(lambda _: {"small": share}, cases, Random(0))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("easy", "hard")), st.sampled_from(("small", "large")), st.floats(0, 1)
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None)
def test_a_value_lies_among_what_was_seen(rows: list[tuple[str, str, float]]) -> None:
    cases = judged(
        [turn(at, kind, start) for at, (kind, start, _) in enumerate(rows)],
        [outcome(at, right) for at, (_, _, right) in enumerate(rows)],
    )
    found = snips(by_kind, cases, Random(0))
    if found is None:
        return
    seen = [right for *_, right in rows]
    assert min(seen) - 1e-9 <= found.value <= max(seen) + 1e-9
    assert found.low <= found.bound + 1e-9
    assert found.low <= found.high + 1e-9
    assert 0 < found.size <= len(rows) + 1e-9
    assert 0 <= found.covered <= 1 + 1e-9
