"""Deadlines: learned, never above the registry, and with time left for whoever is next."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.models import ModelSpec, RoleSpec, Tier, Timeouts
from app.orchestration.deadlines import (
    LEAST_ANSWERS,
    LEAST_DEADLINE_S,
    LEAST_STALL_S,
    Times,
    learned,
    quantile,
    within,
)

REGISTRY = Timeouts(load_s=100, first_token_s=60, stall_s=30, total_s=100)


def times(seconds: float, tokens: int = 100, count: int = LEAST_ANSWERS) -> Times:
    found = Times()
    for _ in range(count):
        found.note(tokens, 0.1, seconds)
    return found


def role(name: str) -> RoleSpec:
    return RoleSpec(name=name, tier=Tier.A, model=ModelSpec(name=name), timeouts=REGISTRY)


def test_little_is_known_so_the_registry_counts() -> None:
    assert learned(None, (), REGISTRY) == REGISTRY
    assert learned(times(1, count=LEAST_ANSWERS - 1), (1.0,), REGISTRY) == REGISTRY


def test_each_part_has_a_limit_of_its_own() -> None:
    found = learned(times(8), (20.0,) * 5, REGISTRY)
    assert found.load_s == 60
    assert found.first_token_s == LEAST_DEADLINE_S
    assert found.stall_s == LEAST_STALL_S
    assert found.total_s == pytest.approx(24.3)


def test_who_writes_slowly_may_pause_for_longer() -> None:
    assert learned(times(100), (), REGISTRY).stall_s == 20


@given(
    st.lists(st.floats(0.001, 1e5), min_size=LEAST_ANSWERS, max_size=60),
    st.lists(st.floats(0.001, 1e5), max_size=20),
)
def test_nothing_learned_is_longer_than_the_registry(
    seconds: list[float], loads: list[float]
) -> None:
    seen = Times()
    for each in seconds:
        seen.note(10, each / 2, each)
    found, most = learned(seen, loads, REGISTRY).model_dump(), REGISTRY.model_dump()
    assert all(0 < found[name] <= most[name] for name in most)


def test_time_is_left_for_whoever_is_next() -> None:
    chain = (role("a"), role("b"), role("c"))
    limits = {each.name: REGISTRY for each in chain}
    found = within(limits, chain, {"b": 20.0, "c": 30.0}, 90.0)
    assert [found[name].total_s for name in "abc"] == [40, 60, 90]
    late = within(limits, chain, {"b": 20.0, "c": 30.0}, 10.0)
    assert late["a"].total_s == LEAST_STALL_S
    assert within(limits, chain, {"b": 20.0, "c": 30.0}, math.inf) == limits


def test_quantiles() -> None:
    assert quantile([], 0.9) == 0
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2
    assert quantile([3.0, 1.0, 2.0], 1.0) == 3
