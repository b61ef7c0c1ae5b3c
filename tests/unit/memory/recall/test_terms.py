"""Any text becomes words a search can be made of."""

from hypothesis import given
from hypothesis import strategies as st

from app.memory.recall.terms import MOST_TERMS, any_of, quoted, terms


def test_words_that_say_nothing_are_dropped() -> None:
    assert terms("What is the name of my dog?") == ("name", "dog")
    assert terms("Wie heißt mein Hund?") == ("heißt", "hund")
    assert terms("Où est la clé de ma cave ?") == ("clé", "cave")
    assert terms("¿Cuándo es la boda?") == ("boda",)


def test_a_word_counts_once() -> None:
    assert terms("Dog, dog, DOG and cat") == ("dog", "cat")


def test_of_many_words_names_and_long_ones_are_kept_in_their_order() -> None:
    text = " ".join(["tiny"] + [f"ordinary{number}" for number in range(20)] + ["Nora", "1984"])
    found = terms(text)
    assert len(found) == MOST_TERMS
    assert found[-2:] == ("nora", "1984")
    assert "tiny" not in found


def test_words_are_quoted() -> None:
    assert quoted('a"b') == '"a""b"'
    assert any_of(["one", "NEAR"]) == '"one" OR "NEAR"'


def test_a_pasted_book_is_not_read_to_its_end() -> None:
    assert "needle" in terms("x" * 3_000_000 + " needle", most=50)


@given(st.text())
def test_words_are_words(text: str) -> None:
    assert all(each and '"' not in each for each in terms(text))
    assert len(terms(text)) <= MOST_TERMS
