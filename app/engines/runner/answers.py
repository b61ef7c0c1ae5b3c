"""The JSON of answers: OpenAI's objects, with llama.cpp's timings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.engines.runner.failures import Refused
from app.engines.runner.outbox import Broken, Ended, Reading
from app.engines.runner.text import TokenScore

DONE: Final = b"data: [DONE]\n\n"
Json = dict[str, object]


def error_body(problem: Refused | Broken) -> Json:
    """Return an error object."""
    kind = "invalid_request_error" if problem.status < 500 else "server_error"
    fields = problem.fields if isinstance(problem, Refused) else {}
    return {
        "error": {
            "code": problem.code,
            "type": kind,
            "message": problem.message,
            **fields,
        }
    }


def event(body: Json) -> bytes:
    """Return one server-sent event."""
    return (
        b"data: " + json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"
    )


def _token(piece: bytes, logprob: float) -> Json:
    return {"token": piece.decode("utf-8", "replace"), "logprob": logprob, "bytes": list(piece)}


def _scores(scores: Sequence[TokenScore]) -> Json:
    return {
        "content": [
            {
                **_token(each.piece, each.logprob),
                "top_logprobs": [_token(piece, logprob) for piece, logprob in each.top],
            }
            for each in scores
        ]
    }


def _end(ended: Ended) -> Json:
    predicted = ended.timings.predicted_n
    return {
        "usage": {
            "prompt_tokens": ended.prompt_tokens,
            "completion_tokens": predicted,
            "total_tokens": ended.prompt_tokens + predicted,
        },
        "timings": ended.timings.model_dump(),
    }


@dataclass(frozen=True, slots=True)
class Frame:
    """What all parts of one answer have in common; `chat` tells the two kinds apart."""

    id: str
    created: int
    model: str
    chat: bool

    def _head(self, streamed: bool) -> Json:
        kind = "text_completion"
        if self.chat:
            kind = "chat.completion.chunk" if streamed else "chat.completion"
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def _chunk(self, choice: Json, finish: str | None = None, **more: object) -> bytes:
        choices = [{"index": 0, "finish_reason": finish, **choice}]
        return event({**self._head(streamed=True), "choices": choices, **more})

    def opening(self) -> bytes:
        """Return the first chunk of a chat answer."""
        return self._chunk({"delta": {"role": "assistant"}}) if self.chat else b""

    def _content(self, text: str) -> Json:
        if not self.chat:
            return {"text": text}
        return {"delta": {"content": text} if text else {}}

    def text(self, text: str, scores: Sequence[TokenScore]) -> bytes:
        """Return a chunk of text."""
        choice = self._content(text)
        if scores:
            choice["logprobs"] = _scores(scores)
        return self._chunk(choice)

    def reading(self, reading: Reading) -> bytes:
        """Return a chunk that tells how far the prompt is read."""
        progress = {**reading.progress.model_dump(), "time_ms": reading.elapsed_ms}
        return self._chunk(self._content(""), prompt_progress=progress)

    def closing(self, ended: Ended) -> bytes:
        """Return the last chunk and the end mark."""
        return self._chunk(self._content(""), ended.finish_reason, **_end(ended)) + DONE

    def whole(self, text: str, scores: Sequence[TokenScore], ended: Ended, scored: bool) -> Json:
        """Return the answer in one piece."""
        content: Json = {"text": text}
        if self.chat:
            content = {"message": {"role": "assistant", "content": text}}
        choice = {
            "index": 0,
            **content,
            "logprobs": _scores(scores) if scored else None,
            "finish_reason": ended.finish_reason,
        }
        return {**self._head(streamed=False), "choices": [choice], **_end(ended)}
