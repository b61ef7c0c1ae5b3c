"""The one OpenAI-style HTTP client for every engine."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from types import TracebackType
from typing import Any

import httpx

from app.domain.benching import Verifying
from app.domain.chat import PastAnswer
from app.domain.errors import AppError, EngineDied, EngineStalled
from app.domain.generation import ChatRequest, Chunk
from app.engines.base import Capabilities, Health, ModelCard
from app.engines.posting import STREAM_TIMEOUT, posted
from app.engines.wire import (
    DONE,
    MALFORMED,
    AnswerReader,
    answer_invalid,
    parse_object,
    refusal,
)

PROBE_TIMEOUT = httpx.Timeout(5.0)
NOT_FOUND = 404

Obituary = Callable[[], Awaitable[AppError | None]]


async def _unknown_cause() -> AppError | None:
    return None


class EngineClient:
    """Speaks to one engine process; every failure leaves as an AppError with a remedy.

    Deadlines are the caller's: wrap `anext()` on the chat in `asyncio.timeout`; a cancelled or
    closed chat drops its connection at once, which stops the generation.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        caps: Capabilities | None = None,
        obituary: Obituary = _unknown_cause,
    ) -> None:
        """Take over `http`, which `aclose` closes.

        Args:
            http: made by the network policy, with the engine's base URL and key set.
            caps: what the engine can do.
            obituary: asked why the process ended when a connection breaks.
        """
        self._http = http
        self._caps = caps or Capabilities()
        self._guard = _Guard(http, obituary)

    @property
    def caps(self) -> Capabilities:
        """What may be asked of this engine."""
        return self._caps

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """Stream one answer; it ends with exactly one `FinalChunk` or raises an AppError."""
        reader = AnswerReader()
        async with self._guard:
            events = posted(self._http, "/v1/chat/completions", self._body(request), _checked)
            async with aclosing(events):
                async for event in events:
                    if event.data == DONE:
                        break
                    for chunk in reader.read(event.data):
                        yield chunk
            final = reader.final()
            if final is None:
                raise await self._guard.death()
            yield final

    async def first_tokens(self, messages: Sequence[dict[str, Any]], top: int) -> dict[str, float]:
        """Return with what tokens an answer would most likely begin, with log-probabilities."""
        body = {
            "messages": list(messages),
            "max_tokens": 1,
            "temperature": 0,
            "logprobs": True,
            "top_logprobs": top,
            "chat_template_kwargs": {"enable_thinking": False},
        }
        async with self._guard:
            answer = await self._post("/v1/chat/completions", body)
            first = answer["choices"][0]["logprobs"]["content"][0]
            return {each["token"]: float(each["logprob"]) for each in first["top_logprobs"]}

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector per text, in order."""
        async with self._guard:
            answer = await self._post("/v1/embeddings", {"input": list(texts)})
            rows = sorted(answer["data"], key=lambda row: int(row["index"]))
            return [[float(value) for value in row["embedding"]] for row in rows]

    async def count(self, text: str) -> int:
        """Return how many tokens the text is."""
        return len(await self.tokenize(text))

    async def tokenize(self, text: str) -> list[int]:
        """Return the text as the model's token ids."""
        async with self._guard:
            answer = await self._post("/tokenize", {"content": text, "add_special": False})
            return [int(token) for token in answer["tokens"]]

    async def health(self) -> Health:
        """Return how the engine fares; 503 while loading is an answer, not an error."""
        async with self._guard:
            response = await self._http.get("/health", timeout=PROBE_TIMEOUT)
            return Health.model_validate(parse_object(response.content))

    async def card(self) -> tuple[str, ModelCard]:
        """Return the alias the engine serves under and what it says about its model."""
        async with self._guard:
            response = await self._http.get("/v1/models", timeout=PROBE_TIMEOUT)
            entry = _checked(response)["data"][0]
            card = ModelCard.read(entry)
            self._caps = replace(self._caps, thinks=card.thinks)
            return str(entry["id"]), card

    async def verifying(self) -> Verifying | None:
        """Return what evaluating several tokens at once costs; None where nobody measures it."""
        async with self._guard:
            response = await self._http.get("/drafters/prices", timeout=PROBE_TIMEOUT)
            if response.status_code == NOT_FOUND:
                return None
            return Verifying.model_validate(_checked(response))

    async def forget(self) -> None:
        """Let the engine forget all conversations, in its memory and on disk."""
        async with self._guard:
            await self._post("/states/forget", {"key": ""})

    async def rehearse(self, answers: Sequence[PastAnswer]) -> None:
        """Let the draft model read stored answers, unless it is known how well it does."""
        stored = [
            {
                "messages": [{"role": "user", "content": each.asked}],
                "answer": each.said,
                "task_family": each.family or "other",
            }
            for each in answers
        ]
        async with self._guard:
            await self._post("/drafters/rehearse", {"answers": stored, "once": True})

    async def aclose(self) -> None:
        """Close all connections; running chats end with EngineDied."""
        await self._http.aclose()

    def _body(self, request: ChatRequest) -> dict[str, Any]:
        return request.body()

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return _checked(await self._http.post(path, json=body, timeout=STREAM_TIMEOUT))


class _Guard:
    """Turns what goes wrong between us and the engine into errors a person can act on."""

    def __init__(self, http: httpx.AsyncClient, obituary: Obituary) -> None:
        self._http = http
        self._obituary = obituary

    async def death(self) -> AppError:
        """Return why the engine is gone, as precisely as anybody knows."""
        return await self._obituary() or EngineDied(
            "The engine stopped in the middle of its work.",
            remedy="Try again: it is started anew. Its log tells more.",
        )

    async def __aenter__(self) -> None:
        if self._http.is_closed:
            raise await self.death()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, httpx.TimeoutException):
            raise EngineStalled(
                "The engine does not react.", remedy="Try again, or stop the engine and try again."
            ) from error
        if isinstance(error, httpx.HTTPError | httpx.StreamError):
            raise await self.death() from error
        if isinstance(error, MALFORMED):
            raise answer_invalid("an answer without the agreed fields") from error


def _checked(response: httpx.Response) -> dict[str, Any]:
    if response.is_success:
        return parse_object(response.content)
    try:
        body = parse_object(response.content)
    except AppError:
        body = {}  # a refusal without JSON; the status says enough
    raise refusal(response.status_code, body)
