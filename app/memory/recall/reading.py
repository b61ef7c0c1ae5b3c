"""What recall reads of the store: once to look, once for what was found."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from app.domain.memories import Memory, MemoryStatus
from app.memory import rows
from app.memory.recall.alike import Vector
from app.memory.recall.lexicon import Hit, lexicon

MOST_PINNED: Final = 50


@dataclass(frozen=True, slots=True)
class Hits:
    """What the words of one part of a question found, by themselves and with what was before."""

    plain: Sequence[Hit] = ()
    wide: Sequence[Hit] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look found: hits for each part, and what is pinned."""

    hits: Sequence[Hits]
    pinned: Sequence[int]


@dataclass(frozen=True, slots=True)
class Held:
    """Memories by id, with their wider texts, and vectors where there are any."""

    memories: dict[int, Memory] = field(default_factory=dict)
    wide: dict[int, str] = field(default_factory=dict)
    vectors: dict[int, Vector] = field(default_factory=dict)


def look(
    db: sqlite3.Connection, scopes: Sequence[str], asked: Sequence[Sequence[str]], limit: int
) -> Looked:
    """Return what the words of each part find in exactly these scopes, and what is pinned there."""
    numbers = rows.scope_ids(db, scopes)
    if not numbers:
        return Looked([Hits() for _ in asked], ())
    known = lexicon(db, numbers)
    hits = [Hits(known.hits("t", each, limit), known.hits("w", each, limit)) for each in asked]
    return Looked(hits, _pinned(db, numbers))


def held(db: sqlite3.Connection, ids: Sequence[int], embedder: str) -> Held:
    """Return the memories of these ids that are still there."""
    return Held(rows.memories(db, ids), _wide(db, ids), _vectors(db, ids, embedder))


def _pinned(db: sqlite3.Connection, scopes: Sequence[int]) -> tuple[int, ...]:
    found = db.execute(
        f"SELECT id FROM memories WHERE pinned AND scope_id IN ({_marks(scopes)}) AND +status = ?"  # noqa: S608
        " ORDER BY importance DESC, id DESC LIMIT ?",
        (*scopes, MemoryStatus.ACTIVE, MOST_PINNED),
    )
    return tuple(int(row[0]) for row in found)


def _wide(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, str]:
    found = db.execute(
        f"SELECT memory_id, text FROM views WHERE view = 'w' AND memory_id IN ({_marks(ids)})",  # noqa: S608
        tuple(ids),
    )
    return {int(row[0]): str(row[1]) for row in found}


def _vectors(db: sqlite3.Connection, ids: Sequence[int], embedder: str) -> dict[int, Vector]:
    if not embedder:
        return {}
    found = db.execute(
        # Left to itself, SQLite begins at the model and walks all its vectors.
        "SELECT views.memory_id, vectors.vector FROM views"  # noqa: S608
        " CROSS JOIN vectors ON vectors.view_id = views.id"
        " AND vectors.embedder = (SELECT number FROM embedders WHERE id = ?)"
        f" WHERE views.view = 't' AND views.memory_id IN ({_marks(ids)})",
        (embedder, *ids),
    )
    return {int(row[0]): np.frombuffer(row[1], np.float16).astype(np.float32) for row in found}


def _marks(values: Sequence[int]) -> str:
    return ", ".join("?" * len(values))
