"""One posted request and the server-sent events that answer it."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import httpx

from app.engines.sse import EventParser, ServerEvent

# Reading has no limit here: how long a first token may take is for the caller to know.
STREAM_TIMEOUT = httpx.Timeout(connect=5.0, read=None, write=30.0, pool=None)


async def posted(
    http: httpx.AsyncClient,
    path: str,
    body: dict[str, Any],
    check: Callable[[httpx.Response], object],
) -> AsyncGenerator[ServerEvent, None]:
    """Post `body` and yield the events of the answer; leaving early closes the connection.

    Args:
        http: the client that knows the server.
        path: below the client's base.
        body: the request as JSON.
        check: raises what a response without a stream of events means; its content is read.
    """
    parser = EventParser()
    stream = http.stream("POST", path, json=body, timeout=STREAM_TIMEOUT)
    async with stream as response:
        if not streams(response):
            await response.aread()
            check(response)
        # The name keeps the iterator alive until the response is closed. Dropped earlier, on a
        # loop that does not look after abandoned generators (Qt's), it would half-close the
        # connection on its own, and the engine would never hear that nobody listens.
        pieces = response.aiter_bytes()
        async for data in pieces:
            for event in parser.feed(data):
                yield event


def streams(response: httpx.Response) -> bool:
    """Return whether a response is a stream of events, as far as its head tells."""
    kind = response.headers.get("content-type", "text/event-stream")
    return response.status_code == httpx.codes.OK and kind.startswith("text/event-stream")
