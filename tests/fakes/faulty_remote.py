"""A remote on a real socket that answers as told, also with what no server should send."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

Ending = Literal["close", "hang", "reset"]
LISTED = {"object": "list", "data": [{"id": "big", "object": "model", "max_model_len": 4096}]}


@dataclass(frozen=True)
class Reply:
    """One answer: its head, its body in pieces, and what happens to the connection then.

    `whole` states the length of the body; otherwise its end is the end of the connection.
    """

    status: int = 200
    kind: str = "application/json"
    pieces: tuple[bytes, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    ending: Ending = "close"
    whole: bool = True


def said(body: Any, status: int = 200, **headers: str) -> Reply:
    """Return a JSON answer."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, "application/json", (json.dumps(body).encode(),), names)


def refused(status: int, message: str, **headers: str) -> Reply:
    """Return a refusal in OpenAI's shape."""
    return said({"error": {"message": message, "type": "x"}}, status, **headers)


def page(status: int = 200) -> Reply:
    """Return a web page."""
    return Reply(status, "text/html; charset=utf-8", (b"<!doctype html><title>Welcome</title>",))


def chunk(text: str = "", finish: str | None = None, **fields: Any) -> bytes:
    """Return one event of a streamed answer."""
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
    return f"data: {json.dumps({'choices': [{**choice, **fields}]})}\n\n".encode()


def logprob(token: str) -> dict[str, Any]:
    """Return the field that tells one token's log-probability."""
    return {"logprobs": {"content": [{"token": token, "logprob": -0.5}]}}


USAGE = (
    b'data: {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 3, '
    b'"prompt_tokens_details": {"cached_tokens": 4}}}\n\n'
)
DONE = b"data: [DONE]\n\n"
GOOD = (
    chunk("Hello", **logprob("Hello")), chunk(" world", **logprob(" world")),
    chunk(".", **logprob(".")), chunk(finish="stop"), USAGE, DONE,
)  # fmt: skip


def streamed(*pieces: bytes, ending: Ending = "close") -> Reply:
    """Return a stream of events, cut as given."""
    return Reply(200, "text/event-stream", pieces or GOOD, ending=ending, whole=False)


@dataclass
class FaultyRemote:
    """Answers each path with its replies in order; the last one stays."""

    replies: dict[str, list[Reply]]
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    url: str = ""
    hung: asyncio.Event = field(default_factory=asyncio.Event)

    def bodies(self) -> list[Any]:
        """Return what was posted for chat."""
        return [body for path, _, body in self.asked if path == "/v1/chat/completions"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection, one request."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            path, headers, body = await _request(reader)
            self.asked.append((path, headers, body))
            waiting = self.replies.get(path.removeprefix("/v1"), [refused(404, "no such route")])
            reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            await _send(writer, reply)
            if reply.ending == "hang":
                self.hung.set()
                await reader.read()  # until the other side has had enough
            if reply.ending == "reset":
                writer.transport.abort()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return first.split()[1], headers, json.loads(body) if body else None


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> None:
    headers = {"Content-Type": reply.kind, "Connection": "close", **reply.headers}
    if reply.whole:
        headers["Content-Length"] = str(sum(map(len, reply.pieces)))
    lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    for piece in reply.pieces:
        await writer.drain()
        writer.write(piece)
        await asyncio.sleep(0)
    await writer.drain()


@asynccontextmanager
async def faulty_remote(*chat: Reply, models: Reply | None = None) -> AsyncIterator[FaultyRemote]:
    """Serve these answers to chats as long as the block lasts."""
    listed = models or said(LISTED)
    remote = FaultyRemote({"/chat/completions": list(chat) or [streamed()], "/models": [listed]})
    server = await asyncio.start_server(remote.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    remote.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield remote
    finally:
        server.close()
