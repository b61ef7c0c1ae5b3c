"""Parts of a chance: words count the more the more there is to learn from."""

import pytest

from app.orchestration.router.fusion import HALF, fused


def test_words_count_the_more_the_more_answers_there_are() -> None:
    found = [fused(0.0, 2.0, count) for count in (0, 50, HALF, 5000)]
    assert found == sorted(found)
    assert found[0] == 0
    assert found[2] == pytest.approx(1.0)
    assert found[-1] > 1.9


def test_parts_that_agree_are_left_as_they_are() -> None:
    assert fused(1.5, 1.5, 30) == pytest.approx(1.5)
