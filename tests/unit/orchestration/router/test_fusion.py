"""Parts of a chance: weights grow with evidence, and fitted ones follow whoever knows better."""

import numpy as np
import pytest

from app.orchestration.gate.calibration import sigmoid
from app.orchestration.router.fusion import (
    FITTED_FROM,
    LEAST,
    MOST,
    Fusion,
    by_count,
    fit_fusion,
    table_without,
)


def test_words_count_the_more_the_more_answers_there_are() -> None:
    shares = [by_count(count).words for count in (0, 50, 200, 5000)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] > 0.9
    assert by_count(0).odds(1.5, -3.0) == 1.5


def drawn(count: int, *, words_know: bool) -> tuple[np.ndarray, ...]:
    """Return log-odds of table and words, and answers that follow one of them."""
    dice = np.random.default_rng(1)
    table, words = dice.normal(0, 1, count), dice.normal(0, 1, count)
    chance = sigmoid(words if words_know else table)
    return table, words, (dice.random(count) < chance).astype(float), np.ones(count)


def test_fitted_weights_follow_who_knows() -> None:
    knowing = fit_fusion(*drawn(4000, words_know=True))
    ignorant = fit_fusion(*drawn(4000, words_know=False))
    assert knowing.words > 0.8
    assert ignorant.words < 0.2
    assert ignorant.table == pytest.approx(1.0, abs=0.2)
    # Where words know, the table's own part is nothing: (table + words - table).
    assert knowing.odds(3.0, 0.0) == pytest.approx(0.0, abs=0.5)


def test_too_few_answers_fit_no_weights() -> None:
    found = fit_fusion(*drawn(FITTED_FROM - 1, words_know=True))
    assert found == by_count(FITTED_FROM - 1)


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_answers_all_alike_keep_weights_within_bounds(right: float) -> None:
    table, words, _, weights = drawn(500, words_know=True)
    found = fit_fusion(table, words, np.full(500, right), weights)
    for value, least, most in zip((found.bias, found.table, found.words), LEAST, MOST, strict=True):
        assert least <= value <= most


def test_the_table_is_told_without_the_answer_itself() -> None:
    families = np.array(["a", "a", "b"])
    odds = table_without(families, np.array([1.0, 0.0, 1.0]), np.ones(3), 0.5)
    # The only right answer to "a" leaves a wrong one behind, and the other way round.
    assert odds[0] < odds[1]
    assert np.all(np.isfinite(odds))
    assert np.all(np.isfinite(table_without(families[:1], np.ones(1), np.ones(1), 0.5)))


def test_weights_are_plain_data() -> None:
    assert Fusion() == Fusion(0.0, 1.0, 0.0)
