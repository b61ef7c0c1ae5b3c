"""Lists count as they are weighed; the first places count most."""

import pytest

from app.domain.memories import Why
from app.memory.recall.fusion import Lists, Weights, fused, joined


def _all(*ids: int) -> list[tuple[int, float]]:
    """Return memories that hold all that was asked."""
    return [(each, 1.0) for each in ids]


def test_the_first_of_every_list_has_a_score_of_one() -> None:
    found = fused(Lists(_all(1, 2), _all(1), _all(1, 3), _all(1)), Weights())
    assert found[1].score == pytest.approx(1)
    assert found[2].score < 1


def test_ranks_are_told() -> None:
    found = fused(Lists(_all(7, 8), _all(8), _all(9, 8)), Weights())
    ranks = (found[8].words, found[8].words_wide, found[8].meaning, found[8].meaning_wide)
    assert ranks == (2, 1, 2, 0)
    assert found[9].words == 0


def test_a_list_counts_as_it_is_weighed() -> None:
    lists = Lists(words=_all(1), meaning=_all(2))
    by_words = fused(lists, Weights(words=2, meaning=1))
    by_meaning = fused(lists, Weights(words=1, meaning=2))
    assert by_words[1].score > by_words[2].score
    assert by_meaning[1].score < by_meaning[2].score


def test_a_place_counts_as_far_as_its_memory_is_related() -> None:
    found = fused(Lists(words=[(1, 0.1)], meaning=[(9, 0.9), (2, 0.8)]), Weights(1, 1, 1, 1))
    assert found[2].score > found[1].score


def test_what_is_opposite_or_more_than_all_counts_as_none_and_all() -> None:
    found = fused(Lists(words=[(1, 1.0001)], meaning=[(2, -0.5)]), Weights(1, 1, 1, 1))
    assert [found[1].score, found[2].score] == pytest.approx([0.5, 0])


def test_a_list_that_is_empty_takes_nothing_away() -> None:
    assert fused(Lists(_all(1), _all(1)), Weights())[1].score == pytest.approx(1)
    assert fused(Lists(), Weights()) == {}


def test_a_list_that_does_not_count_finds_nothing() -> None:
    assert fused(Lists(meaning=_all(1)), Weights(1, 2, 0, 0)) == {}


def test_of_several_parts_the_best_reason_stays() -> None:
    found = joined([{1: Why(score=0.3), 2: Why(score=0.9)}, {1: Why(words=1, score=0.9)}])
    assert found == {1: Why(words=1, score=0.9), 2: Why(score=0.9)}


def test_no_part_crowds_out_another() -> None:
    found = joined([{1: Why(score=0.8), 2: Why(score=0.7)}, {3: Why(score=0.2)}, {}])
    assert {each: why.score for each, why in found.items()} == pytest.approx(
        {1: 0.8, 2: 0.7, 3: 0.8}
    )
