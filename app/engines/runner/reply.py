"""Sending one answer: streamed or whole, and withdrawn as soon as nobody listens."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from app.engines.runner.answers import Frame, error_body, event
from app.engines.runner.desk import Desk
from app.engines.runner.generation import Generation
from app.engines.runner.outbox import Broken, Ended, Message, Reading
from app.engines.runner.text import Emission, TokenScore
from app.engines.runner.waiting import Mailbox

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
]
GONE = Broken(499, "client_gone", "The client closed the connection.")


async def withdraw_when_gone(receive: Receive, desk: Desk[Generation], work: Generation) -> None:
    """Wait until the client leaves, then stop its answer and whoever waits for it."""
    while (await receive())["type"] != "http.disconnect":
        pass
    desk.withdraw(work)
    work.outbox.push(GONE)


def merged(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with neighbouring texts joined into one."""
    joined: list[Message] = []
    for message in messages:
        last = joined[-1] if joined else None
        if isinstance(message, Emission) and isinstance(last, Emission):
            joined[-1] = Emission(last.text + message.text, last.scores + message.scores)
        else:
            joined.append(message)
    return joined


class Reply:
    """An ASGI response that asks for a generation and sends what comes of it."""

    def __init__(
        self, desk: Desk[Generation], work: Generation, mailbox: Mailbox, frame: Frame, stream: bool
    ) -> None:
        self._desk = desk
        self._work = work
        self._mailbox = mailbox
        self._frame = frame
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request to its end, or to where the client leaves."""
        watcher = asyncio.create_task(withdraw_when_gone(receive, self._desk, self._work))
        self._desk.submit(self._work)
        try:
            if self._stream:
                await self._send_stream(send)
            else:
                await (await self._whole())(scope, receive, send)
        finally:
            self._desk.withdraw(self._work)
            watcher.cancel()

    async def _send_stream(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        opening = self._frame.opening()
        await send({"type": "http.response.body", "body": opening, "more_body": True})
        async for chunk in self._chunks():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _chunks(self) -> AsyncIterator[bytes]:
        async for messages in self._mailbox.batches():
            for message in merged(messages):
                if isinstance(message, Emission):
                    yield self._frame.text(message.text, message.scores)
                elif isinstance(message, Reading):
                    yield self._frame.reading(message)
                elif isinstance(message, Ended):
                    yield self._frame.closing(message)
                    return
                elif isinstance(message, Broken):
                    yield event(error_body(message))
                    return

    async def _whole(self) -> JSONResponse:
        texts: list[str] = []
        scores: list[TokenScore] = []
        async for messages in self._mailbox.batches():
            for message in messages:
                if isinstance(message, Emission):
                    texts.append(message.text)
                    scores.extend(message.scores)
                elif isinstance(message, Ended):
                    scored = self._work.order.logprobs
                    body = self._frame.whole("".join(texts), scores, message, scored)
                    return JSONResponse(body)
                elif isinstance(message, Broken):
                    return JSONResponse(error_body(message), message.status)
        raise AssertionError("the mailbox never ends by itself")
