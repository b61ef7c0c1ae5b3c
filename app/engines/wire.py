"""The OpenAI-style wire format: JSON from an engine to domain chunks and errors."""

import json
from collections.abc import Iterator, Mapping
from math import exp
from typing import Any

from app.domain.errors import (
    AppError,
    ContextExceeded,
    EngineAnswerInvalid,
    EngineStalled,
    RequestInvalid,
)
from app.domain.generation import (
    CallChunk,
    Chunk,
    FinalChunk,
    PromptProgress,
    ReasoningChunk,
    TextChunk,
    Timings,
    TokenLogprob,
)

DONE = "[DONE]"
# What reading badly shaped JSON raises; a ValidationError is a ValueError.
MALFORMED = (LookupError, TypeError, ValueError, AttributeError)
_OVERFLOW_CODES = frozenset(
    {"exceed_context_size", "exceed_context_size_error", "context_length_exceeded"}
)
_LEAST = -1000.0  # a log-probability of nothing at all
_TRY_AGAIN = "Try again; if it happens again, look at the engine's log."


def answer_invalid(what: str) -> EngineAnswerInvalid:
    """Return the error for an engine that leaves its protocol."""
    return EngineAnswerInvalid(f"The engine sent something unexpected: {what}.", remedy=_TRY_AGAIN)


def parse_object(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object in `text`; anything else is an EngineAnswerInvalid."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise answer_invalid("no JSON") from error
    if not isinstance(value, dict):
        raise answer_invalid("JSON, but no object")
    return value


class AnswerReader:
    """Reads the events of one streamed answer; holds the end back until all of it is known."""

    def __init__(self) -> None:
        self._finish_reason = ""
        self._timings: Timings | None = None
        self._usage: Timings | None = None

    def read(self, data: str) -> Iterator[Chunk]:
        """Yield the text and progress in one event; an error in it is raised."""
        event = parse_object(data)
        if event.get("error"):
            raise refusal(500, event)
        try:
            yield from self._chunks(event)
        except MALFORMED as error:
            raise answer_invalid("a chunk without the agreed fields") from error

    def final(self) -> FinalChunk | None:
        """Return the end of the answer, or None when the stream broke off before it."""
        if not self._finish_reason:
            return None
        timings = self._timings or self._usage
        return FinalChunk(finish_reason=self._finish_reason, timings=timings)

    def _chunks(self, event: dict[str, Any]) -> Iterator[Chunk]:
        self._note_costs(event)
        if event.get("prompt_progress"):
            yield PromptProgress.model_validate(event["prompt_progress"])
        choices = event.get("choices")
        if not choices:  # a usage chunk
            return
        choice = choices[0]
        delta = choice.get("delta", {})
        if thought := delta.get("reasoning_content"):
            yield ReasoningChunk(text=thought)
        for call in delta.get("tool_calls") or ():
            yield _call(call)
        text = delta.get("content") or ""
        logprobs = _logprobs(choice.get("logprobs"))
        if text or logprobs:
            yield TextChunk(text=text, logprobs=logprobs)
        if choice.get("finish_reason"):
            self._finish_reason = str(choice["finish_reason"])

    def _note_costs(self, event: Mapping[str, Any]) -> None:
        if event.get("timings"):
            self._timings = Timings.model_validate(event["timings"])
        if event.get("usage"):
            self._usage = _usage(event["usage"])


def _usage(usage: Mapping[str, Any]) -> Timings:
    """Return the counts of an engine that measures no times."""
    cached = int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0)
    prompt, predicted = (int(usage.get(f"{part}_tokens") or 0) for part in ("prompt", "completion"))
    return Timings(cache_n=cached, prompt_n=prompt - cached, predicted_n=predicted)


def _call(delta: Mapping[str, Any]) -> CallChunk:
    function = delta.get("function") or {}
    return CallChunk(
        index=delta.get("index") or 0,
        id=delta.get("id") or "",
        name=function.get("name") or "",
        arguments=function.get("arguments") or "",
    )


def _logprobs(block: Mapping[str, Any] | None) -> tuple[TokenLogprob, ...]:
    entries = (block or {}).get("content") or ()
    return tuple(_token(entry) for entry in entries)


def _token(entry: Mapping[str, Any]) -> TokenLogprob:
    told = TokenLogprob.model_validate(entry)
    best = _best_other(entry)
    if best is None:
        return told
    margin = exp(min(0.0, told.logprob)) - exp(best)
    return TokenLogprob.model_construct(token=told.token, logprob=told.logprob, margin=margin)


def _best_other(entry: Mapping[str, Any]) -> float | None:
    """Return the log-probability of the likeliest other token, if an engine names one."""
    # Half a letter cannot be spelled as text: two such tokens differ in their bytes alone.
    spelling = entry.get("bytes") or entry["token"]
    likely = [
        other.get("logprob")
        for other in entry.get("top_logprobs") or ()
        if (other.get("bytes") or other.get("token")) != spelling
    ]
    known = [each for each in likely if isinstance(each, int | float)]
    return max(_LEAST, min(0.0, max(known))) if known else None


def refusal(status: int, body: Mapping[str, Any]) -> AppError:
    """Return the error a person sees for an engine's `{"error": ...}`."""
    error = body.get("error")
    if not isinstance(error, dict):
        error = {"message": str(error or "")}
    said = str(error.get("message") or f"status {status}")
    if error.get("code") in _OVERFLOW_CODES or error.get("type") in _OVERFLOW_CODES:
        return _overflow({**body, **error})
    if status == 503:
        return EngineStalled(f"The engine is busy: {said}", remedy="Wait a moment and try again.")
    if status in (401, 403):
        return EngineAnswerInvalid(
            "The engine does not accept our key.", remedy="Stop the engine and try again."
        )
    if 400 <= status < 500 or error.get("type") == "invalid_request_error":
        return RequestInvalid(
            f"The engine refused the request: {said}",
            remedy="Check the role's settings in the model registry.",
        )
    return EngineAnswerInvalid(f"The engine reported an error: {said}", remedy=_TRY_AGAIN)


def _overflow(error: Mapping[str, Any]) -> ContextExceeded:
    needed, room = error.get("n_prompt_tokens"), error.get("n_ctx")
    counts = f" It has {needed} tokens, the model reads {room}." if needed and room else ""
    return ContextExceeded(
        f"The text is longer than the model can read.{counts}",
        remedy="Shorten the message, start a new chat, or choose a role with a larger context.",
    )
