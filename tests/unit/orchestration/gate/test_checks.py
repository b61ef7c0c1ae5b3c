"""Faults that need no knowledge of the matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.orchestration.escalation import Cause
from app.orchestration.gate.checks import fault, is_refusal
from app.orchestration.question import Question


def asked(text: str) -> Question:
    return Question(text, (ChatMessage(role="user", content=text or "x"),))


def cause(question: str, answer: str, reason: str = "stop", family: str = "other") -> Cause | None:
    found = fault(asked(question), family, answer, reason, capped=False)
    return found[0] if found else None


@pytest.mark.parametrize("answer", ["4", "Tokyo", "!", "Yes.", "1, 2, 3, 4, 5, 6, 7, 8, 9"])
def test_short_answers_are_answers(answer: str) -> None:
    assert cause("What?", answer) is None


@pytest.mark.parametrize("answer", ["", " \n\t"])
def test_nothing_is_empty(answer: str) -> None:
    assert cause("What?", answer) is Cause.EMPTY


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but I can't help with that.",
        "I\u2019m afraid I cannot do that",
        "As an AI language model, I",
        "I don't know.",
        "Das kann ich leider nicht beantworten.",
        "Das weiß ich nicht.",
        "Lo siento, no puedo",
        "Desculpe, não posso ajudar.",
        "Ik weet het niet.",
        "Nie mogę tego zrobić.",
        "Я не знаю.",
    ],
)
def test_refusals(answer: str) -> None:
    assert is_refusal(answer)
    assert cause("What?", answer) is None  # it may be right


@pytest.mark.parametrize(
    "answer", ["I can help with that.", "Sorry for the delay. The answer is 4.", "I know."]
)
def test_other_words_are_no_refusal(answer: str) -> None:
    assert not is_refusal(answer)


def test_an_end_at_the_limit_counts_unless_it_was_wished() -> None:
    assert cause("Tell me", "Once upon", "length") is Cause.CUT_OFF
    assert fault(asked("Tell me"), "other", "Once upon", "length", capped=True) is None


def test_an_echo_says_nothing() -> None:
    question = "Why do the leaves of most trees change their colour in autumn every year?"
    assert cause(question, question) is Cause.EMPTY
    assert cause(question, question, family="rewrite") is None
    assert cause("Say hello", "Say hello") is None


def test_loops_and_languages() -> None:
    assert cause("Tell me", "round " * 60) is Cause.LOOP
    assert cause("Tell me", "a b c", "loop") is Cause.LOOP
    german = "Das ist nicht der Hund, und ich kann auch nicht sagen, was es ist."
    found = fault(asked("What is this and who are you?"), "chat", german, "stop", capped=False)
    assert found == (Cause.LANGUAGE, "Answer in English.")


@given(st.text(max_size=200), st.text(max_size=400), st.sampled_from(["stop", "length", ""]))
def test_anything_can_be_judged(question: str, answer: str, reason: str) -> None:
    fault(asked(question), "chat", answer, reason, capped=False)
