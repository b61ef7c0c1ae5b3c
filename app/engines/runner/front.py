"""The HTTP front: OpenAI-style routes on loopback, behind the token of this process."""

import asyncio
import hmac
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final, cast

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.engines.runner.answers import Frame, error_body
from app.engines.runner.drafting import Material
from app.engines.runner.embedder import Embedding
from app.engines.runner.failures import Refused
from app.engines.runner.generation import Generation, Order, Speech
from app.engines.runner.model import Model
from app.engines.runner.options import Options
from app.engines.runner.outbox import Broken, Vectors
from app.engines.runner.owner import Owner, Served
from app.engines.runner.prompt import PromptBuilder
from app.engines.runner.protocol import (
    AnswerBody,
    ChatBody,
    CompletionBody,
    EmbeddingBody,
    TokenizeBody,
    parse,
)
from app.engines.runner.reply import Reply
from app.engines.runner.status import Phase
from app.engines.runner.template import ChatTemplate, TemplateFailed
from app.engines.runner.waiting import Mailbox

MAX_BODY: Final = 64 << 20
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
        self._prompts: PromptBuilder | None = None

    def app(self, token: str) -> ASGIApp:
        """Return the ASGI application."""
        routes = [
            Route("/health", self.health),
            Route("/v1/models", _answering(self.models)),
            Route("/v1/chat/completions", _answering(self.chat), methods=["POST"]),
            Route("/v1/completions", _answering(self.complete), methods=["POST"]),
            Route("/v1/embeddings", _answering(self.embed), methods=["POST"]),
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
            "embedding_length": model.n_embd,
        }
        entry = {"id": self._options.alias, "object": "model", "meta": meta}
        return JSONResponse({"object": "list", "data": [entry]})

    async def chat(self, request: Request) -> Reply:
        """Answer a thread of messages."""
        served = self._served(embeddings=False)
        body = parse(ChatBody, await _read(request))
        messages = [message.plain() for message in body.messages]
        tokens = await asyncio.to_thread(self._chat_prompt, served.model, messages)
        material = await asyncio.to_thread(_material, served.model, body, len(tokens))
        return self._reply(served, body, tokens, material, chat=True)

    async def complete(self, request: Request) -> Reply:
        """Continue a text."""
        served = self._served(embeddings=False)
        body = parse(CompletionBody, await _read(request))
        tokens = await asyncio.to_thread(_tokens, served.model, body.prompt, parse_special=True)
        material = await asyncio.to_thread(_material, served.model, body, len(tokens))
        return self._reply(served, body, tokens, material, chat=False)

    async def embed(self, request: Request) -> JSONResponse:
        """Return the embeddings of texts."""
        served = self._served(embeddings=True)
        body = parse(EmbeddingBody, await _read(request))
        texts = await asyncio.to_thread(_texts, served.model, body)
        for text in texts:
            _check_window(len(text), served.window)
        mailbox = Mailbox()
        work = Embedding(texts, mailbox.outbox)
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

    async def tokenize(self, request: Request) -> JSONResponse:
        """Return the tokens of a text."""
        model = self._served().model
        body = parse(TokenizeBody, await _read(request))
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

    def _chat_prompt(self, model: Model, messages: list[dict[str, str]]) -> list[int]:
        try:
            if self._prompts is None:
                template = ChatTemplate(model.template, bos=model.bos_text, eos=model.eos_text)
                self._prompts = PromptBuilder(model, template, lambda: secrets.randbits(60))
            return self._prompts.build(messages)
        except TemplateFailed as failure:
            if failure.refused:
                raise Refused(400, "template_refused", str(failure)) from failure
            raise Refused(500, "template_failed", str(failure)) from failure

    def _reply(
        self,
        served: Served,
        body: AnswerBody,
        tokens: list[int],
        material: Material,
        *,
        chat: bool,
    ) -> Reply:
        _check_window(len(tokens), served.window - 1, shown=served.window)
        model, mailbox = served.model, Mailbox()
        order = Order(
            prompt=tuple(tokens),
            sampling=body.sampling(served.window - len(tokens)),
            logprobs=body.scored,
            top_logprobs=body.alternatives,
            progress=body.return_progress and body.stream,
        )
        speech = Speech(model.piece, lambda token: model.piece(token, special=True), model.ends)
        drafter = self._owner.drafting.drafter(material, model)
        work = Generation(order, speech, mailbox.outbox, time.perf_counter, served.window, drafter)
        prefix = "chatcmpl" if chat else "cmpl"
        name = f"{prefix}-{next(self._numbers)}"
        frame = Frame(name, int(time.time()), self._options.alias, chat)
        return Reply(self._owner.generations, work, mailbox, frame, body.stream)


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


async def _read(request: Request) -> bytes:
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > MAX_BODY:
            raise Refused(413, "too_large", "The request is too large.")
        parts.append(part)
    return b"".join(parts)


def _check_window(count: int, most: int, *, shown: int | None = None) -> None:
    window = most if shown is None else shown
    if count > most:
        message = f"The text has {count} tokens; this model's window holds {window}."
        fields = {"n_prompt_tokens": count, "n_ctx": window}
        raise Refused(400, "exceed_context_size", message, **fields)
    if count == 0:
        raise Refused(400, "invalid_request", "The text is empty.")


def _tokens(model: Model, text: str | list[int], *, parse_special: bool) -> list[int]:
    if isinstance(text, str):
        return model.tokenize(text, add_special=True, parse_special=parse_special)
    if any(token >= model.n_vocab for token in text):
        message = f"A token id is not in the vocabulary of {model.n_vocab}."
        raise Refused(400, "invalid_request", message)
    return text


def _material(model: Model, body: AnswerBody, prompt: int) -> Material:
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


def _texts(model: Model, body: EmbeddingBody) -> tuple[tuple[int, ...], ...]:
    given = body.input
    single = isinstance(given, str) or (bool(given) and isinstance(given[0], int))
    texts = cast("list[str | list[int]]", [given] if single else given)
    return tuple(tuple(_tokens(model, each, parse_special=False)) for each in texts)


async def _vectors(mailbox: Mailbox) -> Vectors:
    async for messages in mailbox.batches():
        for message in messages:
            if isinstance(message, Vectors):
                return message
            if isinstance(message, Broken):
                raise Refused(message.status, message.code, message.message)
    raise AssertionError("the mailbox never ends by itself")
