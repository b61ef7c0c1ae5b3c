"""What a hub, or what stands between it and us, can answer instead of what was asked for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

# What is asked for: a search, one repository, its files, its card, who we are, bytes.
Door = Literal["search", "model", "tree", "card", "whoami", "resolve", "bytes"]
Fault = Literal[
    "401", "403", "gated", "404", "416", "429", "limit", "500", "503", "html", "portal", "cut json",
    "short", "circle", "stall", "drip", "deep", "huge", "list", "no ranges", "other range", "empty",
    "long", "changed", "spoilt",
]  # fmt: skip
# What goes wrong with bytes while they come: the rest is wrong from the first word on.
ON_THE_WAY: frozenset[Fault] = frozenset(
    {"stall", "short", "empty", "long", "changed", "spoilt", "no ranges", "other range"}
)
_PIECE = 64 << 10
_TIB = 1 << 40
_PAGE = "<!doctype html><title>Sign in</title>"


def refusal(status: int, code: str, message: str) -> Response:
    headers = {"X-Error-Message": message} | ({"X-Error-Code": code} if code else {})
    return JSONResponse({"error": message}, status, headers)


def wrong(fault: Fault, request: Request) -> Response | None:
    """Return the faulty answer, or None for faults that only the bytes have."""
    make = _ANSWERS.get(fault)
    return make(request) if make is not None else None


def claimed(fault: Fault | None, size: int) -> int:
    """Return how long a file of `size` is said to be."""
    return size + _TIB if fault == "long" else size


async def carried(fault: Fault | None, data: bytes) -> AsyncIterator[bytes]:
    """Yield the bytes of a body as a server with this fault sends them."""
    if fault == "spoilt":
        data = bytes([data[0] ^ 0xFF]) + data[1:]
    end = len(data) // 2 if fault in {"stall", "short"} else len(data)
    for at in range(0, end, _PIECE):
        yield data[at : min(end, at + _PIECE)]
    if fault == "stall":
        await asyncio.Event().wait()


def _json(body: str | AsyncIterator[bytes]) -> Response:
    kind = "application/json"
    if isinstance(body, str):
        return Response(body, media_type=kind)
    return StreamingResponse(body, media_type=kind)


def _page(status: int) -> Response:
    return Response(_PAGE, status, media_type="text/html")


async def _endless(piece: bytes, pause_s: float = 0.0) -> AsyncIterator[bytes]:
    while True:
        yield piece
        await asyncio.sleep(pause_s)


async def _hanging() -> AsyncIterator[bytes]:
    yield b"["
    await asyncio.Event().wait()


_CREDENTIALS = "Invalid credentials in Authorization header"
_ANSWERS: dict[Fault, Callable[[Request], Response]] = {
    "401": lambda _: refusal(401, "", _CREDENTIALS),
    "403": lambda _: refusal(403, "", "Forbidden: your token has not the right"),
    "gated": lambda _: refusal(403, "GatedRepo", "Access to model is restricted."),
    "404": lambda _: refusal(404, "RepoNotFound", "Repository not found"),
    "429": lambda _: JSONResponse({"error": "Too many"}, 429, {"Retry-After": "17"}),
    "limit": lambda _: JSONResponse({"error": "Too many"}, 429, {"RateLimit": '"api";r=0;t=55'}),
    "500": lambda _: _page(500),
    "503": lambda _: _page(503),
    "html": lambda _: _page(200),
    "portal": lambda _: _page(402),
    "circle": lambda request: RedirectResponse(str(request.url), 302),
    "cut json": lambda _: _json('[{"id": "a/b", "down'),
    "deep": lambda _: _json("[" * 200_000),
    "list": lambda _: JSONResponse("words"),
    "huge": lambda _: _json(_endless(b" " * _PIECE)),
    "drip": lambda _: _json(_endless(b" ", 0.02)),
    "stall": lambda _: _json(_hanging()),
    # More is announced than comes, then the connection ends.
    "short": lambda _: Response(b"[{", 200, {"Content-Length": "5000"}, "application/json"),
}
