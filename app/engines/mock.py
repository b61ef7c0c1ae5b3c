"""The mock engine: a real child process that speaks the engines' protocol from a script.

Control words in the last message ask for faults and shapes: `/mock die-mid`, `slow`, `stall`,
`stall-first`, `garbage`, `cut`, `overflow`, `error500`, `error-mid`, `long`, `plain`, `list`,
`code`, `table`. The flag `--fault` asks for faults of the whole process.
"""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app.engines import mock_life as life
from app.engines import mock_script as script
from app.engines.mock_engine import Job, MockEngine
from app.engines.mock_wire import Wire, error_body
from app.engines.runner.failures import ExitCode, LoadFailed, Refused

FAULTS = ("crash-on-load", "model-missing", "model-invalid", "never-ready", "silent")
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

    async def load(self) -> None:
        """Take the asked time to become ready, or fail the asked way."""
        for step in range(_LOAD_STEPS):
            await asyncio.sleep(self._options.load_seconds / _LOAD_STEPS)
            self._progress = (step + 1) / _LOAD_STEPS
            if self._options.fault and step == _LOAD_STEPS // 2:
                await _fail_loading(self._options.fault)
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
        }
        entry = {"id": self._options.alias, "object": "model", "meta": meta}
        return JSONResponse({"object": "list", "data": [entry]})

    async def _chat(self, request: Request) -> Response:
        body = await request.json()
        messages = body["messages"]
        # A turn's template costs a few tokens, as with a real model.
        prompt = [
            token
            for message in messages
            for token in (f"<{message['role']}>", *script.tokens(message["content"]), "<end>")
        ]
        return await self._answer(body, prompt, messages[-1]["content"], chat=True)

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        prompt = body["prompt"]
        text = prompt if isinstance(prompt, str) else " ".join(map(str, prompt))
        return await self._answer(body, script.tokens(text), text, chat=False)

    async def _answer(
        self, body: dict[str, Any], prompt: list[str], question: str, *, chat: bool
    ) -> Response:
        if self._status != "ready":
            raise Refused(503, "loading", "The model is still loading.")
        job = self._job(body, prompt, question)
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
        return Job(
            prompt=prompt,
            question=question,
            seed=self._options.seed if seed is None else int(seed),
            max_tokens=int(body.get("max_tokens") or 1024),
            stop=(stop,) if isinstance(stop, str) else tuple(stop),
            logprobs=bool(body.get("logprobs")),
            progress=bool(body.get("return_progress")),
            prediction=script.tokens(str(prediction.get("content", ""))),
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


async def _fail_loading(fault: str) -> None:
    if fault == "crash-on-load":
        if sys.platform != "win32":
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(70)
    if fault == "never-ready":
        await asyncio.Event().wait()
    if fault == "model-missing":
        life.fail(LoadFailed(ExitCode.MODEL_MISSING, "There is no such file."))
    if fault == "model-invalid":
        life.fail(LoadFailed(ExitCode.MODEL_INVALID, "This is no GGUF."))


def parse(argv: Sequence[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="mock", allow_abbrev=False)
    parser.add_argument("--alias", default="mock")
    parser.add_argument("--tier", choices=tuple(script.PERSONAS), default="A")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--sequences", type=int, default=2)
    parser.add_argument("--load-seconds", type=float, default=0.3)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--fault", choices=FAULTS, default="")
    return Options(**vars(parser.parse_args(argv)))


async def _serve(server: MockServer, sock: socket.socket) -> None:
    config = uvicorn.Config(
        server.app(),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    loading = asyncio.create_task(server.load(), name="load")
    await uvicorn.Server(config).serve(sockets=[sock])
    loading.cancel()


def main(argv: Sequence[str]) -> int:
    """Run until told to end."""
    options = parse(argv)
    life.tie_to_parent()
    sock = life.listen()
    if options.fault != "silent":
        life.announce(sock.getsockname()[1], options.alias)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    asyncio.run(_serve(MockServer(options, os.environ["ECHELON_ENGINE_TOKEN"]), sock))
    return ExitCode.STOPPED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
