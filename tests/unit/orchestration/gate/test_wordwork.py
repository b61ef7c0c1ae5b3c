"""Order, spelling, quotations: checked from the question alone."""

import pytest

from app.domain.chat import ChatMessage
from app.orchestration.gate.grounding import numbers, quotes
from app.orchestration.gate.lengths import length
from app.orchestration.gate.wordwork import backwards, letters, one_word, ordered
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


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("How many letters are in the word storm?", "5", 1),
        ("How many letters does the word 'storm' have?", "It has five letters.", 1),
        ("How many letters does the word 'storm' have?", "It has six letters.", -1),
        ("Wie viele Buchstaben hat das Wort Haus?", "Vier.", 1),
        ("How many times does the letter r appear in strawberry?", "3", 1),
        ("How many r's are in strawberry?", "There are two.", -1),
        ("Wie oft kommt der Buchstabe e in Erdbeere vor?", "4", 1),
        ("How many letters are in English?", "26", 0),
        ("How many letters did you write?", "Three", 0),
        ("How many letters are in the word storm?", "5 or 6", 0),
        ("How many letters are in the word storm?", "Many", 0),
    ],
)
def test_letters_are_counted_again(question: str, answer: str, verdict: int) -> None:
    assert letters(asked(question), answer)[0] == verdict


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("Describe a fox in at most five words.", "A small red hunter.", 1),
        ("Describe a fox in at most five words.", "It is a small red hunter of mice.", -1),
        ("What is rain? Explain in exactly 3 words.", "Water from clouds.", 1),
        ("Say it in fewer than 4 words.", "One two three four", -1),
        ("Erkläre Regen in höchstens drei Wörtern.", "Wasser aus Wolken", 1),
        ("Antworte mit genau 2 Worten: warum?", "Darum", -1),
        ("List fruits. Use exactly 2 bullet points.", "- fig\n- pear", 1),
        ("Write at least 3 lines.", "a\nb", -1),
        ("Describe a fox in about five words.", "It is a small red hunter of mice.", 0),
        ("He said it in two words: go away. Why?", "Because he was angry.", 0),
        ("Answer in 3 words. Then say it in 5 words.", "a b c", 0),
        ("Answer in one word: why?", "Because of it", 0),
        ("How many words are in at most a page?", "Many", 0),
    ],
)
def test_length_is_kept(question: str, answer: str, verdict: int) -> None:
    assert length(asked(question), answer)[0] == verdict
