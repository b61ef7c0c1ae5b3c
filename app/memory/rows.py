"""Memories as rows: the only place that knows the columns of their tables."""

import hashlib
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.domain.memories import Memory, MemoryKind, MemoryStatus, NewMemory

View = Literal["t", "w"]
VIEWS: Final[tuple[View, ...]] = ("t", "w")
_COLUMNS: Final = (
    "m.id, s.name AS scope, m.text, m.kind, m.source, m.trust, m.status, m.speaker,"
    " m.conversation_id, m.message_id, m.place, m.created, m.changed, m.event_at, m.expires_at,"
    " m.pinned, m.importance, m.confidence, m.uses, m.used_at, m.supersedes"
)
_SELECT: Final = f"SELECT {_COLUMNS} FROM memories AS m JOIN scopes AS s ON s.id = m.scope_id"  # noqa: S608
_INSERT: Final = """
INSERT INTO memories (scope_id, text, kind, source, trust, status, speaker, conversation_id,
    message_id, place, created, changed, event_at, expires_at, pinned, importance, confidence,
    supersedes, digest)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class ViewRow:
    """Something to be embedded: a view's id and its text."""

    id: int
    text: str


def digest(text: str) -> str:
    """Return the same for the same words, however they are spaced and capitalised."""
    plain = unicodedata.normalize("NFKC", text)
    words = " ".join(plain.split()).casefold()
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def next_seq(db: sqlite3.Connection) -> int:
    """Count on: every change of what is findable has a number of its own."""
    db.execute("UPDATE counter SET seq = seq + 1")
    return seq(db)


def seq(db: sqlite3.Connection) -> int:
    """Return the number of the last change."""
    return int(db.execute("SELECT seq FROM counter").fetchone()[0])


def scope_id(db: sqlite3.Connection, name: str) -> int:
    """Return a scope's number; a new scope gets one."""
    db.execute("INSERT INTO scopes (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (name,))
    return int(db.execute("SELECT id FROM scopes WHERE name = ?", (name,)).fetchone()[0])


def scope_ids(db: sqlite3.Connection, names: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of those scopes that exist."""
    wanted = tuple(names)
    marks = ", ".join("?" * len(wanted))
    query = f"SELECT id FROM scopes WHERE name IN ({marks}) ORDER BY id"  # noqa: S608
    return tuple(int(row[0]) for row in db.execute(query, wanted))


def insert(db: sqlite3.Connection, new: NewMemory, now: float) -> int:
    """Store a new memory with its views; return its id."""
    scope = scope_id(db, new.scope)
    made = db.execute(
        _INSERT,
        (
            scope, new.text, new.kind, new.source, new.trust, new.status, new.speaker,
            new.conversation_id, new.message_id, new.place, now, now, new.event_at,
            new.expires_at, new.pinned, new.importance, new.confidence, new.supersedes,
            digest(new.text),
        ),
    )  # fmt: skip
    assert made.lastrowid is not None
    if new.status is MemoryStatus.ACTIVE:
        show(db, made.lastrowid, scope, _said(new), new.before)
    return made.lastrowid


def show(
    db: sqlite3.Connection, memory_id: int, scope: int, said: str, before: Sequence[str]
) -> None:
    """Make a memory findable: by itself, and with what was said before it."""
    number = next_seq(db)
    texts: dict[View, str] = {"t": said, "w": "\n".join((*before, said))}
    for view, text in texts.items():
        db.execute(
            "INSERT INTO views (memory_id, scope_id, view, text, tag, seq)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (memory_id, scope, view, text, tag(scope, view), number),
        )


def hide(db: sqlite3.Connection, memory_id: int) -> None:
    """Make a memory not findable any more; index files are told by `gone`."""
    number = next_seq(db)
    db.execute(
        "INSERT INTO gone (view_id, scope_id, seq)"
        " SELECT id, scope_id, ? FROM views WHERE memory_id = ?",
        (number, memory_id),
    )
    db.execute("DELETE FROM views WHERE memory_id = ?", (memory_id,))


def tag(scope: int, view: View) -> str:
    """Return the one word that binds a search to a scope and a view."""
    return f"s{scope}{view}"


def memory(db: sqlite3.Connection, memory_id: int) -> Memory | None:
    """Return one memory, or None where there is none."""
    row = db.execute(f"{_SELECT} WHERE m.id = ?", (memory_id,)).fetchone()
    return _memory(row) if row else None


def memories(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Memory]:
    """Return memories by id; those that are gone are left out."""
    marks = ", ".join("?" * len(ids))
    found = db.execute(f"{_SELECT} WHERE m.id IN ({marks})", tuple(ids))
    return {row["id"]: _memory(row) for row in found}


def same(db: sqlite3.Connection, scope: int, text: str, kind: MemoryKind) -> int | None:
    """Return the active memory of a scope and kind with the same words, or None."""
    row = db.execute(
        "SELECT id FROM memories WHERE scope_id = ? AND digest = ? AND kind = ? AND status = ?",
        (scope, digest(text), kind, MemoryStatus.ACTIVE),
    ).fetchone()
    return int(row[0]) if row else None


def by_words(
    db: sqlite3.Connection, scopes: Sequence[int], view: View, query: str, limit: int
) -> list[int]:
    """Return the ids of memories whose view fits an FTS5 query best, best first (BM25)."""
    if not scopes or not query:
        return []
    tags = " OR ".join(f'"{tag(scope, view)}"' for scope in scopes)
    found = db.execute(
        "SELECT v.memory_id FROM words JOIN views AS v ON v.id = words.rowid"
        " WHERE words MATCH ? ORDER BY bm25(words, 1.0, 0.0) LIMIT ?",
        (f"tag : ({tags}) AND text : ({query})", limit),
    )
    return [int(row[0]) for row in found]


def without_vector(db: sqlite3.Connection, embedder: int, limit: int) -> list[ViewRow]:
    """Return views a model has not embedded yet, newest first."""
    found = db.execute(
        "SELECT id, text FROM views WHERE NOT EXISTS"
        " (SELECT 1 FROM vectors WHERE view_id = views.id AND embedder = ?)"
        " ORDER BY id DESC LIMIT ?",
        (embedder, limit),
    )
    return [ViewRow(int(row["id"]), str(row["text"])) for row in found]


def _said(new: NewMemory) -> str:
    return f"{new.speaker}: {new.text}" if new.speaker else new.text


def _memory(row: sqlite3.Row) -> Memory:
    return Memory(**{key: row[key] for key in row.keys()})  # noqa: SIM118 - a row is no mapping
