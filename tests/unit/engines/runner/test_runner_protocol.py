"""Requests: good ones are understood, bad ones refused with the place of the mistake."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from app.engines.runner.chatting import ChatBody
from app.engines.runner.failures import Refused
from app.engines.runner.protocol import (
    CompletionBody,
    EmbeddingBody,
    TokenizeBody,
    parse,
)

HELLO = [{"role": "user", "content": "hello"}]


def chat(**fields: object) -> ChatBody:
    return parse(ChatBody, json.dumps({"messages": HELLO, **fields}).encode())


def test_all_fields_arrive() -> None:
    body = chat(max_tokens=5, temperature=0.5, top_k=3, seed=9, stop="x", logprobs=True)
    sampling = body.sampling(100)
    assert (sampling.max_tokens, sampling.temperature, sampling.top_k) == (5, 0.5, 3)
    assert (sampling.seed, sampling.stop, body.scored) == (9, ("x",), True)


def test_an_answer_fits_into_the_room() -> None:
    assert chat(max_tokens=500).sampling(100).max_tokens == 100
    assert chat().sampling(100).max_tokens == 100


def test_a_seed_is_drawn_where_none_is_given() -> None:
    assert chat().sampling(10).seed != chat().sampling(10).seed


def test_parts_of_a_message_are_joined_and_unknown_fields_ignored() -> None:
    parts = [{"type": "text", "text": "hel"}, {"type": "text", "text": "lo"}]
    body = chat(messages=[{"role": "user", "content": parts, "name": "x"}], user="somebody")
    assert body.messages[0].plain() == HELLO[0]


@pytest.mark.parametrize(
    ("fields", "scored", "alternatives"),
    [
        ({}, False, 0),
        ({"logprobs": False, "top_logprobs": 3}, False, 3),
        ({"logprobs": True, "top_logprobs": 3}, True, 3),
        ({"logprobs": 0}, True, 0),
        ({"logprobs": 5}, True, 5),
    ],
)
def test_scores_are_asked_for_in_two_dialects(
    fields: dict[str, object], scored: bool, alternatives: int
) -> None:
    body = chat(**fields)
    assert (body.scored, body.alternatives) == (scored, alternatives)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "messages.0.role"),
        ({"messages": [{"role": "user"}]}, "messages.0.content"),
        ({"temperature": -1}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"top_p": 0}, "top_p"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"stop": [""]}, "stop"),
        ({"n": 99}, "n"),
        ({"top_logprobs": 99}, "top_logprobs"),
        ({"seed": -4}, "seed"),
    ],
)
def test_mistakes_are_named(fields: dict[str, object], place: str) -> None:
    with pytest.raises(Refused, match=place) as caught:
        chat(**fields)
    assert (caught.value.status, caught.value.code) == (400, "invalid_request")


def test_embeddings_take_texts_and_tokens() -> None:
    for given_input in ("a", ["a", "b"], [1, 2], [[1], [2, 3]]):
        raw = json.dumps({"input": given_input}).encode()
        assert parse(EmbeddingBody, raw).input == given_input
    with pytest.raises(Refused):
        parse(EmbeddingBody, b'{"input": []}')


@given(st.binary(max_size=60), st.sampled_from([ChatBody, CompletionBody, TokenizeBody]))
def test_noise_is_refused(raw: bytes, kind: type[BaseModel]) -> None:
    with pytest.raises(Refused) as caught:
        parse(kind, raw)
    assert caught.value.status == 400


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(ChatBody.model_fields)), json_values))
def test_any_json_is_understood_or_refused(body: dict[str, object]) -> None:
    try:
        understood = parse(ChatBody, json.dumps(body).encode())
    except Refused:
        return
    assert understood.messages
