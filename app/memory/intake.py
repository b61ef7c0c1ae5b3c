"""What comes in: cleaned, without secrets, and within limits, before anything is stored."""

import math
import re
from typing import Final, TypeVar

from app.domain.memories import EVERYWHERE, Memory, MemoryStatus, NewMemory
from app.domain.memory_errors import MemoryRefused
from app.memory.redact import redacted
from app.platform.storage import storable

# About five pages. Whoever has more cuts it into passages: a model is never given more at once.
MOST_CHARACTERS: Final = 20_000
# What was said before only helps to find: of a long one the end is enough.
_MOST_BEFORE: Final = 4_000
_MOST_NAME: Final = 500
_SCOPE: Final = re.compile(rf"{EVERYWHERE}|(chat|folder|key):\S.*", re.DOTALL)

M = TypeVar("M", NewMemory, Memory)


def taken(new: NewMemory, now: float) -> NewMemory:
    """Return a new memory as it can be stored.

    Raises:
        MemoryRefused: it cannot be kept like this.
    """
    over = new.status is MemoryStatus.ACTIVE and _is_over(new.expires_at, now)
    return sound(new).model_copy(
        update={
            "before": _before(new.before),
            "status": MemoryStatus.ARCHIVED if over else new.status,
        }
    )


def sound(memory: M) -> M:
    """Return a memory with words, names and times that can be stored.

    Raises:
        MemoryRefused: it cannot be kept like this.
    """
    return memory.model_copy(
        update={
            "text": _text(memory.text),
            "scope": _scope(memory.scope),
            "speaker": redacted(_name(memory.speaker)),
            "place": redacted(_name(memory.place)),
            "conversation_id": _name(memory.conversation_id),
            "message_id": _name(memory.message_id),
            "event_at": _time(memory.event_at),
            "expires_at": _time(memory.expires_at),
        }
    )


def clean(text: str) -> str:
    """Return a text without what no file holds: zero bytes and halves of characters."""
    return storable(text).replace("\0", "")


def _text(text: str) -> str:
    words = clean(text).strip()
    if not words:
        raise MemoryRefused("There is nothing to remember.", remedy="Write what to keep.")
    if len(words) > MOST_CHARACTERS:
        raise MemoryRefused(
            f"A memory of {len(words):,} characters is too long; {MOST_CHARACTERS:,} are the most.",
            remedy="Keep it as a document: it is cut into passages.",
        )
    return redacted(words)


def _before(said: tuple[str, ...]) -> tuple[str, ...]:
    words = redacted(clean("\n".join(said))[-2 * _MOST_BEFORE :])[-_MOST_BEFORE:]
    return (words,) if words.strip() else ()


def _scope(name: str) -> str:
    name = clean(name)
    if len(name) > _MOST_NAME or not _SCOPE.fullmatch(name):
        raise MemoryRefused(
            f"No memory can belong to {name[:60]!r}.",
            remedy="It is everywhere, or chat:, folder: or key: and a name.",
        )
    return name


def _name(name: str) -> str:
    return clean(name)[:_MOST_NAME]


def _time(at: float | None) -> float | None:
    if at is not None and not math.isfinite(at):
        raise MemoryRefused("A time has to be a number of seconds.", remedy="Leave the time out.")
    return at


def _is_over(expires_at: float | None, now: float) -> bool:
    return expires_at is not None and expires_at <= now
