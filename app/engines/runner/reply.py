"""Sending one answer: streamed or whole, and withdrawn as soon as nobody listens."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from app.engines.runner.answers import Frame, Gathered, error_body, event
from app.engines.runner.desk import Desk
from app.engines.runner.generation import Generation
from app.engines.runner.outbox import Broken, Ended, Message, Reading
from app.engines.runner.text import Emission
from app.engines.runner.waiting import Mailbox

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
]
GONE = Broken(499, "client_gone", "The client closed the connection.")


def merged(messages: Sequence[tuple[int, Message]]) -> list[tuple[int, Message]]:
    """Return the messages with neighbouring texts of one kind joined into one."""
    joined: list[tuple[int, Message]] = []
    for place, message in messages:
        before, last = joined[-1] if joined else (-1, None)
        if before == place and isinstance(message, Emission) and isinstance(last, Emission):
            both = last.joined(message)
            if both is not None:
                joined[-1] = place, both
                continue
        joined.append((place, message))
    return joined


class Reply:
    """An ASGI response that asks for one or more choices and sends what comes of them."""

    def __init__(
        self,
        desk: Desk[Generation],
        works: Sequence[Generation],
        mailbox: Mailbox,
        frame: Frame,
        stream: bool,
    ) -> None:
        self._desk = desk
        self._works = works
        self._waiting = list(works)
        self._mailbox = mailbox
        self._frame = frame
        self._stream = stream
        self._ends: dict[int, Ended] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request to its end, or to where the client leaves."""
        watcher = asyncio.create_task(self._withdraw_when_gone(receive))
        self._submit(1)
        try:
            if self._stream:
                await self._send_stream(send)
            else:
                await (await self._whole())(scope, receive, send)
        finally:
            self._withdraw()
            watcher.cancel()

    async def end_thoughts(self) -> bool:
        """Let all choices go on to their words; False when none is thinking."""

        def end() -> bool:
            return sum(work.end_thoughts() for work in self._works) > 0

        return await asyncio.wrap_future(self._desk.call(end))

    def begin_with(self, text: str) -> None:
        """Let every choice begin with a text."""
        for work in self._works:
            work.outbox.push(Emission(text))

    def _submit(self, count: int) -> None:
        for work in self._waiting[:count]:
            self._desk.submit(work)
        del self._waiting[:count]

    def _withdraw(self) -> None:
        for work in self._works:
            self._desk.withdraw(work)

    async def _withdraw_when_gone(self, receive: Receive) -> None:
        """Wait until the client leaves, then stop its answer and whoever waits for it."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._withdraw()
        self._works[0].outbox.push(GONE)

    async def _messages(self) -> AsyncIterator[tuple[int, Message]]:
        """Yield all messages up to the end of the last choice, or to what breaks the answer."""
        async for batch in self._mailbox.batches():
            for place, message in merged(batch):
                if isinstance(message, Ended):
                    self._ends[place] = message
                yield place, message
                if isinstance(message, Broken) or len(self._ends) == len(self._works):
                    return
                # The prompt is read: the other choices can share what is known of it.
                if not isinstance(message, Reading):
                    self._submit(len(self._works))

    async def _send_stream(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        opening = b"".join(self._frame.opening(place) for place in range(len(self._works)))
        await send({"type": "http.response.body", "body": opening, "more_body": True})
        async for place, message in self._messages():
            chunk = self._chunk(place, message)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _chunk(self, place: int, message: Message) -> bytes:
        if isinstance(message, Emission):
            return self._frame.said(place, message)
        if isinstance(message, Reading):
            return self._frame.reading(place, message)
        if isinstance(message, Ended):
            complete = len(self._ends) == len(self._works)
            return self._frame.closing(place, message, self._all_ends() if complete else ())
        assert isinstance(message, Broken)
        return event(error_body(message))

    def _all_ends(self) -> list[Ended]:
        return [self._ends[place] for place in range(len(self._works))]

    async def _whole(self) -> JSONResponse:
        gathered = [Gathered() for _ in self._works]
        async for place, message in self._messages():
            if isinstance(message, Emission):
                gathered[place].add(message)
            elif isinstance(message, Broken):
                return JSONResponse(error_body(message), message.status)
        work = self._works[0]
        scored = work.order.logprobs
        body = self._frame.whole(gathered, self._all_ends(), scored, work.speech.spelled)
        return JSONResponse(body)
