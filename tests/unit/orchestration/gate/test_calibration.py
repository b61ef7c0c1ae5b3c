"""Fits find what made the data, stay finite on odd data, and rise where they should."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.gate.calibration import (
    calibration_error,
    fit_isotonic,
    fit_logistic,
    logit,
    sigmoid,
)
from app.orchestration.gate.statistics import confidence


def data(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    rows = random.normal(0, 1, (count, 3))
    chance = sigmoid(rows @ np.array([2.0, -1.0, 0.0]) + 0.5)
    return rows, (random.random(count) < chance).astype(np.float64), chance


def test_the_weights_behind_the_data_are_found() -> None:
    rows, right, chance = data(4000)
    found = fit_logistic(rows, right, ridge=1e-4)
    weights = found.weights / found.scale
    assert weights == pytest.approx([2.0, -1.0, 0.0], abs=0.25)
    assert float(np.abs(found.probabilities(rows) - chance).mean()) < 0.02
    assert calibration_error(found.probabilities(rows), right) < 0.03


def test_data_that_can_be_divided_stays_finite() -> None:
    rows = np.array([[float(at)] for at in range(20)])
    found = fit_logistic(rows, (rows[:, 0] > 9).astype(np.float64))
    assert np.isfinite(found.weights).all()
    chances = found.probabilities(rows)
    assert (np.diff(chances) > 0).all()
    assert chances[0] < 0.2
    assert chances[-1] > 0.8


def test_a_constant_feature_and_a_single_outcome_are_borne() -> None:
    rows = np.ones((10, 2))
    found = fit_logistic(rows, np.ones(10))
    assert found.probabilities(rows).min() > 0.9
    assert np.isfinite(found.odds(rows)).all()


def test_rows_that_count_nothing_change_nothing() -> None:
    rows, right, _ = data(200)
    some = np.concatenate([np.ones(100), np.zeros(100)])
    one = fit_logistic(rows, right, weights=some)
    other_right = np.concatenate([right[:100], 1 - right[100:]])
    other = fit_logistic(rows, other_right, weights=some)
    assert one.probabilities(rows) == pytest.approx(other.probabilities(rows), abs=1e-6)


@given(st.lists(st.tuples(st.floats(-5, 5), st.booleans()), min_size=1, max_size=120))
def test_isotonic_steps_rise(pairs: list[tuple[float, bool]]) -> None:
    scores, right = zip(*pairs, strict=True)
    steps = fit_isotonic(scores, [float(each) for each in right], block=5)
    found = steps(np.sort(np.asarray(scores)))
    assert (np.diff(found) >= -1e-9).all()
    assert 0 <= found.min() <= found.max() <= 1


def test_log_odds_and_back() -> None:
    for value in (0.001, 0.3, 0.9):
        assert float(sigmoid(np.array([logit(value)]))[0]) == pytest.approx(value)
    assert np.isfinite(logit(0.0))


@given(st.lists(st.floats(-20, 0), min_size=1, max_size=60))
def test_statistics_are_in_order(logprobs: list[float]) -> None:
    found = confidence(logprobs)
    assert found is not None
    assert found.least <= found.low <= found.tenth <= found.quarter <= found.half <= 0
    assert found.least - 1e-9 <= found.mean <= 1e-9
    assert len(found.vector()) == 10
    assert all(np.isfinite(found.vector()))


def test_no_tokens_have_no_statistics() -> None:
    assert confidence([]) is None
