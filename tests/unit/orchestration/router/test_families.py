"""Kinds of tasks are told from ordinary questions in two languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.domain.routing import FAMILIES
from app.orchestration.question import Question
from app.orchestration.router.families import family_of

TEXT = "The mill stands by the river. It was built long ago by two brothers from the north. "


def asked(text: str, *before: str, **more: object) -> Question:
    thread = [ChatMessage(role="user", content=each) for each in before]
    thread.append(ChatMessage(role="user", content=text or " "))
    return Question(text, tuple(thread), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Hello!", "chat"),
        ("Guten Morgen, wie geht es dir?", "chat"),
        ("Thanks, that helped.", "chat"),
        ("What is the capital of Peru?", "facts"),
        ("Wer hat das Telefon erfunden?", "facts"),
        ("What is 17 * 23?", "math"),
        ("Was ist 12 mal 12?", "math"),
        ("Calculate the sum of 12 and 30.", "math"),
        ("Write a Python function that reverses a list.", "code"),
        ("Why does this fail?\nTraceback (most recent call last):\n  File", "code"),
        ("Schreibe eine Funktion, die Primzahlen zählt.", "code"),
        ("Give me a JSON object with name and age.", "structured"),
        ("List the planets as a table.", "structured"),
        (f"Rewrite this text in simple words: {TEXT * 2}", "rewrite"),
        (f"Translate: {TEXT}", "rewrite"),
        (f"Which sentence mentions the river? {TEXT}", "document"),
        (f"{TEXT * 3} When was it built?", "document"),
        ("Sort these words: pear, apple, fig", "words"),
        ("How many letters are in strawberry?", "words"),
        ("What is my name?", "known"),
        ("Wie alt bin ich?", "known"),
        ("Purple monkeys sleep.", "other"),
    ],
)
def test_ordinary_questions(text: str, family: str) -> None:
    assert family_of(asked(text)) == family


def test_the_thread_and_what_is_given_count() -> None:
    assert family_of(asked("What was my first question?", "Hello")) == "earlier"
    assert family_of(asked("What time is it?", tools=True)) == "tools"
    assert family_of(asked("Anna, five", schema={"type": "object"})) == "structured"


@given(st.text(max_size=500))
def test_every_text_has_a_kind(text: str) -> None:
    assert family_of(asked(text)) in FAMILIES


def test_a_book_is_looked_at_quickly_and_by_its_edges() -> None:
    assert family_of(asked("Summarize: " + TEXT * 20_000)) == "rewrite"
