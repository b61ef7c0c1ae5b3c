"""A question as it is kept: sound numbers only, whatever a row says."""

from math import inf, nan

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.router.hashing import SIZE, grams
from app.orchestration.router.lexical import WIDTH
from app.orchestration.router.seen import FARTHEST, seen

NUMBERS = [0.5] * WIDTH
anything = st.floats(allow_nan=True, allow_infinity=True)


@given(
    st.lists(anything, max_size=30),
    st.lists(st.tuples(st.integers(-(2**40), 2**40), anything), max_size=40),
    st.lists(anything, max_size=40),
)
def test_nothing_from_a_row_spoils_it(
    numbers: list[float], found: list[tuple[int, float]], embedding: list[float]
) -> None:
    kept = seen("facts", numbers, found, embedding)
    assert kept.numbers.shape == (WIDTH,)
    assert np.all(np.abs(kept.numbers) <= FARTHEST)
    assert np.all(np.abs(kept.values) <= 1)
    assert np.all(kept.places < SIZE)
    length = float(np.linalg.norm(kept.embedding))
    assert kept.embedding.size == 0 or abs(length - 1) < 1e-3


def test_what_is_no_number_counts_nothing() -> None:
    kept = seen("facts", [nan, *NUMBERS[1:]], [(3, nan), (4, 0.5)], [nan, 1.0])
    assert kept.numbers[0] == 0
    assert kept.values.tolist() == [0.0, 0.5]
    assert kept.embedding.size == 0
    assert seen("facts", NUMBERS, [], [inf, 1.0]).embedding.size == 0
    assert seen("facts", [1.0, 2.0], []).numbers.tolist() == [0.0] * WIDTH


def test_the_same_words_have_the_same_mark() -> None:
    one, other = grams("Name a river"), grams("Name a town")
    assert seen("facts", NUMBERS, one).mark == seen("other", [0.0] * WIDTH, one).mark
    assert seen("facts", NUMBERS, one).mark != seen("facts", NUMBERS, other).mark


def test_a_family_is_counted_where_no_other_is() -> None:
    places = {seen(family, NUMBERS, []).family_place for family in ("math", "code", "facts")}
    assert len(places) == 3
