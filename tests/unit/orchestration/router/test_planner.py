"""Plans: what a start with somebody behind it is worth."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.router.planner import (
    CHECK_S,
    LONG_S,
    QUICK_S,
    WORTH_A_STEP,
    Candidate,
    Choice,
    choices,
    ladder,
    required,
)
from app.orchestration.router.utility import LATE, MIDDLE, Price, weight_of

CANDIDATES = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.floats(0.01, 0.99), st.floats(0.01, 1000)),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[0],
)


@given(CANDIDATES, st.floats(0, 1))
def test_ladders_rise_and_choices_cover_everybody(
    given_candidates: list[tuple[str, float, float]], weight: float
) -> None:
    candidates = [Candidate(*each) for each in given_candidates]
    found = choices(candidates, weight)
    assert {each.start for each in found} == {each.role for each in candidates}
    assert [each.worth for each in found] == sorted((each.worth for each in found), reverse=True)
    for start in candidates:
        steps = (start, *ladder(start, candidates))
        chances = [each.chance for each in steps]
        assert chances == sorted(chances)
        assert len({each.role for each in steps}) == len(steps)
        assert all(each.seconds >= start.seconds for each in steps)


def test_steps_of_like_cost_are_skipped() -> None:
    small, alike, large = (
        Candidate("small", 0.5, 1.0),
        Candidate("alike", 0.6, 1.5),
        Candidate("large", 0.9, 10.0),
    )
    assert ladder(small, [small, alike, large]) == (large,)


def test_what_is_good_enough_depends_on_who_stands_behind() -> None:
    here, above = Candidate("a", 0.5, 1.0), Candidate("b", 0.9, 10.0)
    assert required(here, None, 0.1, 10.0) == 0.0
    free, dear = required(here, above, 0.0, 10.0), required(here, above, 0.3, 10.0)
    assert dear < free <= 0.95


def of(
    start: str, candidates: list[Candidate], weight: float = 0.1, within_s: float = math.inf
) -> Choice:
    return next(each for each in choices(candidates, weight, within_s) if each.start == start)


def test_a_cascade_costs_what_it_is_expected_to_cost() -> None:
    # Half is right; 80 % of right and 10 % of wrong answers pass; the rest is asked again.
    low = Candidate("low", 0.5, 1.0, lambda _: (0.8, 0.1), kept=lambda _: 1.0)
    high = Candidate("high", 0.8, 10.0, kept=lambda _: 1.0)
    found = of("low", [low, high], weight=0.1)
    passed = 0.5 * 0.8 + 0.5 * 0.1
    assert found.up == ("high",)
    assert found.seconds == pytest.approx(1 + CHECK_S + (1 - passed) * 10)
    # Whoever stands behind is as good on what was stopped as elsewhere, as `kept` says.
    assert found.chance == pytest.approx(0.5 * 0.8 + (1 - passed) * 0.8)
    assert found.worth == pytest.approx(found.chance - 0.1 * found.seconds / 10)


def test_hard_questions_are_hard_for_all() -> None:
    low = Candidate("low", 0.5, 1.0, lambda _: (1.0, 0.0))
    plain = of("low", [low, Candidate("high", 0.8, 10.0, kept=lambda _: 1.0)])
    alike = of("low", [low, Candidate("high", 0.8, 10.0, kept=lambda _: 0.5)])
    assert alike.chance < plain.chance


def test_a_load_is_over_by_the_time_the_first_has_written() -> None:
    low = Candidate("low", 0.2, 5.0, lambda _: (0.0, 0.0))
    there = of("low", [low, Candidate("high", 0.8, 20.0)])
    loaded = of("low", [low, Candidate("high", 0.8, 24.0, loading=4.0)])
    assert loaded.seconds == pytest.approx(there.seconds)
    # Where somebody has to leave memory for it, nothing is loaded on suspicion.
    owing = of("low", [low, Candidate("high", 0.8, 24.0, loading=4.0, debt=1.0)])
    assert owing.seconds == pytest.approx(there.seconds + 4)


def test_what_others_wait_for_counts() -> None:
    one = [Candidate("a", 0.7, 10.0, debt=debt) for debt in (0.0, 5.0)]
    free, owing = (choices([each], 0.1)[0] for each in one)
    assert owing.worth == pytest.approx(free.worth - 0.1 * 5 / 10)
    assert owing.seconds == free.seconds


def test_the_registry_may_say_who_goes_on() -> None:
    low = Candidate("low", 0.5, 1.0, after=("alike", "nobody"))
    alike, high = Candidate("alike", 0.4, 1.1), Candidate("high", 0.9, 10.0)
    assert of("low", [low, alike, high]).up == ("alike",)
    alone = Candidate("low", 0.5, 1.0, after=())
    assert of("low", [alone, alike, high]).up == ()


def test_a_turn_has_three_attempts_so_a_chain_has_three_models() -> None:
    many = [Candidate(str(at), 0.3 + at / 10, 4.0**at) for at in range(6)]
    assert len(ladder(many[0], many)) == 5
    assert all(len(each.up) <= 2 for each in choices(many, 0.1))
    assert of("0", many).up[-1] == "5"


def test_a_step_between_is_left_out_where_it_does_not_pay() -> None:
    low = Candidate("low", 0.3, 1.0)
    useless = Candidate("useless", 0.31, WORTH_A_STEP * 1.1, lambda _: (0.5, 0.5))
    high = Candidate("high", 0.95, 100.0)
    assert [each.role for each in ladder(low, [low, useless, high])] == ["useless", "high"]
    assert of("low", [low, useless, high], weight=0.01).up == ("high",)


def test_of_those_who_are_as_good_who_is_made_for_it_goes_on() -> None:
    low, best = Candidate("low", 0.5, 1.0), Candidate("best", 0.92, 10.0)
    coder = Candidate("coder", 0.9, 10.0, made=True)
    assert [each.role for each in ladder(low, [low, best, coder])] == ["coder"]
    worse = replace(coder, chance=0.85)
    assert [each.role for each in ladder(low, [low, best, worse])] == ["best"]
    assert ladder(coder, [low, replace(best, chance=0.9), coder]) == ()


def test_a_second_costs_the_same_whatever_is_asked() -> None:
    def worth(seconds: float) -> float:
        alone = Candidate("high", 0.9, seconds, ordinary=10.0)
        return choices([alone], 0.1)[0].worth

    assert worth(2.0) == pytest.approx(0.9 - 0.02)
    assert worth(20.0) == pytest.approx(0.9 - 0.2)
    quick = Candidate("high", 0.9, 2.0, ordinary=0.1)
    assert choices([quick], 0.1)[0].worth == pytest.approx(0.9 - 0.1 * 2.0 / (0.75 * QUICK_S))


def test_where_nobody_is_likely_to_be_right_the_first_answer_stands() -> None:
    low, high = Candidate("low", 0.02, 1.0), Candidate("high", 0.05, 20.0)
    assert required(low, high, 0.1, 20.0) == 0
    plan = of("low", [low, high])
    assert plan.seconds == 1.0
    assert plan.chance == pytest.approx(0.02)
    assert plan.up == ("high",)  # for faults and mistakes
    assert of("low", [low, high], weight=0.0).seconds > 10


def test_to_be_late_costs() -> None:
    fast, slow = Candidate("fast", 0.5, 2.0), Candidate("slow", 0.9, LONG_S)
    assert of("slow", [fast, slow]).late == 0
    hurried = of("slow", [fast, slow], within_s=10.0)
    assert hurried.late > 0.9
    assert hurried.worth == pytest.approx(0.9 - 0.1 - LATE * hurried.late)
    assert choices([fast, slow], 0.1, 10.0)[0].start == "fast"


@given(st.floats(0.001, 1e4), st.floats(-10, 1e4))
def test_later_deadlines_are_missed_less(seconds: float, within_s: float) -> None:
    sooner, later = (Price(0.1, each).late(seconds) for each in (within_s, within_s + 1))
    assert 0 <= later <= sooner <= 1
    assert Price(0.1).late(seconds) == 0


def test_the_dial_turns_time_into_quality() -> None:
    weights = [weight_of(balance) for balance in (0, 0.25, 0.5, 0.75, 1)]
    assert weights == sorted(weights, reverse=True)
    assert (weights[2], weights[4]) == (MIDDLE, 0)
    assert (weight_of(-3), weight_of(7)) == (weights[0], 0)


def test_who_is_as_slow_helps_but_is_no_reason_to_begin_lower() -> None:
    one, other = Candidate("one", 0.8, 10.0), Candidate("other", 0.9, 11.0)
    found = of("one", [one, other])
    assert found.up == ("other",)
    assert (found.chance, found.seconds) == (0.8, 10.0)
    assert choices([one, other], 0.1)[0].start == "other"
