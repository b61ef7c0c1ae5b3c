"""What the owner of the context tells the one who waits for an answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.generation import PromptProgress, Timings
from app.engines.runner.sampling import TokenScores
from app.engines.runner.text import Emission


@dataclass(frozen=True, slots=True)
class Reading:
    """The prompt was read a little further; `elapsed_ms` since it was begun."""

    progress: PromptProgress
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The answer is complete; `prompt_scores` has an entry for each token, where asked for."""

    finish_reason: str
    prompt_tokens: int
    timings: Timings
    prompt_scores: tuple[TokenScores | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Vectors:
    """The embeddings of all texts of a request."""

    rows: tuple[NDArray[np.float32], ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """There will be no (further) answer."""

    status: int
    code: str
    message: str


Message = Emission | Reading | Ended | Vectors | Broken


class Outbox:
    """Collects messages until the reader comes; wakes it once, not once per token."""

    def __init__(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._lock = threading.Lock()
        self._messages: list[Message] = []

    def push(self, message: Message) -> None:
        """Leave a message (from the owner's thread)."""
        with self._lock:
            first = not self._messages
            self._messages.append(message)
        if first:
            self._notify()

    def drain(self) -> list[Message]:
        """Take all messages (from the reader's thread)."""
        with self._lock:
            messages, self._messages = self._messages, []
        return messages
