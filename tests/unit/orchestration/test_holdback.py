"""Words are shown once, in order, and never before they may be."""

from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.holdback import FIRST_LOOK, LAST_LOOK, Hold, HoldBack

PIECES = st.lists(st.tuples(st.text(max_size=6), st.integers(0, 20)), max_size=30)


@given(PIECES, st.sampled_from(Hold), st.integers(0, 30))
def test_every_word_is_shown_once_and_in_order(
    pieces: list[tuple[str, int]], hold: Hold, release_at: int
) -> None:
    words, shown = HoldBack(hold), ""
    for place, (text, tokens) in enumerate(pieces):
        if place == release_at:
            shown += words.release()
        shown += words.take(text, tokens)
        assert words.text == shown + words.waiting
        assert not words.waiting or not words.is_open
    assert shown + words.release() == "".join(text for text, _ in pieces)


def test_only_what_waits_for_first_words_asks_for_an_opinion_and_twice_at_most() -> None:
    words = HoldBack(Hold.FIRST_WORDS)
    asked = []
    for _ in range(2 * LAST_LOOK):
        words.take("a", 1)
        if words.wants_opinion():
            asked.append(words.tokens)
    assert asked == [FIRST_LOOK, LAST_LOOK]
    whole = HoldBack(Hold.WHOLE)
    whole.take("a" * 100, 100)
    assert not whole.wants_opinion()
    assert whole.waiting == "a" * 100


def test_one_big_piece_is_looked_at_once() -> None:
    words = HoldBack(Hold.FIRST_WORDS)
    words.take("a", LAST_LOOK)
    assert [words.wants_opinion(), words.wants_opinion()] == [True, False]
    assert words.is_last_look
