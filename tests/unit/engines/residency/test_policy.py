"""Who leaves: the model that is missed least for its size, and nobody without need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.residency.policy import HALF_LIFE_S, Reuse, Stake, choose


def stake(
    name: str, size: int, reuse: float = 0.5, reload_s: float = 1.0, used: float = 0
) -> Stake:
    return Stake(name, size, reuse, reload_s, used)


def names(chosen: tuple[Stake, ...] | None) -> list[str]:
    assert chosen is not None
    return sorted(each.model for each in chosen)


def test_the_least_worth_per_byte_leaves_first() -> None:
    often = stake("often", 10, reuse=0.9)
    seldom = stake("seldom", 10, reuse=0.1)
    assert names(choose([often, seldom], 5)) == ["seldom"]


def test_what_is_quick_to_load_leaves_before_what_is_slow() -> None:
    assert names(choose([stake("quick", 10), stake("slow", 10, reload_s=30)], 10)) == ["quick"]


def test_a_big_one_leaves_before_a_small_one_of_the_same_worth() -> None:
    assert names(choose([stake("big", 20), stake("small", 5)], 4)) == ["big"]


def test_among_equals_the_longest_unused_leaves() -> None:
    assert names(choose([stake("new", 5, used=9), stake("old", 5, used=3)], 5)) == ["old"]


def test_nobody_leaves_who_need_not() -> None:
    little, much = stake("little", 2, reuse=0.0), stake("much", 20, reuse=0.1)
    assert names(choose([little, much], 15)) == ["much"]
    assert names(choose([little, much], 0)) == []


def test_too_few_bytes_are_no_choice() -> None:
    assert choose([stake("a", 2), stake("b", 3)], 6) is None
    assert choose([], 1) is None


@given(
    st.lists(
        st.builds(
            Stake,
            st.uuids().map(str),
            st.integers(1, 100),
            st.floats(0, 1),
            st.floats(0, 60),
            st.floats(0, 60),
        ),
        max_size=8,
    ),
    st.integers(0, 400),
)
def test_a_choice_is_enough_and_none_of_it_is_needless(stakes: list[Stake], missing: int) -> None:
    chosen = choose(stakes, missing)
    if chosen is None:
        assert sum(each.size for each in stakes) < missing
        return
    freed = sum(each.size for each in chosen)
    assert freed >= missing
    assert all(freed - each.size < missing for each in chosen)
    assert set(chosen) <= set(stakes)


def test_the_chance_grows_with_use_and_fades_with_time() -> None:
    reuse = Reuse()
    assert reuse.chance(0.0) == 0.0
    reuse.note(0.0)
    once = reuse.chance(0.0)
    reuse.note(0.0)
    assert 0 < once < reuse.chance(0.0) < 1
    assert reuse.chance(HALF_LIFE_S) == pytest.approx(once)
    assert reuse.chance(100 * HALF_LIFE_S) == pytest.approx(0.0)
