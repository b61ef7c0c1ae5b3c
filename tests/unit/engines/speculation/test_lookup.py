"""Looking up what followed before: right places, never across documents, at a fixed price."""

from hypothesis import given
from hypothesis import strategies as st

from app.engines.speculation.lookup import GAP, LONGEST, PLACES, SIZES, Lookup, SuffixIndex

TEXT = st.lists(st.integers(0, 5), max_size=60)


def test_what_followed_is_proposed_with_its_evidence() -> None:
    guess = Lookup().guess([1, 2, 3, 4, 5, 9, 1, 2, 3], 4)
    assert guess.tokens == (4, 5, 9, 1)
    assert guess.evidence == (3, 4, 5, 6)


def test_nothing_is_proposed_for_a_text_without_repetition() -> None:
    assert Lookup().guess(list(range(50)), 8).tokens == ()
    assert Lookup().guess([], 8).tokens == ()


def test_the_longest_match_wins_over_the_latest() -> None:
    tokens = [7, 1, 2, 3, 50, 8, 2, 3, 60, 7, 1, 2, 3]
    assert Lookup().guess(tokens, 1).tokens == (50,)


def test_the_latest_of_equal_matches_wins() -> None:
    assert Lookup().guess([1, 2, 50, 9, 1, 2, 60, 9, 1, 2], 1).tokens == (60,)


def test_documents_are_looked_up_and_end_where_they_end() -> None:
    lookup = Lookup([[1, 2, 3, 4], [5, 6]])
    assert lookup.guess([9, 1, 2, 3], 9).tokens == (4,)
    assert Lookup([[1, 2], [3, 4]]).guess([1, 2], 9).tokens == ()


@given(TEXT, st.integers(1, 8))
def test_a_guess_is_what_followed_the_same_tokens(tokens: list[int], limit: int) -> None:
    guess = Lookup().guess(tokens, limit)
    if not guess.tokens:
        return
    length = guess.evidence[0]
    end = tokens[len(tokens) - length :]
    places = [at for at in range(len(tokens)) if tokens[at - length : at] == end and at >= length]
    assert any(tuple(tokens[at : at + len(guess.tokens)]) == guess.tokens for at in places)
    assert len(guess.tokens) <= limit


@given(st.lists(TEXT, max_size=4), st.integers(1, 6))
def test_growing_step_by_step_is_the_same_as_at_once(parts: list[list[int]], limit: int) -> None:
    grown, text = Lookup(), [0]
    for part in parts:
        text += part
        found = grown.guess(text, limit)
        assert found == Lookup().guess(text, limit)


@given(TEXT)
def test_a_token_costs_a_fixed_number_of_entries(tokens: list[int]) -> None:
    index = SuffixIndex()
    index.extend(tokens)
    assert len(index) == len(tokens)
    assert len(index._places) <= len(SIZES) * max(1, len(tokens))
    assert all(len(places) <= PLACES for places in index._places.values())
    assert index.find()[1] <= LONGEST
    assert GAP not in index.following(0, 100)
