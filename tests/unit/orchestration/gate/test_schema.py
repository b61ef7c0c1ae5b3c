"""What does not fit a schema is named; what is not known of a schema is let be."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.gate.schema import mismatch

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "schema", "words"),
    [
        (1, {"type": "integer"}, ""),
        (1.0, {"type": "integer"}, ""),
        (1.5, {"type": "integer"}, "no integer"),
        (True, {"type": "integer"}, "no integer"),
        (None, {"type": ["string", "null"]}, ""),
        (3, {"type": ["string", "null"]}, "no string or null"),
        (3, {"minimum": 4}, "less than 4"),
        ("abc", {"maxLength": 2}, "more than 2"),
        ([1], {"minItems": 2}, "less than 2"),
        ("a", {"enum": ["b"]}, "none of"),
        ("a", {"const": "b"}, "is not"),
        ({}, {"required": ["a"]}, "'a' is missing"),
        ({"b": 1}, {"properties": {}, "additionalProperties": False}, "'b' is not allowed"),
        ({"b": 1}, {"additionalProperties": {"type": "string"}}, "'b' is no string"),
        ({"a": [1, "x"]}, {"properties": {"a": {"items": {"type": "integer"}}}}, "entry 2 of 'a'"),
        (float("inf"), {"type": "integer"}, "no integer"),
        (3, {"type": "unheard-of"}, ""),
    ],
)
def test_known_words(value: Any, schema: dict[str, Any], words: str) -> None:
    found = mismatch(value, schema)
    assert words in found
    assert bool(found) == bool(words)


@given(ANY, st.dictionaries(st.sampled_from(["type", "enum", "items", "required", "minimum"]), ANY))
def test_any_schema_can_be_given(value: Any, schema: dict[str, Any]) -> None:
    assert isinstance(mismatch(value, schema), str)
