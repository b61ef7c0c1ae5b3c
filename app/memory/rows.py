"""Memories as rows: the only place that knows the columns of their tables."""

import hashlib
import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.domain.memories import Memory, MemoryKind, MemoryStatus, NewMemory

View = Literal["t", "w"]
VIEWS: Final[tuple[View, ...]] = ("t", "w")
_COLUMNS: Final = (
    "m.id, s.name AS scope, m.text, m.kind, m.source, m.trust, m.status, m.speaker,"
    " m.conversation_id, m.message_id, m.place, m.created, m.changed, m.event_at, m.expires_at,"
    " m.pinned, m.importance, m.confidence, m.uses, m.used_at, m.supersedes, m.told, m.replaced_by"
)
SELECT: Final = f"SELECT {_COLUMNS} FROM memories AS m JOIN scopes AS s ON s.id = m.scope_id"  # noqa: S608
# Who was told these words before: what can be recalled comes first, what is history never.
_SAME: Final = """
SELECT id FROM memories
WHERE scope_id = ? AND digest = ? AND kind = ? AND status IN ('active', 'proposed', 'archived')
ORDER BY CASE status WHEN 'active' THEN 0 WHEN 'proposed' THEN 1 ELSE 2 END, id LIMIT 1
"""
_DAY_S: Final = 86_400


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


def sameness(new: NewMemory | Memory, learned: float) -> str:
    """Return what two memories have in common that say the same.

    A turn said again on another day is another turn; a passage stands where it stands.
    """
    match new.kind:
        case MemoryKind.TURN:
            at = learned if new.event_at is None else new.event_at
            return digest(f"{new.speaker}\n{new.text}\n{at // _DAY_S:.0f}")
        case MemoryKind.PASSAGE:
            return digest(f"{new.place}\n{new.text}")
        case _:
            return digest(new.text)


def many(ids: Iterable[int]) -> str:
    """Return ids as one parameter, for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(ids))


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
    found = db.execute(
        "SELECT id FROM scopes WHERE name IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(names)),),
    )
    return tuple(int(row[0]) for row in found)


def insert(db: sqlite3.Connection, new: NewMemory, now: float, created: float | None = None) -> int:
    """Store a new memory with its views; return its id."""
    learned = now if created is None else created
    memory_id = put(
        db,
        "memories",
        new.model_dump(exclude={"scope"})
        | {
            "scope_id": scope_id(db, new.scope),
            "before": "\n".join(new.before),
            "created": learned,
            "changed": max(learned, now),
            "digest": sameness(new, learned),
        },
    )
    if new.status is MemoryStatus.ACTIVE:
        show(db, memory_id)
    return memory_id


def put(db: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> int:
    """Insert a row by the names of its columns; return its id."""
    marks = ", ".join(f":{name}" for name in row)
    statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - our names
    return db.execute(statement, row).lastrowid or 0


def update(db: sqlite3.Connection, memory_id: int, row: Mapping[str, Any]) -> None:
    """Write columns of one memory."""
    names = ", ".join(f"{name} = :{name}" for name in row)
    statement = f"UPDATE memories SET {names} WHERE id = :id"  # noqa: S608 - our names
    db.execute(statement, {**row, "id": memory_id})


def show(db: sqlite3.Connection, memory_id: int) -> None:
    """Make a memory findable: by itself, and with what was said before it."""
    row = db.execute(
        "SELECT scope_id, speaker, text, before FROM memories WHERE id = ?", (memory_id,)
    ).fetchone()
    said = f"{row['speaker']}: {row['text']}" if row["speaker"] else row["text"]
    wide = f"{row['before']}\n{said}" if row["before"] else said
    number = next_seq(db)
    texts: dict[View, str] = {"t": said, "w": wide}
    for view, text in texts.items():
        put_view(db, memory_id, row["scope_id"], view, text, number)


def put_view(
    db: sqlite3.Connection, memory_id: int, scope: int, view: View, text: str, number: int
) -> int:
    """Store one view; return its id."""
    row = {"memory_id": memory_id, "scope_id": scope, "view": view, "text": text}
    return put(db, "views", row | {"tag": tag(scope, view), "seq": number})


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
    return memories(db, (memory_id,)).get(memory_id)


def memories(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Memory]:
    """Return memories by id; those that are gone are left out."""
    asked = f"{SELECT} WHERE m.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - our names
    found = db.execute(asked, (many(ids),))
    return {row["id"]: to_memory(row) for row in found}


def said_before(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, str]:
    """Return by id what was said before a memory."""
    found = db.execute(
        "SELECT id, before FROM memories WHERE id IN (SELECT value FROM json_each(?))", (many(ids),)
    )
    return {row["id"]: row["before"] for row in found}


def same(db: sqlite3.Connection, new: NewMemory, learned: float) -> int | None:
    """Return the memory of the same scope and kind that says the same, or None."""
    asked = (scope_id(db, new.scope), sameness(new, learned), new.kind)
    row = db.execute(_SAME, asked).fetchone()
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


def to_memory(row: sqlite3.Row) -> Memory:
    """Return a selected row as a memory."""
    return Memory(**{key: row[key] for key in row.keys()})  # noqa: SIM118 - a row is no mapping
