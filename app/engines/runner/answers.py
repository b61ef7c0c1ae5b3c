"""The JSON of answers: OpenAI's objects, with llama.cpp's timings."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.generation import Timings
from app.engines.runner.callbodies import CallDelta
from app.engines.runner.failures import Refused
from app.engines.runner.outbox import Broken, Ended, Reading
from app.engines.runner.sampling import TokenScores
from app.engines.runner.text import Emission, TokenScore

DONE: Final = b"data: [DONE]\n\n"
# Counts of an answer whose names do not end in `_n`.
COUNTED: Final = frozenset({"draft_n_accepted", "draft_ties", "predicted_steps"})
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


def _prompt_scores(
    scores: Sequence[TokenScores | None], spelled: Callable[[int], bytes]
) -> list[Json | None]:
    """The likeliest tokens at each place of the prompt, by their number, as vLLM tells them."""

    def entry(token: int, logprob: float, rank: int) -> Json:
        text = spelled(token).decode("utf-8", "replace")
        return {"logprob": logprob, "rank": rank, "decoded_token": text}

    def told(each: TokenScores) -> Json:
        best: Json = {
            str(token): entry(token, logprob, place + 1)
            for place, (token, logprob) in enumerate(each.best)
        }
        return {str(each.token): entry(each.token, each.logprob, each.rank)} | best

    return [None if each is None else told(each) for each in scores]


def _end(ends: Sequence[Ended]) -> Json:
    """What all choices together cost; they share one prompt."""
    prompt, timings = ends[0].prompt_tokens, total([each.timings for each in ends])
    return {
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": timings.predicted_n,
            "total_tokens": prompt + timings.predicted_n,
        },
        "timings": timings.model_dump(),
    }


def total(parts: Sequence[Timings]) -> Timings:
    """Return the measurements of several choices as one: counts add up, times overlap."""
    if len(parts) == 1:
        return parts[0]
    counts = {
        name: sum(int(getattr(each, name)) for each in parts)
        for name in Timings.model_fields
        if name.endswith("_n") or name in COUNTED
    }
    prompt, predicted = parts[0].prompt_ms, max(each.predicted_ms for each in parts)
    return parts[0].model_copy(
        update={
            **counts,
            "drafters": _all_drafted(parts),
            "predicted_ms": predicted,
            "prompt_per_second": 1000 * counts["prompt_n"] / prompt if prompt else 0.0,
            "predicted_per_second": 1000 * counts["predicted_n"] / predicted if predicted else 0.0,
        }
    )


def _all_drafted(parts: Sequence[Timings]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for name, (drafted, stood) in (each for part in parts for each in part.drafters.items()):
        before = found.get(name, (0, 0))
        found[name] = before[0] + drafted, before[1] + stood
    return found


@dataclass(slots=True)
class Gathered:
    """One choice of an answer that is not streamed."""

    content: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    calls: list[CallDelta] = field(default_factory=list)
    scores: list[TokenScore] = field(default_factory=list)

    def add(self, emission: Emission) -> None:
        """Take what became visible."""
        self.scores += emission.scores
        if emission.call is not None:
            self._call(emission.call)
        else:
            (self.content if emission.channel == "content" else self.reasoning).append(
                emission.text
            )

    def _call(self, delta: CallDelta) -> None:
        if delta.name:
            self.calls.append(delta)
        else:
            last = self.calls.pop()
            self.calls.append(
                CallDelta(last.index, last.arguments + delta.arguments, last.name, last.id)
            )

    def message(self) -> Json:
        """Return the message of a chat."""
        text = "".join(self.content)
        message: Json = {"role": "assistant", "content": text}
        if self.reasoning:
            message["reasoning_content"] = "".join(self.reasoning)
        if self.calls:
            calls = [_call(each) for each in self.calls]
            message |= {"content": text or None, "tool_calls": calls}
        return message


def _call(delta: CallDelta) -> Json:
    function: Json = {"arguments": delta.arguments}
    if not delta.name:
        return {"index": delta.index, "function": function}
    named = {"name": delta.name, **function}
    return {"index": delta.index, "id": delta.id, "type": "function", "function": named}


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

    def _chunk(self, place: int, choice: Json, finish: str | None = None, **more: object) -> bytes:
        choices = [{"index": place, "finish_reason": finish, **choice}]
        return event({**self._head(streamed=True), "choices": choices, **more})

    def opening(self, place: int) -> bytes:
        """Return the first chunk of a choice in a chat."""
        return self._chunk(place, {"delta": {"role": "assistant"}}) if self.chat else b""

    def _empty(self) -> Json:
        return {"delta": {}} if self.chat else {"text": ""}

    def said(self, place: int, emission: Emission) -> bytes:
        """Return a chunk of text, of thoughts or of a call."""
        choice: Json = {"text": emission.text}
        if self.chat and emission.call is not None:
            choice = {"delta": {"tool_calls": [_call(emission.call)]}}
        elif self.chat:
            name = "content" if emission.channel == "content" else "reasoning_content"
            choice = {"delta": {name: emission.text} if emission.text else {}}
        if emission.scores:
            choice["logprobs"] = _scores(emission.scores)
        return self._chunk(place, choice)

    def reading(self, place: int, reading: Reading) -> bytes:
        """Return a chunk that tells how far the prompt is read."""
        progress = {**reading.progress.model_dump(), "time_ms": reading.elapsed_ms}
        return self._chunk(place, self._empty(), prompt_progress=progress)

    def closing(self, place: int, ended: Ended, all_ended: Sequence[Ended]) -> bytes:
        """Return the last chunk of a choice; with that of the last choice come costs and end."""
        if not all_ended:
            return self._chunk(place, self._empty(), ended.finish_reason)
        return self._chunk(place, self._empty(), ended.finish_reason, **_end(all_ended)) + DONE

    def whole(
        self,
        gathered: Sequence[Gathered],
        ends: Sequence[Ended],
        scored: bool,
        spelled: Callable[[int], bytes],
    ) -> Json:
        """Return the answer in one piece."""
        about_prompt = {}
        if ends[0].prompt_scores:
            about_prompt = {"prompt_logprobs": _prompt_scores(ends[0].prompt_scores, spelled)}
        choices = []
        for place, (each, ended) in enumerate(zip(gathered, ends, strict=True)):
            content = {"message": each.message()} if self.chat else {"text": "".join(each.content)}
            choices.append(
                {
                    "index": place,
                    **content,
                    "logprobs": _scores(each.scores) if scored else None,
                    "finish_reason": ended.finish_reason,
                    **({} if self.chat else about_prompt),
                }
            )
        body = {**self._head(streamed=False), "choices": choices, **_end(ends)}
        return {**body, **about_prompt} if self.chat else body
