"""The body of a request, up to a size."""

from typing import Final

from starlette.requests import Request

from app.engines.runner.failures import Refused

MAX_BODY: Final = 64 << 20


async def whole_body(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        Refused: it is too large.
    """
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > MAX_BODY:
            raise Refused(413, "too_large", "The request is too large.")
        parts.append(part)
    return b"".join(parts)
