"""The HTTP front: OpenAI-style routes on loopback, behind the token of this process."""

import asyncio
import hmac
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Final, cast
from weakref import WeakValueDictionary

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.engines.runner.answers import Frame, error_body
from app.engines.runner.chatting import ChatBody, RehearsalBody
from app.engines.runner.drafting import Material
from app.engines.runner.embedder import Embedding
from app.engines.runner.failures import Refused
from app.engines.runner.generation import Generation
from app.engines.runner.intake import Asked, Intake, check_window, tokens_of
from app.engines.runner.metrics import MEDIA_TYPE, metrics
from app.engines.runner.model import Model
from app.engines.runner.options import Options
from app.engines.runner.outbox import Broken, Vectors
from app.engines.runner.owner import Owner, Served
from app.engines.runner.protocol import (
    AnswerBody,
    CompletionBody,
    ControlBody,
    EmbeddingBody,
    TokenizeBody,
    parse,
)
from app.engines.runner.reply import Reply
from app.engines.runner.requests import whole_body
from app.engines.runner.statesdoor import StatesDoor
from app.engines.runner.status import Phase
from app.engines.runner.waiting import Mailbox
from app.engines.speculation.base import Drafter

MOST_TEXT: Final = 1 << 20  # characters of a prediction or document that are looked at
Endpoint = Callable[[Request], Awaitable[Response | Reply]]


class Guard:
    """Lets only `/health` through without the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the request or refuse it."""
        if scope["type"] == "http" and scope["path"] != "/health":
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(given, self._expected):
                problem = Refused(401, "unauthorized", "The token of this engine is missing.")
                await JSONResponse(error_body(problem), 401)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Front:
    """Turns requests into work for the owner's thread."""

    def __init__(self, owner: Owner, options: Options) -> None:
        self._owner = owner
        self._options = options
        self._numbers = itertools.count(1)
        self._intake: Intake | None = None
        self._replies: WeakValueDictionary[str, Reply] = WeakValueDictionary()
        self.states = StatesDoor(owner)

    def app(self, token: str) -> ASGIApp:
        """Return the ASGI application."""
        routes = [
            Route("/health", self.health),
            Route("/v1/models", _answering(self.models)),
            Route("/v1/chat/completions", _answering(self.chat), methods=["POST"]),
            Route("/v1/chat/completions/control", _answering(self.control), methods=["POST"]),
            Route("/v1/completions", _answering(self.complete), methods=["POST"]),
            Route("/v1/embeddings", _answering(self.embed), methods=["POST"]),
            Route("/states", _answering(self.states.listed)),
            Route("/states/save", _answering(self.states.save), methods=["POST"]),
            Route("/states/restore", _answering(self.states.restore), methods=["POST"]),
            Route("/states/forget", _answering(self.states.forget), methods=["POST"]),
            Route("/metrics", _answering(self.metrics)),
            Route("/drafters/prices", _answering(self.prices)),
            Route("/drafters/rehearse", _answering(self.rehearse), methods=["POST"]),
            Route("/tokenize", _answering(self.tokenize), methods=["POST"]),
        ]
        handlers = {404: _no_such_route, 405: _no_such_route, 500: _our_fault}
        return Guard(Starlette(routes=routes, exception_handlers=handlers), token)

    async def health(self, _request: Request) -> JSONResponse:
        """Say how the process is doing."""
        status = self._owner.status
        code = 200 if status.phase is Phase.READY else 503
        report = status.report(self._owner.desk.queued)
        return JSONResponse({**report, "drafters": self._owner.drafting.report()}, code)

    async def models(self, _request: Request) -> JSONResponse:
        """Describe the one model of this process."""
        served = self._served()
        model = served.model
        meta = {
            "n_ctx": served.window,
            "n_ctx_train": model.n_ctx_train,
            "n_vocab": model.n_vocab,
            "n_params": model.n_params,
            "size": model.size,
            "architecture": model.architecture,
            "sequences": self._options.sequences,
            "memory": model.memory_kind.value,
            "thinks": "enable_thinking" in model.template,
            "embedding_length": model.n_embd,
        }
        entry = {
            "id": self._options.alias,
            "object": "model",
            "owned_by": "echelon",
            "meta": meta,
        }
        return JSONResponse({"object": "list", "data": [entry]})

    async def chat(self, request: Request) -> Reply:
        """Answer a thread of messages."""
        served = self._served(embeddings=False)
        body = parse(ChatBody, await whole_body(request))
        asked = await asyncio.to_thread(self._intake_of(served).chat, body)
        return await self._reply(served, body, asked, chat=True)

    async def control(self, request: Request) -> JSONResponse:
        """Let an answer that is thinking go on to its words."""
        self._served(embeddings=False)
        body = parse(ControlBody, await whole_body(request))
        reply = self._replies.get(body.id)
        if reply is None or not await reply.end_thoughts():
            raise Refused(404, "not_found", f"There is no answer '{body.id}' that is thinking.")
        return JSONResponse({"id": body.id})

    async def complete(self, request: Request) -> Reply:
        """Continue a text."""
        served = self._served(embeddings=False)
        body = parse(CompletionBody, await whole_body(request))
        asked = await asyncio.to_thread(self._intake_of(served).completion, body)
        reply = await self._reply(served, body, asked, chat=False)
        if body.echo:
            reply.begin_with(_echoed(served.model, body.prompt))
        return reply

    async def embed(self, request: Request) -> JSONResponse:
        """Return the embeddings of texts."""
        served = self._served(embeddings=True)
        body = parse(EmbeddingBody, await whole_body(request))
        texts = await asyncio.to_thread(_texts, served.model, body)
        for text in texts:
            check_window(len(text), served.window)
        mailbox = Mailbox()
        work = Embedding(texts, mailbox.outboxes[0])
        self._owner.embeddings.submit(work)
        try:
            vectors = await _vectors(mailbox)
        finally:
            self._owner.embeddings.withdraw(work)
        count = sum(len(text) for text in texts)
        data = [
            {"object": "embedding", "index": place, "embedding": row.tolist()}
            for place, row in enumerate(vectors.rows)
        ]
        usage = {"prompt_tokens": count, "total_tokens": count}
        model = self._options.alias
        return JSONResponse({"object": "list", "data": data, "model": model, "usage": usage})

    async def prices(self, _request: Request) -> JSONResponse:
        """Say what evaluating several tokens at once was measured to cost."""
        self._served()
        return JSONResponse(self._owner.drafting.prices())

    async def rehearse(self, request: Request) -> JSONResponse:
        """Let the drafters read stored answers, at idle: `/health` tells how well they would do."""
        served = self._served(embeddings=False)
        body = parse(RehearsalBody, await whole_body(request))
        drafting = self._owner.drafting
        if body.once and drafting.knows_companion:
            return JSONResponse({"waiting": drafting.rehearsals.waiting}, 202)
        texts = await asyncio.to_thread(_stored, served.model, self._intake_of(served), body)

        def hear() -> None:
            for tokens, prompt, family in texts:
                drafting.rehearsals.hear(tokens, prompt, family)

        await asyncio.wrap_future(self._owner.generations.call(hear))
        return JSONResponse({"waiting": drafting.rehearsals.waiting}, 202)

    async def metrics(self, _request: Request) -> Response:
        """Return the figures of this process."""
        owner = self._owner
        cells = owner.served.cells if owner.served else 0
        text = metrics(owner.status, queued=owner.desk.queued, cells=cells)
        return Response(text, media_type=MEDIA_TYPE)

    async def tokenize(self, request: Request) -> JSONResponse:
        """Return the tokens of a text."""
        model = self._served().model
        body = parse(TokenizeBody, await whole_body(request))
        tokens = await asyncio.to_thread(
            model.tokenize,
            body.content,
            add_special=body.add_special,
            parse_special=body.parse_special,
        )
        if not body.with_pieces:
            return JSONResponse({"tokens": tokens})
        pieces = [
            {"id": token, "piece": model.piece(token, special=True).decode("utf-8", "replace")}
            for token in tokens
        ]
        return JSONResponse({"tokens": pieces})

    def _served(self, *, embeddings: bool | None = None) -> Served:
        served = self._owner.served
        if served is None or self._owner.status.phase is not Phase.READY:
            raise Refused(503, "loading", "The model is not loaded yet.")
        if embeddings is not None and embeddings != self._options.embeddings:
            does = "makes embeddings only" if self._options.embeddings else "makes no embeddings"
            raise Refused(400, "not_supported", f"This engine {does}.")
        return served

    def _intake_of(self, served: Served) -> Intake:
        if self._intake is None:
            self._intake = Intake(served.model, served.window)
        return self._intake

    async def _reply(self, served: Served, body: AnswerBody, asked: Asked, *, chat: bool) -> Reply:
        model, mailbox = served.model, Mailbox(body.n)
        drafters = await asyncio.to_thread(self._drafters, model, body, asked.order.prompt)
        works = [
            Generation(
                asked.order.choice(place),
                asked.speech,
                outbox,
                time.perf_counter,
                served.window,
                drafters[place],
                self._owner.status.counters.ended,
            )
            for place, outbox in enumerate(mailbox.outboxes)
        ]
        prefix = "chatcmpl" if chat else "cmpl"
        name = f"{prefix}-{next(self._numbers)}"
        frame = Frame(name, int(time.time()), self._options.alias, chat)
        reply = Reply(self._owner.generations, works, mailbox, frame, body.stream)
        self._replies[name] = reply
        return reply

    def _drafters(self, model: Model, body: AnswerBody, prompt: tuple[int, ...]) -> list[Drafter]:
        material = _material(model, body, prompt)
        return [self._owner.drafting.drafter(material, model) for _ in range(body.n)]


def _answering(endpoint: Endpoint) -> Endpoint:
    """Turn refusals into error objects."""

    async def guarded(request: Request) -> Response | Reply:
        try:
            return await endpoint(request)
        except Refused as refusal:
            return JSONResponse(error_body(refusal), refusal.status)
        except ClientDisconnect:
            return Response(status_code=499)

    return guarded


async def _no_such_route(request: Request, _error: Exception) -> JSONResponse:
    problem = Refused(404, "not_found", f"There is no {request.method} {request.url.path} here.")
    return JSONResponse(error_body(problem), 404)


async def _our_fault(_request: Request, error: Exception) -> JSONResponse:
    """Answer in our own form; the traceback goes to the log."""
    problem = Refused(500, "internal", f"The engine made a mistake ({type(error).__name__}).")
    return JSONResponse(error_body(problem), 500)


def _echoed(model: Model, prompt: str | list[int]) -> str:
    if isinstance(prompt, str):
        return prompt
    return b"".join(map(model.piece, prompt)).decode("utf-8", "replace")


def _material(model: Model, body: AnswerBody, prompt: tuple[int, ...]) -> Material:
    """Return what the answer may be drafted from; more than a window of each is of no use."""

    def tokens(text: str) -> tuple[int, ...]:
        found = model.tokenize(text[:MOST_TEXT], add_special=False, parse_special=False)
        return tuple(found)

    predicted = body.prediction.plain() if body.prediction else ""
    warm = " warm" if body.temperature > 0 else ""
    return Material(
        prompt=prompt,
        prediction=tokens(predicted) if predicted else (),
        documents=tuple(tokens(text) for text in body.documents),
        family=f"{body.task_family}{warm}",
    )


def _stored(model: Model, intake: Intake, body: RehearsalBody) -> list[tuple[list[int], int, str]]:
    found = []
    for each in body.answers:
        prompt = model.tokenize(each.prompt, add_special=True, parse_special=True)
        if each.messages:
            prompt = list(intake.chat(ChatBody(messages=each.messages)).order.prompt)
        answer = model.tokenize(each.answer, add_special=False, parse_special=False)
        found.append((prompt + answer, len(prompt), each.task_family))
    return found


def _texts(model: Model, body: EmbeddingBody) -> tuple[tuple[int, ...], ...]:
    given = body.input
    single = isinstance(given, str) or (bool(given) and isinstance(given[0], int))
    texts = cast("list[str | list[int]]", [given] if single else given)
    return tuple(tuple(tokens_of(model, each, parse_special=False)) for each in texts)


async def _vectors(mailbox: Mailbox) -> Vectors:
    async for messages in mailbox.batches():
        for _, message in messages:
            if isinstance(message, Vectors):
                return message
            if isinstance(message, Broken):
                raise Refused(message.status, message.code, message.message)
    raise AssertionError("the mailbox never ends by itself")
