"""Lists count as they are weighed; the first places count most."""

import pytest

from app.domain.memories import Why
from app.memory.recall.fusion import Lists, Weights, fused, joined


def test_the_first_of_every_list_has_a_score_of_one() -> None:
    found = fused(Lists([1, 2], [1], [1, 3], [1]), Weights())
    assert found[1].score == pytest.approx(1)
    assert found[2].score < 1


def test_ranks_are_told() -> None:
    found = fused(Lists(words=[7, 8], words_wide=[8], meaning=[9, 8], meaning_wide=[]), Weights())
    assert (found[8].words, found[8].words_wide, found[8].meaning, found[8].meaning_wide) == (
        2,
        1,
        2,
        0,
    )
    assert found[9].words == 0


def test_a_list_counts_as_it_is_weighed() -> None:
    lists = Lists(words=[1], meaning=[2])
    by_words = fused(lists, Weights(words=2, meaning=1))
    by_meaning = fused(lists, Weights(words=1, meaning=2))
    assert by_words[1].score > by_words[2].score
    assert by_meaning[1].score < by_meaning[2].score


def test_a_list_that_is_empty_takes_nothing_away() -> None:
    assert fused(Lists(words=[1], words_wide=[1]), Weights())[1].score == pytest.approx(1)
    assert fused(Lists(), Weights()) == {}


def test_lists_that_do_not_count_find_nothing_wrong() -> None:
    assert fused(Lists(meaning=[1]), Weights(1, 2, 0, 0)) == {}


def test_of_several_parts_the_best_reason_stays() -> None:
    found = joined([{1: Why(score=0.2), 2: Why(score=0.9)}, {1: Why(words=1, score=0.7)}])
    assert found == {1: Why(words=1, score=0.7), 2: Why(score=0.9)}
