"""Forms are checked without running anything and without getting stuck."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.orchestration.gate.forms import (
    LONGEST,
    described_schema,
    fenced,
    fences,
    json_form,
    python_form,
)
from app.orchestration.question import Question

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name"],
}


def asked(text: str, schema: dict[str, Any] | None = None) -> Question:
    return Question(text, (ChatMessage(role="user", content=text),), schema=schema)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ('{"name": "Anna", "age": 5}', 1),
        ('```json\n{"name": "Anna"}\n```', 1),
        ('{"age": 5}', -1),
        ('{"name": "Anna", "age": "five"}', -1),
        ('{"name": "Anna"', -1),
        ("Anna", -1),
    ],
)
def test_json_of_a_schema(answer: str, verdict: int) -> None:
    assert json_form(asked("Who?", SCHEMA), answer)[0] == verdict
    described = asked(f"Return it as JSON to the schema: {json.dumps(SCHEMA)}")
    assert json_form(described, answer)[0] == verdict


def test_json_is_judged_only_where_it_was_asked_for() -> None:
    assert json_form(asked("Give me JSON"), "[1]")[0] == 1
    assert json_form(asked("Give me JSON"), "no")[0] == -1
    assert json_form(asked("What is JSON?"), "A format.")[0] == 0
    assert json_form(asked("Who?"), "{")[0] == 0
    assert described_schema('The value {"type": 3} is none') is None


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("```python\ndef f():\n    return 1\n```", 1),
        ("```py\ndef f(:\n```", -1),
        ("```python\nx = '\\d'\n```", 1),
        ("```\nno python\n```", 0),
        ("Just words.", 0),
        ("def f():\n    return 1", 1),
        ("def f():\nreturn 1", -1),
    ],
)
def test_python_compiles(answer: str, verdict: int) -> None:
    assert python_form(asked("Write a Python function"), answer)[0] == verdict


def test_fences_are_closed() -> None:
    assert fences(asked("x"), "```\na\n```\n")[0] == 1
    assert fences(asked("x"), "```\na\n")[0] == -1
    assert fences(asked("x"), "a")[0] == 0


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 100_000,
        "```python\n" + "(" * 100_000 + "\n```",
        '{"a": ' * 5_000 + "1" + "}" * 5_000,
        "9" * 1_000_000,
        "```python\nx = " + "9" * 100_000 + "\n```",
        "```python\n" + "a" * (LONGEST + 1) + "\n```",
        "```x\n" * 50_000,
        "\x00",
        "```python\n\x00\n```",
    ],
)
def test_hostile_answers_are_no_danger(hostile: str) -> None:
    question = asked("JSON and Python please", SCHEMA)
    for check in (json_form, python_form, fences):
        assert check(question, hostile)[0] in (-1, 0, 1)


@given(st.text(max_size=200))
def test_blocks_are_found_in_any_text(text: str) -> None:
    for name, code in fenced(text):
        assert name in text
        assert code in text.replace("\r\n", "\r\n")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9))
def test_whatever_is_json_is_valid(value: Any) -> None:
    assert json_form(asked("JSON please"), json.dumps(value))[0] >= 0
