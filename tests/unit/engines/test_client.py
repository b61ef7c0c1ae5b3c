"""The one HTTP client: chunks, errors with remedies, and connections that close at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from math import exp
from typing import Any

import httpx
import pytest

from app.domain.errors import (
    AppError,
    ContextExceeded,
    EngineAnswerInvalid,
    EngineDied,
    EngineError,
    EngineStalled,
    ModelInvalid,
    RequestInvalid,
)
from app.domain.generation import (
    CallChunk,
    ChatRequest,
    Chunk,
    FinalChunk,
    PromptProgress,
    ReasoningChunk,
    TextChunk,
    Timings,
    TokenLogprob,
)
from app.engines.client import EngineClient

REQUEST = ChatRequest(
    messages=({"role": "user", "content": "hello"},), sampling={"seed": 7, "stop": None}
)
Answer = Callable[[httpx.Request], httpx.Response]


class Body(httpx.AsyncByteStream):
    """A streamed body that notes when it is closed, and may break off with an error."""

    def __init__(self, *pieces: bytes, error: Exception | None = None, hang: bool = False) -> None:
        self.pieces = pieces
        self.error = error
        self.hang = hang
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
        if self.error is not None:
            raise self.error
        if self.hang:
            await asyncio.Event().wait()

    async def aclose(self) -> None:
        self.closed = True


def event(**fields: Any) -> bytes:
    return f"data: {json.dumps(fields)}\n\n".encode()


def delta(finish: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"index": 0, "delta": fields, "finish_reason": finish}


def text_event(text: str) -> bytes:
    return event(choices=[delta(content=text)])


END = event(choices=[delta("stop")], timings={"predicted_n": 2, "new_field": 1})
DONE = b"data: [DONE]\n\n"


def client(answer: Answer, **options: Any) -> EngineClient:
    http = httpx.AsyncClient(
        transport=httpx.MockTransport(answer),
        base_url="http://127.0.0.1:1",
        headers={"Authorization": "Bearer key"},
    )
    return EngineClient(http, **options)


def streaming(body: Body) -> EngineClient:
    return client(lambda _: httpx.Response(200, stream=body))


async def collect(engine: EngineClient) -> list[Chunk]:
    return [chunk async for chunk in engine.chat(REQUEST)]


async def test_a_whole_answer_becomes_chunks() -> None:
    seen: list[httpx.Request] = []
    progress = {"total": 9, "processed": 4, "cache": 1, "time_ms": 3}
    logprobs = {"content": [{"token": "Hi", "logprob": -0.5, "bytes": [72, 105]}]}
    body = Body(
        event(choices=[delta(role="assistant")]),
        event(choices=[delta()], prompt_progress=progress),
        event(choices=[{**delta(content="Hi"), "logprobs": logprobs}]),
        text_event(" 世界"),
        END + DONE,
    )

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, stream=body)

    engine = client(answer)
    assert await collect(engine) == [
        PromptProgress(total=9, processed=4, cache=1),
        TextChunk(text="Hi", logprobs=(TokenLogprob(token="Hi", logprob=-0.5),)),
        TextChunk(text=" 世界"),
        FinalChunk(finish_reason="stop", timings=Timings(predicted_n=2)),
    ]
    assert body.closed
    [request] = seen
    assert request.url.path == "/v1/chat/completions"
    assert request.headers["authorization"] == "Bearer key"
    sent = json.loads(request.content)
    assert sent["seed"] == 7
    assert "stop" not in sent
    await engine.aclose()


async def test_thoughts_and_calls_become_chunks_of_their_own() -> None:
    head = {"index": 0, "id": "c1", "function": {"name": "weather", "arguments": ""}}
    rest = {"index": 0, "function": {"arguments": '{"city": "Oslo"}'}}
    body = Body(
        event(choices=[delta(reasoning_content="Hm.")]),
        event(choices=[delta(tool_calls=[head])]),
        event(choices=[delta(tool_calls=[rest])]),
        event(choices=[delta("tool_calls")]) + DONE,
    )
    assert await collect(streaming(body)) == [
        ReasoningChunk(text="Hm."),
        CallChunk(index=0, id="c1", name="weather"),
        CallChunk(index=0, arguments='{"city": "Oslo"}'),
        FinalChunk(finish_reason="tool_calls"),
    ]


async def test_timings_and_usage_may_follow_the_finish_reason() -> None:
    late = event(choices=[], usage={"total_tokens": 3}, timings={"prompt_n": 5})
    body = Body(text_event("x"), event(choices=[delta("length")]), late)
    chunks = await collect(streaming(body))
    assert chunks[-1] == FinalChunk(finish_reason="length", timings=Timings(prompt_n=5))


BROKEN = [
    (Body(text_event("x")), EngineDied),
    (Body(text_event("x"), DONE), EngineDied),
    (Body(text_event("x"), error=httpx.ReadError("reset")), EngineDied),
    (Body(text_event("x"), error=httpx.RemoteProtocolError("cut")), EngineDied),
    (Body(text_event("x"), error=httpx.ReadTimeout("slow")), EngineStalled),
    (Body(b"data: {no json\n\n"), EngineAnswerInvalid),
    (Body(b"data: [1, 2]\n\n"), EngineAnswerInvalid),
    (Body(event(choices=[3])), EngineAnswerInvalid),
    (Body(event(choices=[delta()], prompt_progress={"total": "many"})), EngineAnswerInvalid),
    (Body(b"data: " + b"x" * 5_000_000), EngineAnswerInvalid),
    (Body(event(error={"code": "server_error", "message": "oops"})), EngineAnswerInvalid),
    (Body(event(error={"code": "exceed_context_size", "message": "long"})), ContextExceeded),
]


@pytest.mark.parametrize(("body", "kind"), BROKEN)
async def test_a_broken_stream_is_an_error_with_a_remedy(body: Body, kind: type[AppError]) -> None:
    engine = streaming(body)
    with pytest.raises(kind) as caught:
        await collect(engine)
    assert type(caught.value) is kind
    assert caught.value.remedy
    assert body.closed
    await engine.aclose()


OVERFLOW = {"code": "exceed_context_size", "message": "x", "n_prompt_tokens": 5000, "n_ctx": 4096}
REFUSALS = [
    (400, {"error": OVERFLOW}, ContextExceeded),
    (400, {"error": {"code": "bad", "message": "temperature must be a number"}}, RequestInvalid),
    (404, {"error": "no such route"}, RequestInvalid),
    (401, {"error": {"code": "unauthorized", "message": "key"}}, EngineAnswerInvalid),
    (500, {"error": {"code": "server_error", "message": "oops"}}, EngineAnswerInvalid),
    (503, {"error": {"code": "loading", "message": "later"}}, EngineStalled),
    (502, None, EngineAnswerInvalid),
]


@pytest.mark.parametrize(("status", "body", "kind"), REFUSALS)
async def test_a_refusal_is_an_error_with_a_remedy(
    status: int, body: dict[str, Any] | None, kind: type[AppError]
) -> None:
    content = b"<html>" if body is None else json.dumps(body).encode()
    engine = client(lambda _: httpx.Response(status, content=content))
    with pytest.raises(kind) as caught:
        await collect(engine)
    assert caught.value.remedy


async def test_an_overflow_says_how_long_and_how_much_fits() -> None:
    engine = client(lambda _: httpx.Response(400, json={"error": OVERFLOW}))
    with pytest.raises(ContextExceeded, match=r"5000 tokens.* 4096"):
        await collect(engine)


async def test_nobody_listening_means_the_engine_died_of_its_cause() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    async def obituary() -> AppError:
        return ModelInvalid("cut short", remedy="fetch it again")

    with pytest.raises(EngineDied):
        await client(refuse).health()
    with pytest.raises(ModelInvalid, match="cut short"):
        await collect(client(refuse, obituary=obituary))


async def test_closing_the_chat_closes_the_connection() -> None:
    body = Body(text_event("x"), hang=True)
    chat = streaming(body).chat(REQUEST)
    assert await anext(chat) == TextChunk(text="x")
    assert not body.closed
    await chat.aclose()
    assert body.closed


async def test_a_deadline_on_the_next_chunk_closes_the_connection() -> None:
    body = Body(text_event("x"), hang=True)
    chat = streaming(body).chat(REQUEST)
    await anext(chat)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await anext(chat)
    assert body.closed
    with pytest.raises(StopAsyncIteration):
        await anext(chat)


async def test_a_closed_client_says_so_as_an_engine_error() -> None:
    engine = streaming(Body())
    await engine.aclose()
    with pytest.raises(EngineError):
        await collect(engine)
    with pytest.raises(EngineError):
        await engine.tokenize("x")


async def test_health_while_loading_is_an_answer() -> None:
    said = {"status": "loading", "progress": 0.25, "steps": 1, "tokens": 2, "evaluated": 3, "x": 1}
    health = await client(lambda _: httpx.Response(503, json=said)).health()
    assert health.status == "loading"
    assert health.progress == 0.25
    assert health.watermark == (1, 2, 3)


async def test_embeddings_come_back_in_order() -> None:
    rows = [{"index": 1, "embedding": [3, 4]}, {"index": 0, "embedding": [1, 2]}]
    engine = client(lambda _: httpx.Response(200, json={"data": rows}))
    assert await engine.embed(["a", "b"]) == [[1.0, 2.0], [3.0, 4.0]]


async def test_the_card_names_alias_and_model() -> None:
    entry = {"id": "mine", "meta": {"n_ctx": 512, "architecture": "llama", "later": True}}
    alias, card = await client(lambda _: httpx.Response(200, json={"data": [entry]})).card()
    assert alias == "mine"
    assert (card.n_ctx, card.architecture, card.sequences) == (512, "llama", 1)


@pytest.mark.parametrize("body", [{}, {"data": []}, {"data": [{}]}, {"data": 3}, {"tokens": ["x"]}])
async def test_badly_shaped_answers_are_named_as_such(body: dict[str, Any]) -> None:
    engine = client(lambda _: httpx.Response(200, json=body))
    with pytest.raises(EngineAnswerInvalid):
        await engine.card()
    with pytest.raises(EngineAnswerInvalid):
        await engine.tokenize("x")


LIKELY = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105]}
OTHER = {"token": "Ho", "logprob": -1.5, "bytes": [72, 111]}


@pytest.mark.parametrize(
    ("top", "margin"),
    [
        ([LIKELY, OTHER], exp(-0.5) - exp(-1.5)),
        ([{"token": "Ha", "logprob": -0.1}, OTHER], exp(-0.5) - exp(-0.1)),  # it was drawn
        ([LIKELY, {**OTHER, "token": "Hi"}], exp(-0.5) - exp(-1.5)),  # spelled alike, another one
        ([LIKELY, {**OTHER, "logprob": -(10**400)}], exp(-0.5)),
        ([LIKELY, {**OTHER, "logprob": None}], None),
        ([LIKELY], None),
        ([], None),
        (None, None),
    ],
)
async def test_the_lead_of_a_token_is_known_where_others_are_named(
    top: object, margin: float | None
) -> None:
    told = {"content": [{**LIKELY, "top_logprobs": top}]}
    body = Body(event(choices=[{**delta(content="Hi"), "logprobs": told}]), END + DONE)
    first, *_ = await collect(streaming(body))
    assert isinstance(first, TextChunk)
    [token] = first.logprobs
    assert token.margin == (None if margin is None else pytest.approx(margin))


async def test_the_likeliest_first_tokens_can_be_asked_for() -> None:
    seen: list[httpx.Request] = []
    told = {"content": [{**LIKELY, "top_logprobs": [LIKELY, OTHER]}]}

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"choices": [{"logprobs": told}]})

    found = await client(answer).first_tokens(REQUEST.messages, 20)
    assert found == {"Hi": -0.5, "Ho": -1.5}
    sent = json.loads(seen[0].content)
    assert (sent["max_tokens"], sent["top_logprobs"], "stream" in sent) == (1, 20, False)


async def test_an_engine_that_names_no_first_token_is_told_by_an_error() -> None:
    engine = client(lambda _: httpx.Response(200, json={"choices": [{"logprobs": None}]}))
    with pytest.raises(EngineAnswerInvalid):
        await engine.first_tokens(REQUEST.messages, 20)


async def test_what_verifying_costs_is_told_by_engines_that_measure_it() -> None:
    told = {"milliseconds": {"1": 2.0, "2": 3.0}, "grid": [1, 2], "off": ""}
    costs = await client(lambda _: httpx.Response(200, json=told)).verifying()
    assert costs is not None
    assert (costs.ratio(2), costs.grid) == (1.5, (1, 2))
    assert await client(lambda _: httpx.Response(404, json={})).verifying() is None
    with pytest.raises(EngineAnswerInvalid):
        await client(lambda _: httpx.Response(200, json={"milliseconds": "none"})).verifying()
