"""Order, spelling, quotations: checked from the question alone."""

import pytest

from app.domain.chat import ChatMessage
from app.orchestration.gate.grounding import numbers, quotes
from app.orchestration.gate.wordwork import backwards, one_word, ordered
from app.orchestration.question import Question


def asked(text: str, *before: str) -> Question:
    said = tuple(ChatMessage(role="user", content=each) for each in (*before, text))
    return Question(text, said)


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("Sort these words by length: fig, banana, apple", "fig, apple, banana", 1),
        ("Sort these words by length: fig, banana, apple", "fig 3\nfig, apple, banana.", 1),
        ("Sort these words by length: fig, banana, apple", "fig, banana, apple", -1),
        ("Sort these words by length: fig, banana, apple", "fig, apple", -1),
        ("Sort by length, longest first: fig, banana, apple", "banana, apple, fig", 1),
        ("Ordne nach der Länge: Ei, Apfel und Brot", "Ei, Brot, Apfel", 1),
        ("Sort alphabetically: pear, apple", "apple, pear", 1),
        ("Sort alphabetically by length: pear, apple", "pear, apple", 0),
        ("Sort the numbers", "1, 2", 0),
        ("What sort of fruit is a fig, or a banana?", "sweet", 0),
    ],
)
def test_order(question: str, answer: str, verdict: int) -> None:
    assert ordered(asked(question), answer)[0] == verdict


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("Reverse the word apple", "elppa", 1),
        ("Reverse the word apple", "a-p\nelpa", -1),
        ("Please spell backwards: storm", "mrots", 1),
        ("Reverse this list of words: a b c", "c b a", 0),
    ],
)
def test_backwards(question: str, answer: str, verdict: int) -> None:
    assert backwards(asked(question), answer)[0] == verdict


def test_one_word() -> None:
    assert one_word(asked("Answer in one word: why?"), "Because")[0] == 1
    assert one_word(asked("Answer in one word: why?"), "Because of it")[0] == -1
    assert one_word(asked("Why?"), "Because of it")[0] == 0


GIVEN = "The old mill stands by the river. It was built in 1820 and has 3 floors. " * 2


def test_quotations_stand_in_what_was_given() -> None:
    question = asked("Quote the sentence about the mill.", GIVEN)
    assert quotes(question, 'It says "The old mill stands by the river".')[0] == 1
    assert quotes(question, 'It says "The new mill stands by the road".')[0] == -1
    assert quotes(question, 'It is called "Old Mill".')[0] == 0
    assert quotes(question, '{"text": "The new mill stands by the road"}')[0] == 0
    assert quotes(asked("Quote it."), 'It says "something nobody gave".')[0] == 0


def test_numbers_stand_in_what_was_given() -> None:
    question = asked("When was it built?", GIVEN)
    assert numbers(question, "In 1820.")[0] == 1
    assert numbers(question, "In 1830.")[0] == -1
    assert numbers(question, "Long ago.")[0] == 0
