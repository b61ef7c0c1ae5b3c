"""The mock's answers in OpenAI's shapes: server-sent chunks, or one whole object."""

import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from app.engines.mock.engine import Job
from app.engines.runner.failures import Refused

Pieces = AsyncGenerator[dict[str, Any], None]


def error_body(refused: Refused) -> dict[str, Any]:
    """Return the JSON of a refusal."""
    kind = "server_error" if refused.status >= 500 else "invalid_request_error"
    error = {"code": refused.code, "type": kind, "message": refused.message, **refused.fields}
    return {"error": error}


class Wire:
    """Dresses the pieces of one answer up for the client."""

    def __init__(self, alias: str, job: Job, *, chat: bool) -> None:
        self._head = {"id": f"mock-{time.monotonic_ns()}", "created": int(time.time())}
        self._head["model"] = alias
        self._job = job
        self._chat = chat

    async def stream(self, pieces: Pieces) -> AsyncGenerator[bytes, None]:
        """Yield the answer as server-sent events; an error on the way is the last of them."""
        async with aclosing(pieces):
            try:
                async for piece in pieces:
                    yield _event(piece.get("raw") or json.dumps(self._chunk(piece)))
                    if "finish_reason" in piece:
                        yield _event("[DONE]")
            except Refused as refused:
                yield _event(json.dumps(error_body(refused)))

    async def whole(self, pieces: Pieces) -> dict[str, Any]:
        """Return the answer as one object."""
        text, logprobs, last = "", [], {}
        async with aclosing(pieces):
            async for piece in pieces:
                text += piece["delta"].get("content", "")
                logprobs += piece.get("logprobs", {}).get("content", [])
                last = piece
        said = {"message": {"role": "assistant", "content": text}} if self._chat else {"text": text}
        finish = last.get("finish_reason")
        choice = {"index": 0, **said, "finish_reason": finish, "logprobs": {"content": logprobs}}
        return {**self._head, "object": self._kind(""), "choices": [choice], **self._costs(last)}

    def _chunk(self, piece: dict[str, Any]) -> dict[str, Any]:
        delta = piece["delta"]
        said = {"delta": delta} if self._chat else {"text": delta.get("content", "")}
        choice = {"index": 0, **said, "finish_reason": piece.get("finish_reason")}
        if "logprobs" in piece:
            choice["logprobs"] = piece["logprobs"]
        chunk = {**self._head, "object": self._kind(".chunk"), "choices": [choice]}
        if "prompt_progress" in piece:
            chunk["prompt_progress"] = piece["prompt_progress"]
        return {**chunk, **self._costs(piece)}

    def _costs(self, piece: dict[str, Any]) -> dict[str, Any]:
        timings = piece.get("timings")
        if timings is None:
            return {}
        read, written = len(self._job.prompt), timings["predicted_n"]
        usage = {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
        }
        return {"timings": timings, "usage": usage}

    def _kind(self, suffix: str) -> str:
        return f"chat.completion{suffix}" if self._chat else "text_completion"


def _event(data: str) -> bytes:
    return f"data: {data}\n\n".encode()
