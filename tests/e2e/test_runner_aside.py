"""Conversations nobody works on wait beside the cache where attention would walk over them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.test_runner_harness import FRONT, Runner, running

# A window for which attention is computed plainly.
LONG: tuple[str, ...] = ("--context", "6144", "--sequences", "3", "--threads", "2")
TURN = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"
FIRST = TURN.format("Replace cat with dog: The cat sleeps by the river, and the cat is happy.")
SECOND = TURN.format("Sort these words by length: river, bee, window, garden, bread, castle.")


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with running(FRONT, *LONG, "--no-speculation") as started:
        yield started.ready()


# One way to write it, so what was said is read in the same tokens.
SAID = r"root ::= [\x01-\x06]{24}"


def ask(runner: Runner, prompt: str, **fields: object) -> dict[str, Any]:
    body = {"prompt": prompt, "temperature": 0, "max_tokens": 24, **fields}
    response = runner.client.post("/v1/completions", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def text(answer: dict[str, Any]) -> str:
    found: str = answer["choices"][0]["text"]
    return found


def test_a_conversation_goes_on_after_others_without_being_read_again(runner: Runner) -> None:
    begun = ask(runner, FIRST, grammar=SAID)
    ask(runner, SECOND)
    whole = FIRST + text(begun) + "<|im_end|>\n" + TURN.format("And now replace dog with bird.")
    again = ask(runner, whole)
    read = begun["usage"]["prompt_tokens"] + begun["usage"]["completion_tokens"]
    assert again["timings"]["cache_n"] >= read - 2
    with running(FRONT, *LONG, "--no-speculation") as fresh:
        alone = ask(fresh.ready(), whole)
    assert alone["timings"]["cache_n"] == 0
    assert text(alone) == text(again)


def test_a_beginning_is_shared_with_what_waits(runner: Runner) -> None:
    ask(runner, FIRST)
    ask(runner, SECOND)
    shared = FIRST[: FIRST.index("happy")]
    other = ask(runner, shared + "very tired.<|im_end|>\n<|im_start|>assistant\n")
    assert other["timings"]["cache_n"] >= 10
    first, second = ask(runner, FIRST), ask(runner, SECOND)  # nothing was lost by that
    assert first["timings"]["prompt_n"] == second["timings"]["prompt_n"] == 1
