"""What was said, and what was done about it: plain data of the writer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.memories import Memory, MemorySource
from app.memory.removal import Removed

# Asks a model for an answer in the form of a JSON schema.
Generate = Callable[[Sequence[Mapping[str, str]], Mapping[str, Any]], Awaitable[str]]
# Finds memories of a scope that mean nearly the same: their ids, with the cosine.
Alike = Callable[[str, str], Awaitable[Sequence[tuple[int, float]]]]


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a chat, as it is stored there and nothing more.

    `at`: seconds since the epoch. `replaces`: ids of the versions before it, where it was edited
    or answered anew. `source`: whose words they are, where it is not who said them.
    """

    role: Literal["user", "assistant"]
    text: str
    conversation_id: str = ""
    message_id: str = ""
    at: float = 0.0
    replaces: tuple[str, ...] = ()
    source: MemorySource | None = None

    @property
    def speaker(self) -> str:
        """Who is named before the words where they are searched."""
        return "User" if self.role == "user" else "Assistant"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command.

    `words` is one plain sentence. `kept` are memories that were made. `candidates` are what would
    be forgotten, where it is not plain: whoever shows them asks, and calls `Writer.forget`.
    `removed` can be given to the store's `undo`. `rest` is what else the message says.
    """

    words: str
    kept: tuple[Memory, ...] = ()
    candidates: tuple[Memory, ...] = ()
    removed: Removed | None = None
    rest: str = ""
