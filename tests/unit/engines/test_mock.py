"""The mock speaks the engines' protocol: shapes, limits, counters, faults."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from app.engines.mock import script
from app.engines.mock.__main__ import parse
from app.engines.mock.server import MockServer, Options

HELLO = [{"role": "user", "content": "hello"}]
DEFAULTS = ["--load-seconds", "0", "--speed", "1000"]


@asynccontextmanager
async def serving(*argv: str, loaded: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a mock in this very process."""
    server = MockServer(parse([*DEFAULTS, *argv]), "key")
    if loaded:
        await server.load()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(server.app()),
        base_url="http://mock",
        headers={"Authorization": "Bearer key"},
    ) as http:
        yield http


async def chat(http: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    response = await http.post("/v1/chat/completions", json={"messages": HELLO, **body})
    return {"status": response.status_code, **response.json()}


async def events(http: httpx.AsyncClient, path: str, **body: Any) -> list[str]:
    response = await http.post(path, json={"stream": True, **body})
    assert response.headers["content-type"].startswith("text/event-stream")
    return [block.removeprefix("data: ") for block in response.text.split("\n\n") if block]


def test_the_command_line_has_defaults() -> None:
    options = parse([])
    assert options == Options("mock", "A", 0, 4096, 2, 0.3, 1.0, "")


async def test_who_is_told_to_think_thinks_first_and_makes_no_mistake() -> None:
    sums = [f"What is {at} * 17?" for at in range(20, 40)]
    async with serving("--tier", "A", "--thinks") as http:
        (card,) = (await http.get("/v1/models")).json()["data"]
        assert card["meta"]["thinks"]
        thought = {"chat_template_kwargs": {"enable_thinking": True}}
        right = []
        for fields in ({}, thought):
            texts = [
                (await chat(http, messages=[{"role": "user", "content": text}], **fields))[
                    "choices"
                ][0]["message"]["content"]
                for text in sums
            ]
            right.append(sum(f"**{at * 17}**" in text for at, text in enumerate(texts, 20)))
        first = (await events(http, "/v1/chat/completions", messages=HELLO, **thought))[1]
    assert right[0] < right[1] == len(sums)
    assert json.loads(first)["choices"][0]["delta"] == {
        "reasoning_content": "One step after the other. "
    }


async def test_a_whole_answer_has_openai_shape() -> None:
    async with serving("--tier", "B", "--alias", "me") as http:
        body = await chat(http, logprobs=True)
    assert (body["status"], body["object"], body["model"]) == (200, "chat.completion", "me")
    [choice] = body["choices"]
    content = choice["message"]["content"]
    assert "tier B" in content
    assert choice["finish_reason"] == "stop"
    entries = choice["logprobs"]["content"]
    assert "".join(entry["token"] for entry in entries) == content
    assert all(entry["logprob"] <= 0 for entry in entries)
    assert body["usage"]["completion_tokens"] == body["timings"]["predicted_n"] == len(entries)


async def test_a_streamed_answer_says_the_same_in_pieces() -> None:
    async with serving() as http:
        whole = (await chat(http))["choices"][0]["message"]["content"]
        body = {"messages": HELLO, "return_progress": True}
        *chunks, done = await events(http, "/v1/chat/completions", **body)
    assert done == "[DONE]"
    parsed = [json.loads(chunk) for chunk in chunks]
    deltas = [chunk["choices"][0]["delta"] for chunk in parsed]
    assert deltas[0] == {"role": "assistant"}
    assert "".join(delta.get("content", "") for delta in deltas) == whole
    progress = [chunk["prompt_progress"] for chunk in parsed if "prompt_progress" in chunk]
    assert progress[-1]["processed"] == progress[-1]["total"]
    assert parsed[-1]["choices"][0]["finish_reason"] == "stop"
    assert parsed[-1]["timings"]["prompt_n"] > 0


async def test_plain_completions_have_text() -> None:
    async with serving() as http:
        response = await http.post("/v1/completions", json={"prompt": "hello"})
        *chunks, _ = await events(http, "/v1/completions", prompt="hello")
    whole = response.json()["choices"][0]["text"]
    assert whole
    assert "".join(json.loads(chunk)["choices"][0]["text"] for chunk in chunks) == whole


@pytest.mark.parametrize("stop", ["tier", ["nowhere", "tier"]])
async def test_an_answer_ends_before_a_stop_string(stop: str | list[str]) -> None:
    async with serving() as http:
        [choice] = (await chat(http, stop=stop))["choices"]
    assert choice["message"]["content"] == "Hello! This is "
    assert choice["finish_reason"] == "stop"


async def test_an_answer_ends_at_its_limit() -> None:
    async with serving() as http:
        [choice] = (await chat(http, max_tokens=2))["choices"]
    assert choice["message"]["content"] == "Hello! This"
    assert choice["finish_reason"] == "length"


async def test_the_second_turn_reads_only_what_is_new() -> None:
    async with serving() as http:
        said = (await chat(http))["choices"][0]["message"]["content"]
        before = (await http.get("/health")).json()["evaluated"]
        thread = [*HELLO, {"role": "assistant", "content": said}]
        thread.append({"role": "user", "content": "and more"})
        timings = (await chat(http, messages=thread))["timings"]
        after = (await http.get("/health")).json()["evaluated"]
    assert timings["cache_n"] > 0
    assert after - before == timings["prompt_n"]


async def test_a_right_prediction_costs_no_steps() -> None:
    async with serving() as http:
        said = (await chat(http))["choices"][0]["message"]["content"]
        before = (await http.get("/health")).json()
        body = await chat(http, prediction={"type": "content", "content": said})
        after = (await http.get("/health")).json()
    count = len(script.tokens(said))
    assert body["choices"][0]["message"]["content"] == said
    assert body["timings"]["draft_n_accepted"] == body["timings"]["draft_n"] == count
    assert after["tokens"] - before["tokens"] == count
    assert after["steps"] - before["steps"] == 1  # the prompt


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("x /mock overflow", 400, "exceed_context_size"),
        ("x /mock error500", 500, "server_error"),
        ("word " * 200, 400, "exceed_context_size"),
    ],
)
async def test_refusals(text: str, status: int, code: str) -> None:
    async with serving("--context", "100") as http:
        body = await chat(http, messages=[{"role": "user", "content": text}])
    assert (body["status"], body["error"]["code"]) == (status, code)
    if status == 400:
        assert body["error"]["n_prompt_tokens"] > body["error"]["n_ctx"] == 100


@pytest.mark.parametrize(
    "body", [{"messages": []}, {"messages": "x"}, {"messages": [{}]}, {"max_tokens": "many"}]
)
async def test_malformed_requests_are_refused(body: dict[str, Any]) -> None:
    async with serving() as http:
        answer = await chat(http, **body)
    assert answer["status"] == 400
    assert answer["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("word", "last"), [("garbage", "[DONE]"), ("cut", "choices"), ("error-mid", "server_error")]
)
async def test_broken_streams_break_in_the_middle(word: str, last: str) -> None:
    messages = [{"role": "user", "content": f"something /mock {word}"}]
    async with serving() as http:
        said = await events(http, "/v1/chat/completions", messages=messages)
        health = (await http.get("/health")).json()
    assert last in said[-1]
    assert len(said) > 5
    assert (health["busy"], health["queued"]) == (0, 0)


async def test_while_loading_only_health_answers() -> None:
    async with serving(loaded=False) as http:
        health = await http.get("/health")
        assert (health.status_code, health.json()["status"]) == (503, "loading")
        assert (await chat(http))["status"] == 503


async def test_more_requests_than_sequences_wait_their_turn() -> None:
    async with serving("--sequences", "1") as http:
        answers = await asyncio.gather(*(chat(http) for _ in range(3)))
    assert len({answer["choices"][0]["message"]["content"] for answer in answers}) == 1


async def test_embeddings_and_tokens() -> None:
    async with serving() as http:
        rows = (await http.post("/v1/embeddings", json={"input": ["a b", "a b"]})).json()["data"]
        [single] = (await http.post("/v1/embeddings", json={"input": "a b"})).json()["data"]
        tokens = (await http.post("/tokenize", json={"content": "one two one"})).json()["tokens"]
    assert [row["index"] for row in rows] == [0, 1]
    assert rows[0]["embedding"] == rows[1]["embedding"] == single["embedding"]
    assert len(tokens) == 3
