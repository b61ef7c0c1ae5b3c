"""Which of the memories that were found come first: newer, more important, more used ones. Pure."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from app.domain.memories import Memory, MemoryKind, MemoryStatus, Trust, Why

_DAY: Final = 86_400.0
# How fast what was said loses its hold, by kind; what stands in a document does not.
_FADING: Final = {
    MemoryKind.TURN: 30 * _DAY,
    MemoryKind.TASK: 14 * _DAY,
    MemoryKind.SUMMARY: 90 * _DAY,
    MemoryKind.FACT: 365 * _DAY,
    MemoryKind.PREFERENCE: 365 * _DAY,
    MemoryKind.PASSAGE: math.inf,
}
_FOUND, _NEW, _IMPORTANT, _USED = 0.85, 0.08, 0.05, 0.02


def allowed(memory: Memory, scopes: Iterable[str], now: float) -> bool:
    """Whether a memory may be given to a model at all."""
    return (
        memory.scope in scopes
        and memory.status is MemoryStatus.ACTIVE
        and memory.trust is not Trust.UNTRUSTED
        and (memory.expires_at is None or memory.expires_at > now)
    )


def ordered(found: Sequence[tuple[Memory, Why]], now: float) -> list[tuple[Memory, Why]]:
    """Return memories with their final scores: pinned ones first, then the best."""
    scored = [(memory, why.model_copy(update=_final(memory, why, now))) for memory, why in found]
    return sorted(scored, key=lambda pair: (not pair[1].pinned, -pair[1].score, -pair[0].id))


def _final(memory: Memory, why: Why, now: float) -> dict[str, float]:
    age = max(0.0, now - memory.created)  # the clock may have been set back
    score = (
        _FOUND * why.score
        + _NEW * math.exp(-age / _FADING[memory.kind])
        + _IMPORTANT * memory.importance
        + _USED * math.log1p(memory.uses)
    )
    return {"score": round(score, 6)}
