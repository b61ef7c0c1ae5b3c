"""Questions nobody would ask: what is seen of them stays bounded, and nothing raises."""

import time
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.domain.routing import FAMILIES
from app.orchestration.question import Question
from app.orchestration.router.families import family_of
from app.orchestration.router.hashing import MOST_WORDS, SIZE, grams
from app.orchestration.router.lexical import WIDTH, lexical
from app.orchestration.router.seen import seen
from tests.unit.orchestration.router.stage import router

MEGABYTE = 1_000_000
# Processor time; a question takes a few milliseconds, what is not bounded seconds.
MOST_S = 0.25
KINDS = (
    "word ",
    "\0",
    "\ud800",
    "שלום עולם ",
    "\u202e\u2066abc\u2069",
    "🦊👩‍👩‍👧‍👦",
    "?!.,;:",
    "((((",
    "\n",
    " ",
    "1+",
    "9",
    "`",
    "```python\n",
    "def f(",
    '{"a": ',
    "how many ",
    "e\u0301",
    "\u00df\u0130",
    "write the code, ",
    "Anna: 5\n",
    "A.",
)


def look(question: Question) -> None:
    """See all there is to see, and check that it is sound."""
    assert family_of(question) in FAMILIES
    numbers, found = lexical(question), grams(question.text)
    assert len(numbers) == WIDTH
    assert all(isfinite(each) and abs(each) < 100 for each in numbers)
    assert len(found) <= 2 * MOST_WORDS
    assert all(0 <= at < SIZE and 0 < weight <= 1 for at, weight in found)
    seen(family_of(question), numbers, found)


def asked(text: str, *before: str) -> Question:
    thread = (*before, text)
    return Question(text, tuple(ChatMessage(role="user", content=each) for each in thread))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [1, 400, 4000, MEGABYTE])
def test_any_size_of_anything_is_looked_at_in_no_time(kind: str, size: int) -> None:
    question = asked((kind * (size // len(kind) + 1))[:size])
    began = time.process_time()
    look(question)
    assert time.process_time() - began < MOST_S


@pytest.mark.parametrize("last", ["And of Chile?", "What is my name?", "what about it"])
def test_ten_thousand_messages_are_looked_at_in_no_time(last: str) -> None:
    question = asked(last, *(["And then?", "x" * 500] * 5000))
    began = time.process_time()
    look(question)
    assert time.process_time() - began < MOST_S


text = st.text(st.characters(), max_size=300)  # half characters among them
spoilt = st.lists(st.one_of(st.sampled_from(KINDS), text), max_size=30).map("".join)


@settings(deadline=None, max_examples=60)
@given(spoilt, st.lists(spoilt, max_size=4))
def test_nothing_a_question_holds_is_a_mistake(last: str, before: list[str]) -> None:
    look(asked(last, *before))


@settings(deadline=None, max_examples=40)
@given(spoilt, spoilt)
def test_a_system_prompt_may_hold_anything(system: str, last: str) -> None:
    thread = (ChatMessage(role="system", content=system), ChatMessage(role="user", content=last))
    look(Question(last, thread))


@pytest.mark.parametrize("kind", ["\ud800", "\0", "🦊", "word "])
def test_a_plan_is_made_for_anything(kind: str) -> None:
    for size in (1, 100):
        plan = router().plan([ChatMessage(role="user", content=kind * size)])
        assert "nobody could be weighed" not in plan.reason
