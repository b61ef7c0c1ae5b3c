"""What every engine can do, whatever runs behind it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from app.domain.generation import ChatRequest, Chunk

HealthStatus = Literal["loading", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What may be asked of an engine; callers look here instead of at its kind."""

    chat: bool = True
    embed: bool = False
    tokenize: bool = True
    logprobs: bool = True
    prompt_progress: bool = True
    prediction: bool = False
    vision: bool = False
    tools: bool = True
    grammar: bool = False  # the form of an answer can be enforced
    continues: bool = False  # an answer that was cut off can be gone on with
    thinks: bool = False  # it can be told to think before it answers, or not to
    sequences: int = 1


class Health(BaseModel):
    """How an engine fares; the counters only ever grow, so a standstill shows as equality."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: HealthStatus
    progress: float = Field(0.0, ge=0, le=1)
    note: str = ""  # what takes longer than usual
    steps: int = 0
    tokens: int = 0
    evaluated: int = 0
    busy: int = 0
    queued: int = 0

    @property
    def watermark(self) -> tuple[int, int, int]:
        """All work done so far; while requests run, two equal watermarks in a row mean a stall."""
        return self.steps, self.tokens, self.evaluated


class ModelCard(BaseModel):
    """What a server says about the model it has loaded."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    n_ctx: int = 0
    n_vocab: int = 0
    n_params: int = 0
    size: int = 0
    architecture: str = ""
    sequences: int = 1
    memory: str = ""
    embedding_length: int = 0
    speculative: bool = False
    vision: bool = False
    thinks: bool = False

    @classmethod
    def read(cls, entry: dict[str, Any]) -> "ModelCard":
        """Return the card in one entry of a `/v1/models` list."""
        return cls.model_validate(entry.get("meta") or {})


class Engine(Protocol):
    """Something that generates text: the runner, another server, or the mock."""

    @property
    def caps(self) -> Capabilities:
        """What may be asked of this engine."""

    def chat(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """Stream one answer; it ends with exactly one `FinalChunk` or raises an AppError.

        The generator must be closed by whoever stops early (`contextlib.aclosing`).
        """

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector per text."""

    async def count(self, text: str) -> int:
        """Return how many tokens the text is; an estimate where the engine cannot tell."""

    async def health(self) -> Health:
        """Return how the engine fares, without waiting behind its queue."""

    async def aclose(self) -> None:
        """Give back connections; the process is somebody else's business."""


@runtime_checkable
class FirstWords(Protocol):
    """An engine that can say with what tokens an answer would begin."""

    async def first_tokens(
        self, messages: Sequence[dict[str, Any]], top: int
    ) -> Mapping[str, float]:
        """Return the likeliest first tokens with log-probabilities."""
