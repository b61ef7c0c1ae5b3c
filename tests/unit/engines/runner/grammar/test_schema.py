"""Schemas become grammars: whatever a model makes of them is valid, and what is valid fits."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engines.runner.failures import Refused
from app.engines.runner.grammar.native import Grammar
from app.engines.runner.grammar.schema import schema_grammar
from app.engines.runner.model import Model
from tests.unit.engines.runner.grammar.judge import follows

ENOUGH = 1500


def whole(piece: bytes) -> bool:
    """Whether it ends with a character; the library lets nearly any bytes follow half of one."""
    return piece.decode("utf-8", "ignore").encode() == piece


def written(model: Model, grammar: str, seed: int) -> str | None:
    """What a model with random weights and a liking for endings writes; None if it never ends."""
    state = Grammar.of(model, grammar)
    random = np.random.default_rng(seed)
    tokens = np.arange(model.n_vocab, dtype=np.int32)
    spelled = [model.piece(token) for token in range(model.n_vocab)]
    halves = np.array([not whole(piece) for piece in spelled])
    endings = np.array([piece in b'"}]0 null' for piece in spelled])
    pieces: list[bytes] = []
    while len(pieces) < ENOUGH:
        allowed = state.allows(tokens)
        assert allowed.any()
        allowed &= ~halves if (allowed & ~halves).any() else halves
        liked = allowed & endings
        tempted = liked.any() and random.random() < 0.4
        chosen = int(random.choice(tokens[liked if tempted else allowed]))
        if model.ends(chosen):
            return b"".join(pieces).decode()
        assert state.accept(chosen)
        pieces.append(model.piece(chosen, special=True))
    return None


def fits(model: Model, grammar: str, text: str) -> bool:
    state = Grammar.of(model, grammar)
    tokens = model.tokenize(text, add_special=False, parse_special=False)
    return all(state.accept(token) for token in tokens) and bool(
        state.allows(np.array([model.eos], np.int32))[0]
    )


names = st.sampled_from(["a", "ab", "b", "name", "x y", 'q"t', "ü", "value", "root"])
counts = st.integers(0, 4)
bounds = st.integers(-1500, 1500)


def ranged(
    low: str, high: str, values: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    pair = st.tuples(values, values).map(sorted)
    return pair.map(lambda two: {low: two[0], high: two[1]}) | values.map(lambda one: {low: one})


def closed(low: str, high: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(counts, counts).map(sorted).map(lambda two: {low: two[0], high: two[1]})


strings = st.one_of(
    closed("minLength", "maxLength"),
    st.sampled_from(
        [
            {"pattern": r"^[a-c]{2,4}$"},
            {"pattern": r"^\d{1,3}(\.\d+)?$"},
            {"pattern": r'^("|\\|\w)-.[^a\s]$'},
            {"pattern": r"^(?:yes|no|)$"},
            {"format": "date"},
            {"format": "date-time"},
            {"format": "time"},
        ]
    ),
).map(lambda rest: {"type": "string", **rest})
numbers = st.one_of(
    ranged("minimum", "maximum", bounds).map(lambda rest: {"type": "integer", **rest}),
    ranged("minimum", "maximum", bounds).map(lambda rest: {"type": "number", **rest}),
    bounds.map(lambda low: {"type": "number", "exclusiveMinimum": low, "maximum": low + 1}),
    bounds.map(lambda high: {"type": "integer", "exclusiveMaximum": high}),
    st.just({"type": "number"}),
)
constants = st.lists(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.just(1.5)),
    min_size=1,
    max_size=3,
).map(lambda values: {"enum": values})
simple = st.one_of(
    strings,
    numbers,
    constants,
    st.sampled_from([{"type": "boolean"}, {"type": ["null", "integer"]}]),
)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda properties, required, extra: {
            "type": "object",
            "properties": properties,
            "required": required,
            **({} if extra is None else {"additionalProperties": extra}),
        },
        st.dictionaries(names, inner, max_size=4),
        st.lists(names, max_size=3),
        st.just(True) | inner,
    )


def arrays(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda items, first, count: {
            "type": "array",
            "items": items,
            "prefixItems": first,
            **count,
        },
        inner,
        st.lists(inner, max_size=2),
        closed("minItems", "maxItems"),
    )


schemas = st.recursive(
    simple,
    lambda inner: st.one_of(
        objects(inner),
        arrays(inner),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"anyOf": each}),
        st.tuples(objects(inner)).map(lambda one: {"allOf": [one[0], {"title": "x"}]}),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(schema=schemas, seed=st.integers(0, 2**32))
def test_what_a_model_writes_is_valid(model: Model, schema: dict[str, Any], seed: int) -> None:
    text = written(model, schema_grammar(schema), seed)
    if text is not None:
        assert follows(json.loads(text), schema), text


PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "age": {"type": ["integer", "null"], "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
        "friend": {"$ref": "#"},
    },
    "required": ["name", "age"],
}
TREE = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {"v": {"type": "number"}, "next": {"$ref": "#/$defs/node"}},
            "required": ["v"],
            "additionalProperties": {"type": "boolean"},
        }
    },
    "anyOf": [{"$ref": "#/$defs/node"}, {"const": None}],
}
LONG = {"type": "string", "minLength": 600, "maxLength": 1403}
EXAMPLES: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    (
        PERSON,
        [
            {"name": "Ä", "age": 4},
            {"name": "A", "age": None, "tags": ["x", "y"], "friend": {"name": "B", "age": 0}},
        ],
        [{"name": "", "age": 4}, {"age": 4}, {"name": "A", "age": -1}, {"age": 4, "name": "A"}],
    ),
    (
        TREE,
        [None, {"v": 1.5}, {"v": -2, "next": {"v": 3e10}, "w": True, "nex": False}],
        [{"next": None}, {"v": 1, "w": 1}, {"v": 1, "next": True}],
    ),
    (LONG, ["x" * 600, "x" * 1000, "x" * 1403], ["x" * 599, "x" * 1404]),
    (
        {"minItems": 1, "prefixItems": [{"const": 1}, {"const": 2}], "items": False},
        [[1], [1, 2]],
        [[], [2], [1, 2, 3]],
    ),
    ({"enum": [1, "a", {"b": [1]}], "type": ["string", "object"]}, ["a", {"b": [1]}], [1]),
    ({"type": "object", "properties": {}, "additionalProperties": False}, [{}], [{"a": 1}]),
    ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [[1, 2, 3]], [[1], ["a"]]),
    ({"type": "string", "format": "uuid"}, ["00000000-1111-2222-3333-444444444444"], ["x"]),
    ({"type": "string", "format": "ipv4"}, ["127.0.0.1"], ["256.0.0.1"]),
    ({"oneOf": [{"type": "boolean"}, {"type": "integer", "maximum": 5}]}, [True, 5], [6, "a"]),
    ({"required": ["a"], "properties": {"b": True}}, [{"b": [1], "a": 2}], [{"b": 1}]),
    ({}, [1, "a", [], {"a": {"b": None}}], []),
]


@pytest.mark.parametrize(("schema", "valid", "invalid"), EXAMPLES)
def test_what_is_valid_fits_and_what_is_not_does_not(
    model: Model, schema: dict[str, Any], valid: list[Any], invalid: list[Any]
) -> None:
    grammar = schema_grammar(schema)
    for value in valid:
        text = json.dumps(value, ensure_ascii=False).replace("30000000000.0", "3e10")
        assert follows(value, schema)
        assert fits(model, grammar, text), text
    for value in invalid:
        assert not fits(model, grammar, json.dumps(value, ensure_ascii=False)), value


def test_any_space_between_the_parts_fits(model: Model) -> None:
    grammar = schema_grammar(PERSON)
    for indent in (None, 0, 2):
        assert fits(model, grammar, json.dumps({"name": "A", "age": 1}, indent=indent))


@pytest.mark.parametrize(
    ("schema", "word"),
    [
        ({"not": {}}, "not"),
        ({"type": "array", "uniqueItems": True}, "uniqueItems"),
        ({"type": "object", "patternProperties": {"a": {}}}, "patternProperties"),
        ({"type": "integer", "multipleOf": 3}, "multipleOf"),
        ({"type": "number", "minimum": 0.5}, "minimum"),
        ({"type": "number", "minimum": 3, "maximum": 2}, "minimum"),
        ({"type": "integer", "exclusiveMinimum": 3, "maximum": 3}, "minimum"),
        ({"type": "string", "pattern": "(?=a)"}, "pattern"),
        ({"type": "string", "pattern": "a", "minLength": 2}, "pattern"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "minLength"),
        ({"type": "array", "minItems": -1}, "minItems"),
        ({"type": "strange"}, "type"),
        ({"enum": []}, "enum"),
        ({"enum": [1], "type": "string"}, "enum"),
        ({"enum": ["a"], "minLength": 1}, "minLength"),
        ({"$ref": "other.json"}, r"\$ref"),
        ({"$ref": "#/nowhere"}, r"\$ref"),
        ({"properties": {"a": {"$ref": "#/properties/a", "type": "string"}}}, r"\$ref"),
        ({"allOf": [{"minimum": 1}, {"minimum": 2}]}, "minimum"),
        ({"anyOf": []}, "anyOf"),
        ({"required": ["a"], "properties": {}, "additionalProperties": False}, "required"),
        ({"properties": {"a": 5}}, "schema"),
        (5, "schema"),
    ],
)
def test_what_cannot_be_followed_is_named(schema: Any, word: str) -> None:
    with pytest.raises(Refused, match=f"'{word}'") as caught:
        schema_grammar(schema)
    assert (caught.value.status, caught.value.code) == (400, "unsupported_schema")


def test_a_reference_that_only_leads_back_is_refused(model: Model) -> None:
    again = {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}
    schema = {"$defs": {"a": again}, "$ref": "#/$defs/a"}
    with pytest.raises(Refused, match="leads back"):
        Grammar.of(model, schema_grammar(schema))
