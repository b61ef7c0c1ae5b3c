"""The promise is kept: seldom broken over many draws, and never made without enough evidence."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.gate.thresholds import (
    NOBODY,
    Judged,
    binomial_cdf,
    learn,
    least_count,
    upper_bound,
)

ALPHA, DELTA = 0.10, 0.10


def drawn(random: Random, count: int) -> list[Judged]:
    """Return answers whose chance to be right grows with their score."""
    found = []
    for _ in range(count):
        score = random.random()
        found.append(Judged(score, random.random() < 0.2 + 0.8 * score))
    return found


def true_risk(threshold: float) -> float:
    """P(score >= t and wrong) for the answers of `drawn`."""
    t = min(1.0, threshold)
    return 0.8 * (1 - t) - 0.4 * (1 - t * t)


def test_the_promise_is_broken_no_more_often_than_said() -> None:
    broken, passed = 0, 0.0
    for seed in range(300):
        found = learn(drawn(Random(seed), 200), alpha=ALPHA, delta=DELTA)
        broken += true_risk(found.value) > ALPHA
        passed += found.passed / 200
    assert broken / 300 <= DELTA + 0.04
    assert passed / 300 > 0.25


def test_without_enough_answers_nothing_is_promised() -> None:
    right = [Judged(0.9, right=True)]
    assert not learn(right * (least_count(ALPHA, DELTA) - 1), alpha=ALPHA, delta=DELTA).promises
    assert learn(right * least_count(ALPHA, DELTA), alpha=ALPHA, delta=DELTA).promises
    assert learn([], alpha=ALPHA, delta=DELTA).value == NOBODY
    assert [least_count(alpha, DELTA) for alpha in (0.10, 0.05, 0.02)] == [22, 45, 114]


def test_what_is_always_wrong_never_passes() -> None:
    judged = [Judged(at / 500, right=False) for at in range(500)]
    assert learn(judged, alpha=ALPHA, delta=DELTA).passed <= 500 * ALPHA


@given(st.integers(0, 40), st.integers(1, 40), st.floats(0, 1))
def test_the_distribution_function_is_one(successes: int, trials: int, p: float) -> None:
    value = binomial_cdf(successes, trials, p)
    assert 0 <= value <= 1
    assert binomial_cdf(successes + 1, trials, p) >= value - 1e-12


def test_known_values() -> None:
    assert binomial_cdf(2, 10, 0.5) == pytest.approx(56 / 1024)
    assert binomial_cdf(0, 22, 0.1) == pytest.approx(0.9**22)
    assert upper_bound(0, 29, 0.95) == pytest.approx(1 - 0.05 ** (1 / 29), abs=1e-6)
    assert upper_bound(0, 0, 0.95) == 1.0
