"""Cancelling, queues, and a cache that is too small for everybody."""

import json
import math
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.test_runner_harness import FRONT, TOKEN, Runner, running, text_of, wait_until

QUESTION = "What is the capital of Japan?"
LONG = "the quick brown fox " * 1500  # thousands of tokens
MEDIUM = "the quick brown fox " * 150
CHATTY = {"temperature": 2, "top_k": 0, "top_p": 1, "min_p": 0, "seed": 1}


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with running(
        FRONT, "--context", "16384", "--sequences", "2", "--batch", "128", "--ubatch", "64"
    ) as started:
        yield started.ready()


Said = dict[str, Any]
# Who is read beside whom changes the order of sums, and 8-bit activations make steps of the last
# bits: 0.07 has been seen. A token taken from another answer's cache moves whole units.
ROUNDING = 0.25


def differ_by_rounding_only(one: list[Said], other: list[Said]) -> bool:
    """Return whether two answers are the same up to where two tokens are equally likely.

    What follows such a place is another text, and says nothing about the one before.
    """
    for mine, yours in zip(one, other, strict=True):
        if mine["token"] == yours["token"]:
            if abs(mine["logprob"] - yours["logprob"]) > ROUNDING:
                return False
            continue
        return _is_tie(mine, yours) and _is_tie(yours, mine)
    return True


def _is_tie(said: Said, rival: Said) -> bool:
    likely = {each["token"]: each["logprob"] for each in said["top_logprobs"]}
    return bool(said["logprob"] - likely.get(rival["token"], -math.inf) < ROUNDING)


def next_event(lines: Iterator[str], *, holding: str) -> dict[str, object]:
    for line in lines:
        if holding in line:
            event: dict[str, object] = json.loads(line[6:])
            return event
    raise AssertionError(f"no event with {holding}")


def stays_put(runner: Runner) -> None:
    """Nothing is evaluated any more."""
    steps = runner.idle()["steps"]
    text_of(runner.chat(QUESTION, max_tokens=1))
    assert runner.idle()["steps"] <= steps + 2


def test_leaving_stops_a_prefill(runner: Runner) -> None:
    before = runner.idle()["evaluated"]
    with runner.streaming(LONG, return_progress=True) as lines:
        event = next_event(lines, holding="prompt_progress")
    progress = event["prompt_progress"]
    assert isinstance(progress, dict)
    evaluated = runner.idle()["evaluated"] - before
    assert evaluated < progress["total"] * 0.9
    stays_put(runner)


def test_leaving_stops_an_answer(runner: Runner) -> None:
    prompt = "a b c d e f g"
    body = {"prompt": prompt, "max_tokens": 15000, "stream": True, **CHATTY}
    before = runner.idle()["tokens"]
    url = "/v1/completions"
    with (
        runner.new_client() as client,
        client.stream("POST", url, json={**body, "logprobs": 0}) as response,
    ):
        next_event(response.iter_lines(), holding='"text":')
    assert runner.idle()["tokens"] - before < 14000
    stays_put(runner)


def test_leaving_stops_an_answer_that_is_not_streamed(runner: Runner) -> None:
    before = runner.idle()["evaluated"]
    body = json.dumps({"messages": [{"role": "user", "content": f"whole {LONG}"}]})
    request = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    with socket.create_connection(("127.0.0.1", runner.hello["port"])) as connection:
        connection.sendall(request.encode())
        wait_until(lambda: runner.health()["evaluated"] > before)
    total = runner.client.post("/tokenize", json={"content": LONG}).json()["tokens"]
    assert runner.idle()["evaluated"] - before < len(total) * 0.9
    stays_put(runner)


def test_an_abort_leaves_the_other_answer_alone(runner: Runner) -> None:
    expected = text_of(runner.chat("What is the opposite of hot?"))
    with ThreadPoolExecutor(1) as pool:
        for attempt in range(5):
            with runner.streaming(f"{attempt} {LONG}", return_progress=True) as lines:
                other = pool.submit(runner.chat, "What is the opposite of hot?")
                next_event(lines, holding="prompt_progress")
            assert text_of(other.result()) == expected
    assert text_of(runner.chat(QUESTION)) == text_of(runner.chat(QUESTION))


def test_who_waits_is_served_in_turn(runner: Runner) -> None:
    expected = text_of(runner.chat(QUESTION))
    with runner.streaming(MEDIUM, return_progress=True) as first:
        next_event(first, holding="prompt_progress")
        with runner.streaming(f"again {MEDIUM}", return_progress=True) as second:
            next_event(second, holding="prompt_progress")
            with ThreadPoolExecutor(1) as pool:
                waiting = pool.submit(runner.chat, QUESTION)
                wait_until(lambda: runner.health()["queued"] > 0 or waiting.done())
                assert text_of(waiting.result()) == expected
    runner.idle()


def test_a_cache_too_small_for_all_delays_but_loses_nothing() -> None:
    with running(FRONT, "--context", "256", "--sequences", "4", "--batch", "64") as small:
        small.ready()
        prompts = [f"{number} x" * 8 for number in range(4)]

        def ask(prompt: str) -> list[Said]:
            # Far more than a quarter of the cache, and nothing that ends early.
            body = {"prompt": prompt, "max_tokens": 120, "temperature": 0, "logprobs": 3}
            choice = small.client.post("/v1/completions", json=body).json()["choices"][0]
            assert choice["finish_reason"] == "length"
            said: list[Said] = choice["logprobs"]["content"]
            return said

        alone = [ask(prompt) for prompt in prompts]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(ask, prompts))
        assert [len(each) for each in together] == [120] * 4
        for one, other in zip(alone, together, strict=True):
            assert differ_by_rounding_only(one, other)
        assert small.idle()["busy"] == 0


def test_a_full_window_ends_an_answer_by_length() -> None:
    with running(FRONT, "--context", "256", "--sequences", "1") as small:
        small.ready()
        body = {"prompt": "1 2 3 " * 20, "temperature": 0}
        answer = small.client.post("/v1/completions", json={**body, **CHATTY}).json()
        usage = answer["usage"]
        if answer["choices"][0]["finish_reason"] == "length":
            assert usage["total_tokens"] == 256
        else:
            assert usage["total_tokens"] < 256
