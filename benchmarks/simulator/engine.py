"""An engine in virtual time: it says what a speaker says, as fast as that one would."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

from app.domain.generation import ChatRequest, Chunk, FinalChunk, TextChunk, Timings, TokenLogprob
from app.domain.models import ModelSpec, Tier
from app.engines.base import Capabilities, Health

# Tokens that arrive together.
PIECE: Final = 16
_CHARACTERS: Final = 3  # a token, about, for cutting threads to the window


@dataclass(frozen=True, slots=True)
class Frame:
    """Size and speed of a model: gigabytes, tokens read and written a second."""

    tier: Tier
    gigabytes: float
    read: float
    write: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said to one request, and how sure each shown token is.

    `thought`: tokens that were written before what is shown. `slowness`: 1 as fast as usual.
    """

    text: str
    logprobs: Sequence[float]
    margins: Sequence[float]
    prompt_tokens: int
    finish_reason: str = "stop"
    thought: int = 0
    slowness: float = 1.0

    @property
    def tokens(self) -> int:
        """How long it is, with what was thought."""
        return self.thought + len(self.logprobs)


class Speaker(Protocol):
    """A model, of numbers or of remembered answers."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def id(self) -> str:
        """The id of its bytes."""

    @property
    def frame(self) -> Frame:
        """How big and how fast it is."""

    @property
    def caps(self) -> Capabilities:
        """What may be asked of it."""

    def reply(self, request: ChatRequest) -> Reply:
        """Return what it says."""


class SimulatedEngine:
    """One loaded model."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    @property
    def caps(self) -> Capabilities:
        """What may be asked of it."""
        return self._speaker.caps

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """Stream the answer."""
        reply, frame = self._speaker.reply(request), self._speaker.frame
        reading = reply.prompt_tokens / frame.read * reply.slowness
        token = reply.slowness / frame.write
        await asyncio.sleep(reading + reply.thought * token)
        for text, logprobs in _pieces(reply):
            await asyncio.sleep(len(logprobs) * token)
            yield TextChunk(text=text, logprobs=logprobs)
        writing = reply.tokens * token
        yield FinalChunk(
            finish_reason=reply.finish_reason,
            timings=Timings(
                prompt_n=reply.prompt_tokens,
                prompt_ms=reading * 1000,
                prompt_per_second=reply.prompt_tokens / reading,
                predicted_n=reply.tokens,
                predicted_ms=writing * 1000,
                predicted_per_second=1 / token,
            ),
        )

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return nothing: there is no model for it."""
        return [[] for _ in texts]

    async def count(self, text: str) -> int:
        """Return about how many tokens a text has."""
        return max(1, len(text) // _CHARACTERS)

    async def health(self) -> Health:
        """Say that all is well."""
        return Health(status="ready")

    async def aclose(self) -> None:
        """Have nothing to give back."""


@dataclass
class SimulatedServer:
    """A process that exists in numbers only."""

    model: ModelSpec
    client: SimulatedEngine
    pid: int
    alive: bool = True
    notes: tuple[str, ...] = ()

    @property
    def context(self) -> int:
        """How many tokens question and answer may have together."""
        return self.model.context


def _pieces(reply: Reply) -> Iterator[tuple[str, tuple[TokenLogprob, ...]]]:
    """Yield the words in pieces with the figures of their tokens; the first token comes alone."""
    count, length = len(reply.logprobs), len(reply.text)
    cuts = (0, *range(1, count, PIECE), count) if count else ()
    for begin, end in pairwise(cuts):
        text = reply.text[begin * length // count : end * length // count]
        figures = zip(reply.logprobs[begin:end], reply.margins[begin:end], strict=True)
        yield (
            text,
            tuple(
                TokenLogprob.model_construct(token="", logprob=float(one), margin=float(lead))
                for one, lead in figures
            ),
        )
