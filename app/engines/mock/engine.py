"""The mock's inside: counts, queues, and turns a request into protocol chunks at a tier's pace."""

import asyncio
import math
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from app.engines.mock import script
from app.engines.runner.failures import Refused

PROMPT_TOKENS_PER_SECOND = 4000.0
PROMPT_PIECE = 256
CRASH_STATUS = 70
FAULT_AFTER = 5  # tokens are out before a fault in mid-answer


@dataclass(frozen=True, slots=True)
class Job:
    """One answer that is asked for."""

    prompt: list[str]
    question: str
    seed: int
    max_tokens: int
    stop: tuple[str, ...]
    logprobs: bool
    progress: bool
    prediction: list[str]
    begun: int = 0  # tokens of the answer that stand already
    thinking: bool = False


@dataclass
class Timer:
    """What one answer cost, for `timings`."""

    cached: int = 0
    started: float = field(default_factory=time.monotonic)
    first: float = 0.0
    generated: int = 0
    accepted: int = 0

    def timings(self, job: Job) -> dict[str, float]:
        """Return the costs in llama.cpp's names."""
        end = time.monotonic()
        prompt_ms = max(0.001, ((self.first or end) - self.started) * 1000)
        predicted_ms = max(0.001, (end - (self.first or end)) * 1000)
        read = len(job.prompt) - self.cached
        return {
            "cache_n": self.cached,
            "prompt_n": read,
            "prompt_ms": prompt_ms,
            "prompt_per_second": read / prompt_ms * 1000,
            "predicted_n": self.generated,
            "predicted_ms": predicted_ms,
            "predicted_per_second": self.generated / predicted_ms * 1000,
            "draft_n": len(job.prediction),
            "draft_n_accepted": self.accepted,
        }


class MockEngine:
    """One scripted model; `counters` only grow."""

    def __init__(self, tier: str, *, seed: int, context: int, sequences: int, speed: float) -> None:
        self.tier = tier
        self.seed = seed
        self.context = context
        self.sequences = sequences
        self._speed = speed
        self._slots = asyncio.Semaphore(sequences)
        self._seen: list[str] = []
        self.counters = {"steps": 0, "tokens": 0, "evaluated": 0, "busy": 0, "queued": 0}

    async def run(self, job: Job) -> AsyncGenerator[dict[str, Any], None]:
        """Yield the pieces of one answer: progress, text, and the end with its timings."""
        word, _ = script.control(job.question)
        self.counters["queued"] += 1
        try:
            await self._slots.acquire()
        finally:
            self.counters["queued"] -= 1
        self.counters["busy"] += 1
        try:
            timer = Timer(cached=self._common(job.prompt))
            yield {"delta": {"role": "assistant"}}
            async for piece in self._read(job, timer, word):
                yield piece
            async for piece in self._write(job, timer, word):
                yield piece
        finally:
            self.counters["busy"] -= 1
            self._slots.release()

    def refuse(self, job: Job) -> None:
        """Raise Refused if the request cannot be answered at all."""
        word, _ = script.control(job.question)
        if word == "error500":
            raise Refused(500, "server_error", "A scripted failure.")
        length = len(job.prompt) if word != "overflow" else self.context + len(job.prompt)
        if length > self.context:
            raise Refused(
                400,
                "exceed_context_size",
                "The prompt is longer than the context.",
                n_prompt_tokens=length,
                n_ctx=self.context,
            )

    def _common(self, prompt: list[str]) -> int:
        """Return how many tokens of the prompt are known from before; the last is read anew."""
        pairs = enumerate(zip(self._seen, prompt[:-1], strict=False))
        return next((n for n, (a, b) in pairs if a != b), min(len(self._seen), len(prompt) - 1))

    async def _read(
        self, job: Job, timer: Timer, word: str
    ) -> AsyncGenerator[dict[str, Any], None]:
        if word == "stall-first":
            await asyncio.Event().wait()
        total, done = len(job.prompt), timer.cached
        while done < total:
            step = min(PROMPT_PIECE, total - done)
            await asyncio.sleep(step / PROMPT_TOKENS_PER_SECOND / self._speed)
            done += step
            self.counters["steps"] += 1
            self.counters["evaluated"] += step
            if job.progress:
                progress = {"total": total, "processed": done, "cache": timer.cached}
                yield {"delta": {}, "prompt_progress": progress}
        timer.first = time.monotonic()

    async def _write(
        self, job: Job, timer: Timer, word: str
    ) -> AsyncGenerator[dict[str, Any], None]:
        if job.thinking:
            yield {"delta": {"reasoning_content": "One step after the other. "}}
        said = script.answer(job.question, self.tier, job.seed, thinking=job.thinking)
        answer = _before_stop(said, job.stop)
        everything = script.tokens(answer)[job.begun :]
        for place, token in enumerate(everything[: job.max_tokens]):
            if place == FAULT_AFTER:
                await _misbehave(word)
                if word == "garbage":
                    yield {"raw": "{this is no JSON"}
            await self._pause(job, timer, place, token, slow=word == "slow")
            yield self._piece(job, place, token)
        self._seen = [*job.prompt, *everything[: timer.generated]]
        if word != "cut":
            reason = "length" if len(everything) > job.max_tokens else "stop"
            yield {"delta": {}, "finish_reason": reason, "timings": timer.timings(job)}

    async def _pause(self, job: Job, timer: Timer, place: int, token: str, *, slow: bool) -> None:
        """Take the time of one token; a token that was predicted rightly costs nothing."""
        timer.generated += 1
        self.counters["tokens"] += 1
        if timer.accepted == place and job.prediction[place : place + 1] == [token]:
            timer.accepted += 1
            return
        pace = script.PERSONAS[self.tier].tokens_per_second * self._speed
        self.counters["steps"] += 1
        await asyncio.sleep((10 if slow else 1) / pace)

    def _piece(self, job: Job, place: int, text: str) -> dict[str, Any]:
        piece: dict[str, Any] = {"delta": {"content": text}}
        if job.logprobs:
            spread = 2 * script.chance("logprob", text, place, job.seed)
            own = script.doubt(self.tier, job.question, thinking=job.thinking) * spread
            # Half of what is left goes to one other token.
            other = math.log(max(1 - math.exp(own), 1e-9) / 2)
            told = [_token(text, own), _token("\N{HORIZONTAL ELLIPSIS}", other)]
            piece["logprobs"] = {"content": [{**told[0], "top_logprobs": told}]}
        return piece


def _token(text: str, logprob: float) -> dict[str, Any]:
    return {"token": text, "logprob": logprob, "bytes": list(text.encode())}


def _before_stop(answer: str, stops: tuple[str, ...]) -> str:
    ends = [end for stop in stops if stop and (end := answer.find(stop)) >= 0]
    return answer[: min(ends, default=len(answer))]


async def _misbehave(word: str) -> None:
    if word == "die-mid":
        crash()
    if word == "stall":
        await asyncio.Event().wait()
    if word == "error-mid":
        raise Refused(500, "server_error", "A scripted failure in mid-answer.")


def crash() -> NoReturn:
    """End this process the hard way, as the system does when memory runs out."""
    if sys.platform != "win32":
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(CRASH_STATUS)
