"""What every engine promises, whatever runs behind it."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from math import exp
from typing import Any

import pytest

from app.domain.chat import ChatMessage
from app.domain.errors import ContextExceeded, EngineError, RequestInvalid
from app.domain.generation import ChatRequest, Chunk, FinalChunk, TextChunk
from app.domain.gguf import read_header
from app.engines.base import Engine
from app.engines.client import EngineClient
from tests.e2e.contract.subjects import CONTEXT, KINDS, SEQUENCES, Subject, started
from tests.e2e.test_runner_harness import FRONT

QUESTIONS = ("What is the capital of Japan?", "Write a function that adds two numbers.")
LONGEST = CONTEXT - 80


@pytest.fixture(scope="module", params=KINDS)
def subject(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Subject]:
    with started(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


def ask(text: str, *, logprobs: bool = False, **sampling: Any) -> ChatRequest:
    message = ChatMessage(role="user", content=text)
    settings = {"temperature": 0.0, "max_tokens": 64, **sampling}
    return ChatRequest(messages=(message.wire(),), sampling=settings, logprobs=logprobs)


def endless(subject: Subject) -> ChatRequest:
    """Return a request whose answer ends with its limit alone."""
    if not subject.real:
        return ask("a story /mock long", max_tokens=LONGEST)
    with FRONT.open("rb") as file:
        end = read_header(file).metadata["tokenizer.ggml.eos_token_id"]
    return ask("Tell me a story.", max_tokens=LONGEST, logit_bias={str(end): -100})


async def answer(engine: Engine, request: ChatRequest) -> list[Chunk]:
    return [chunk async for chunk in engine.chat(request)]


def text_of(chunks: list[Chunk]) -> str:
    return "".join(chunk.text for chunk in chunks if isinstance(chunk, TextChunk))


def end_of(chunks: list[Chunk]) -> FinalChunk:
    (end,) = [chunk for chunk in chunks if isinstance(chunk, FinalChunk)]
    assert chunks[-1] is end
    return end


async def test_an_answer_comes_in_pieces_and_ends_once(subject: Subject) -> None:
    async with subject.engine() as engine:
        chunks = await answer(engine, endless(subject))
        assert len([chunk for chunk in chunks if isinstance(chunk, TextChunk)]) > 3
        assert end_of(chunks).finish_reason == "length"
        end = end_of(await answer(engine, ask(QUESTIONS[0], max_tokens=LONGEST)))
        assert end.finish_reason == "stop"


async def test_greedy_answers_repeat(subject: Subject) -> None:
    async with subject.engine() as engine:
        texts = {text_of(await answer(engine, ask(QUESTIONS[0]))) for _ in range(3)}
    assert len(texts) == 1
    assert texts.pop()


async def test_a_stop_ends_the_answer_and_is_not_part_of_it(subject: Subject) -> None:
    async with subject.engine() as engine:
        whole = text_of(await answer(engine, ask(QUESTIONS[0])))
        middle = whole.split()[len(whole.split()) // 2]
        chunks = await answer(engine, ask(QUESTIONS[0], stop=("never to be seen", middle)))
    assert text_of(chunks).rstrip() == whole.split(middle)[0].rstrip()
    assert end_of(chunks).finish_reason == "stop"


async def test_a_seed_decides_the_answer(subject: Subject) -> None:
    async with subject.engine() as engine:

        async def said(seed: int) -> str:
            request = ask("Tell me a story.", temperature=1.5, max_tokens=24, seed=seed)
            return text_of(await answer(engine, request))

        await said(0)  # from here on every prompt is read from the same place
        first = [await said(seed) for seed in range(6)]
        second = [await said(seed) for seed in range(6)]
    # A cache laid out otherwise rounds otherwise, and a near tie may fall to its other side.
    assert sum(one == two for one, two in zip(first, second, strict=True)) >= len(first) - 1
    assert len(set(first)) > 1 or not subject.real


async def test_every_token_has_a_log_probability(subject: Subject) -> None:
    async with subject.engine() as engine:
        assert engine.caps.logprobs
        chunks = await answer(engine, ask(QUESTIONS[0], logprobs=True))
    tokens = [each for chunk in chunks if isinstance(chunk, TextChunk) for each in chunk.logprobs]
    assert "".join(each.token for each in tokens).strip() == text_of(chunks).strip()
    assert all(each.logprob <= 0 for each in tokens)
    # And its lead over the next one, where the engine can tell without more work.
    assert all(each.margin is not None and -1 <= each.margin <= 1 for each in tokens)


async def test_the_likeliest_first_tokens_are_told(subject: Subject) -> None:
    if subject.kind in {"mock", "remote"}:
        return  # who reads answers is a model of this computer
    async with subject.engine() as engine:
        assert isinstance(engine, EngineClient)
        found = await engine.first_tokens(ask(QUESTIONS[0]).messages, 20)
    assert len(found) >= 10
    assert 0.9 < sum(exp(each) for each in found.values()) <= 1.0001


async def test_an_answer_says_what_it_cost(subject: Subject) -> None:
    async with subject.engine() as engine:
        end = end_of(await answer(engine, ask(QUESTIONS[1], max_tokens=5)))
    assert end.finish_reason == "length"
    assert end.timings is not None
    assert end.timings.predicted_n == 5
    assert end.timings.predicted_per_second > 0
    assert end.timings.prompt_n + end.timings.cache_n > 5


async def test_leaving_an_answer_frees_the_engine(subject: Subject) -> None:
    async with subject.engine() as engine:
        before = await subject.health()
        async with aclosing(engine.chat(endless(subject))) as chunks:
            async for chunk in chunks:
                if isinstance(chunk, TextChunk):
                    break
        while (after := await subject.health()).busy:
            pass
        assert after.steps - before.steps < LONGEST
        assert text_of(await answer(engine, ask(QUESTIONS[0])))


async def test_a_question_that_is_too_long_is_refused_with_its_size(subject: Subject) -> None:
    async with subject.engine() as engine:
        with pytest.raises(ContextExceeded) as caught:
            await answer(engine, ask("word " * 2 * CONTEXT))
        assert str(CONTEXT) in caught.value.message
        assert caught.value.remedy
        assert text_of(await answer(engine, ask(QUESTIONS[0])))


async def test_several_at_once_get_their_own_answers(subject: Subject) -> None:
    async with subject.engine() as engine:
        alone = [text_of(await answer(engine, ask(question))) for question in QUESTIONS]
        jobs = [answer(engine, ask(question)) for question in QUESTIONS * (SEQUENCES // 2 + 1)]
        together = [text_of(chunks) for chunks in await asyncio.gather(*jobs)]
    assert together == alone * (SEQUENCES // 2 + 1)


@pytest.mark.parametrize("words", ["naïve café", "世界 田中", "👩‍🚀 🏳️‍🌈", "a\u0301 Ж"])
async def test_no_character_is_cut(subject: Subject, words: str) -> None:
    async with subject.engine() as engine:
        chunks = await answer(engine, ask(f"Repeat: {words} /mock plain", **only(words)))
        assert await engine.count(words) > 0
    assert words in text_of(chunks)
    assert "\ufffd" not in text_of(chunks)


def only(words: str) -> dict[str, Any]:
    """Return what makes a model say these words, whatever it would have said."""
    schema = {"name": "words", "schema": {"enum": [words]}, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


async def test_nonsense_is_refused_and_the_next_request_answered(subject: Subject) -> None:
    async with subject.engine() as engine:
        nonsense = ask("hello", seed="many") if subject.real else ChatRequest(messages=())
        with pytest.raises(RequestInvalid) as caught:
            await answer(engine, nonsense)
        assert caught.value.remedy
        assert text_of(await answer(engine, ask(QUESTIONS[0])))


async def test_a_wrong_key_is_refused(subject: Subject) -> None:
    with pytest.raises(EngineError, match="key") as caught:
        async with subject.engine("wrong") as engine:
            await answer(engine, ask("hello"))
    assert caught.value.remedy
