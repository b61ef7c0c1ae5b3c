"""Questions come apart where they ask for several things, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.memory.recall.parts import MOST_PARTS, parts


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Where do I work?", "Where do I work?"),
        ("Where is Tom and what is it called?", "Where is Tom | what is it called?"),
        ("Where do I work? Who is Eva?", "Where do I work? | Who is Eva?"),
        ("When did I move, how and why?", "When did I move"),
        ("Wo wohnt Tom und wie heißt sein Hund?", "Wo wohnt Tom | wie heißt sein Hund?"),
        ("Wer ist mein Arzt, und wann kommt Eva?", "Wer ist mein Arzt | wann kommt Eva?"),
        ("What do Anna and Tom like?", "What do Anna like? | What do Tom like?"),
        ("Was mag Anna, Tom und Eva?", "Was mag Anna? | Was mag Tom? | Was mag Eva?"),
        ("Age of my dog, my cat and my aunt?", "Age of my dog? | Age of my cat? | Age of my aunt?"),
        ("1. Where is the key? 2. Who drives?", "Where is the key? | Who drives?"),
        ("Please tell me:\n- my blood type\n- my dentist", "my blood type | my dentist"),
        ("I like black and white films", "I like black and white films"),
        ("Salt and pepper", "Salt and pepper"),
    ],
)
def test_several_things_are_asked_one_by_one(question: str, asked: str) -> None:
    assert " | ".join(each.text for each in parts(question)) == asked


def test_words_that_point_take_along_what_they_point_to() -> None:
    bought, kept = parts("When did Nora buy the telescope, and where does she keep it?")
    assert bought.carried == ()
    assert kept.whole == "where does she keep it? nora buy telescope"


def test_the_thread_says_what_the_first_words_point_to() -> None:
    (asked,) = parts("And where does she live?", ["Hi", "My sister is called Priya."])
    assert "priya" in asked.carried
    assert parts("Where does Emil live?", ["My sister is called Priya."])[0].carried == ()


def test_a_question_without_words_of_its_own_asks_of_the_thread() -> None:
    (asked,) = parts("And why?", ["Nora sold the telescope"])
    assert asked.carried == ("nora", "sold", "telescope")


def test_of_very_many_things_the_first_and_the_last_are_asked() -> None:
    asked = parts("\n".join(f"Where is thing{number}?" for number in range(200)))
    assert len(asked) == MOST_PARTS
    assert "thing0" in asked[0].text
    assert "thing199" in asked[-1].text


@given(st.text(), st.lists(st.text(), max_size=2))
def test_any_text_has_parts(question: str, thread: list[str]) -> None:
    assert 1 <= len(parts(question, thread)) <= MOST_PARTS
