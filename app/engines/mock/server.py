"""The routes of the mock and how it loads."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app.engines.mock import script
from app.engines.mock.engine import Job, MockEngine
from app.engines.mock.wire import Wire, error_body
from app.engines.runner.failures import Refused

VECTOR_LENGTH = 64
_LOAD_STEPS = 10

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Options:
    """How one mock process behaves; `speed` multiplies its tier's pace."""

    alias: str
    tier: str
    seed: int
    context: int
    sequences: int
    load_seconds: float
    speed: float
    fault: str
    thinks: bool = False


class MockServer:
    """The routes of one mock process."""

    def __init__(self, options: Options, token: str) -> None:
        """Serve requests that bring `token`."""
        self._options = options
        self._key = f"Bearer {token}"
        self._progress = 0.0
        self._status = "loading"
        self._engine = MockEngine(
            options.tier,
            seed=options.seed,
            context=options.context,
            sequences=options.sequences,
            speed=options.speed,
        )

    def app(self) -> Starlette:
        """Return the routes; all but `/health` ask for the key."""
        post: dict[str, Handler] = {
            "/v1/chat/completions": self._chat,
            "/v1/completions": self._complete,
            "/v1/embeddings": self._embed,
            "/tokenize": self._tokenize,
        }
        routes = [
            Route(path, self._guarded(answer), methods=["POST"]) for path, answer in post.items()
        ]
        routes.append(Route("/health", self._health))
        routes.append(Route("/v1/models", self._guarded(self._models)))
        return Starlette(routes=routes)

    async def load(self, at_half: Callable[[], Awaitable[None]] | None = None) -> None:
        """Take the asked time to become ready; `at_half` is where a fault may strike."""
        for step in range(_LOAD_STEPS):
            await asyncio.sleep(self._options.load_seconds / _LOAD_STEPS)
            self._progress = (step + 1) / _LOAD_STEPS
            if at_half is not None and step == _LOAD_STEPS // 2:
                await at_half()
        self._status = "ready"

    async def _health(self, _request: Request) -> Response:
        body = {"status": self._status, "progress": self._progress, **self._engine.counters}
        return JSONResponse(body, 200 if self._status == "ready" else 503)

    async def _models(self, _request: Request) -> Response:
        meta = {
            "n_ctx": self._options.context,
            "n_vocab": script.VOCABULARY,
            "architecture": "mock",
            "sequences": self._options.sequences,
            "memory": "attention",
            "embedding_length": VECTOR_LENGTH,
            "thinks": self._options.thinks,
        }
        entry = {
            "id": self._options.alias,
            "object": "model",
            "owned_by": "echelon",
            "meta": meta,
        }
        return JSONResponse({"object": "list", "data": [entry]})

    async def _chat(self, request: Request) -> Response:
        body = await request.json()
        messages = body["messages"]
        begun = messages.pop()["content"] if body.get("continue_final_message") else ""
        # A turn's template costs a few tokens, as with a real model.
        prompt = [
            token
            for message in messages
            for token in (f"<{message['role']}>", *script.tokens(message["content"]), "<end>")
        ]
        return await self._answer(body, prompt, messages[-1]["content"], chat=True, begun=begun)

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        prompt = body["prompt"]
        text = prompt if isinstance(prompt, str) else " ".join(map(str, prompt))
        return await self._answer(body, script.tokens(text), text, chat=False)

    async def _answer(
        self, body: dict[str, Any], prompt: list[str], question: str, *, chat: bool, begun: str = ""
    ) -> Response:
        if self._status != "ready":
            raise Refused(503, "loading", "The model is still loading.")
        job = replace(self._job(body, prompt, question), begun=len(script.tokens(begun)))
        self._engine.refuse(job)
        pieces = self._engine.run(job)
        wire = Wire(self._options.alias, job, chat=chat)
        if body.get("stream"):
            return StreamingResponse(wire.stream(pieces), media_type="text/event-stream")
        return JSONResponse(await wire.whole(pieces))

    def _job(self, body: dict[str, Any], prompt: list[str], question: str) -> Job:
        stop = body.get("stop") or ()
        seed = body.get("seed")
        prediction = body.get("prediction") or {}
        template = body.get("chat_template_kwargs") or {}
        return Job(
            prompt=prompt,
            question=question,
            seed=self._options.seed if seed is None else int(seed),
            max_tokens=int(body.get("max_tokens") or 1024),
            stop=(stop,) if isinstance(stop, str) else tuple(stop),
            logprobs=bool(body.get("logprobs")),
            progress=bool(body.get("return_progress")),
            prediction=script.tokens(str(prediction.get("content", ""))),
            thinking=self._options.thinks and template.get("enable_thinking") is True,
        )

    async def _embed(self, request: Request) -> Response:
        given = (await request.json())["input"]
        texts = [given] if isinstance(given, str) else given
        rows = [
            {
                "object": "embedding",
                "index": index,
                "embedding": script.vector(text, VECTOR_LENGTH),
            }
            for index, text in enumerate(texts)
        ]
        return JSONResponse({"object": "list", "data": rows, "model": self._options.alias})

    async def _tokenize(self, request: Request) -> Response:
        text = (await request.json())["content"]
        return JSONResponse({"tokens": [script.token_id(token) for token in script.tokens(text)]})

    def _guarded(self, answer: Handler) -> Handler:
        async def route(request: Request) -> Response:
            try:
                if request.headers.get("authorization") != self._key:
                    raise Refused(401, "unauthorized", "The key is missing or wrong.")
                return await answer(request)
            except Refused as refused:
                return JSONResponse(error_body(refused), refused.status)
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                malformed = Refused(400, "invalid_request", f"Malformed request: {error}")
                return JSONResponse(error_body(malformed), malformed.status)

        return route
