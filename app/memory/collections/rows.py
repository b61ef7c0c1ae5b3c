"""Rows of collections: which documents they have, and which passages these left."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import Field

from app.domain.models import Frozen
from app.memory import rows
from app.memory.collections.passages import Passage
from app.memory.collections.reading import Read
from app.memory.collections.walking import Seen


class Collection(Frozen):
    """A folder, or one document, that is kept as knowledge.

    `why` says what is wrong with it, '' for nothing. `skipped`: by place, why a file is not read.
    """

    id: int
    name: str
    path: str
    scope: str
    ignored: tuple[str, ...] = ()
    why: str = ""
    documents: int = 0
    passages: int = 0
    skipped: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was when it was read."""

    id: int
    place: str
    modified: int
    size: int
    digest: str
    why: str
    gone: bool


_ALL = """
SELECT c.*, (
    SELECT count(*) FROM documents WHERE collection_id = c.id AND NOT gone AND digest != ''
) AS documents, (
    SELECT count(*) FROM document_passages AS p JOIN documents AS d ON d.id = p.document_id
    WHERE d.collection_id = c.id AND p.number >= 0 AND p.memory_id IS NOT NULL
) AS passages FROM collections AS c
"""


def collections(db: sqlite3.Connection, collection_id: int | None = None) -> tuple[Collection, ...]:
    """Return all collections, or the one that is asked for."""
    found = db.execute(f"{_ALL} WHERE ? IN (c.id, 0) ORDER BY c.id", (collection_id or 0,))
    return tuple(_collection(db, row) for row in found.fetchall())


def _collection(db: sqlite3.Connection, row: sqlite3.Row) -> Collection:
    names = ("id", "name", "path", "scope", "why", "documents", "passages")
    skipped = db.execute(
        "SELECT place, why FROM documents WHERE collection_id = ? AND why != '' AND NOT gone"
        " ORDER BY place",
        (row["id"],),
    )
    return Collection(
        **{name: row[name] for name in names},
        ignored=tuple(json.loads(row["ignored"])),
        skipped={each["place"]: each["why"] for each in skipped},
    )


def insert(db: sqlite3.Connection, new: Collection, now: float) -> int:
    """Store a collection, or take one of the same path and scope as it is; return its id."""
    db.execute(
        "INSERT INTO collections (name, path, scope, ignored, added) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (path, scope) DO UPDATE SET name = excluded.name, ignored = excluded.ignored",
        (new.name, new.path, new.scope, json.dumps(new.ignored), now),
    )
    found = db.execute(
        "SELECT id FROM collections WHERE path = ? AND scope = ?", (new.path, new.scope)
    )
    return int(found.fetchone()[0])


def say(db: sqlite3.Connection, collection_id: int, why: str) -> None:
    """Write down what is wrong with a collection."""
    db.execute("UPDATE collections SET why = ? WHERE id = ?", (why, collection_id))


def documents(db: sqlite3.Connection, collection_id: int) -> dict[str, Document]:
    """Return the documents of a collection by place."""
    found = db.execute(
        "SELECT id, place, modified, size, digest, why, gone FROM documents"
        " WHERE collection_id = ?",
        (collection_id,),
    )
    return {row["place"]: Document(*row) for row in found}


def skip(db: sqlite3.Connection, collection_id: int, skipped: Iterable[tuple[str, str]]) -> None:
    """Write down why files are not read; what they had left stays."""
    db.executemany(
        "INSERT INTO documents (collection_id, place, modified, size, digest, why)"
        " VALUES (?, ?, 0, 0, '', ?) ON CONFLICT (collection_id, place)"
        " DO UPDATE SET why = excluded.why, modified = 0, gone = 0",
        [(collection_id, place, why) for place, why in skipped],
    )


def held(db: sqlite3.Connection, document_id: int) -> list[tuple[str, int | None]]:
    """Return the passages of a document in their order: digest and memory."""
    found = db.execute(
        "SELECT digest, memory_id FROM document_passages WHERE document_id = ? AND number >= 0"
        " ORDER BY number",
        (document_id,),
    )
    return [(row["digest"], row["memory_id"]) for row in found]


def write(
    db: sqlite3.Connection, collection_id: int, read: Read, ids: Sequence[int | None]
) -> None:
    """Write down a document as it was read, and which memories its passages are."""
    seen = read.seen
    row = (collection_id, seen.place, seen.modified, seen.size, read.digest, read.why)
    db.execute(
        "INSERT INTO documents (collection_id, place, modified, size, digest, why)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (collection_id, place) DO UPDATE SET gone = 0,"
        " modified = excluded.modified, size = excluded.size, digest = excluded.digest,"
        " why = excluded.why",
        row,
    )
    asked = "SELECT id FROM documents WHERE collection_id = ? AND place = ?"
    (document_id,) = db.execute(asked, (collection_id, seen.place)).fetchone()
    before = {memory for _, memory in held(db, document_id) if memory is not None}
    db.execute(
        "DELETE FROM document_passages WHERE document_id = ? AND number >= 0", (document_id,)
    )
    db.executemany(
        "INSERT INTO document_passages (document_id, number, digest, memory_id)"
        " VALUES (?, ?, ?, ?)",
        [
            (document_id, number, passage.digest, memory)
            for number, (passage, memory) in enumerate(zip(read.passages, ids, strict=True))
        ],
    )
    leave(db, document_id, before - set(ids))
    for passage, memory in zip(read.passages, ids, strict=True):
        _move(db, memory, passage)


def touch(db: sqlite3.Connection, collection_id: int, seen: Seen) -> None:
    """Write down that a document is as it was, however old its file looks."""
    db.execute(
        "UPDATE documents SET modified = ?, size = ? WHERE collection_id = ? AND place = ?",
        (seen.modified, seen.size, collection_id, seen.place),
    )


def leave(db: sqlite3.Connection, document_id: int, memories: Iterable[int]) -> None:
    """Mark memories as no passages of a document any more; `left` finds them."""
    db.executemany(
        "INSERT INTO document_passages (document_id, number, digest, memory_id)"
        " VALUES (?, ?, '', ?) ON CONFLICT DO NOTHING",
        [(document_id, -memory, memory) for memory in memories],
    )


def drop(db: sqlite3.Connection, gone: Iterable[Document]) -> None:
    """Mark documents as gone, with all their passages."""
    for each in gone:
        memories = [memory for _, memory in held(db, each.id) if memory is not None]
        db.execute(
            "DELETE FROM document_passages WHERE document_id = ? AND number >= 0", (each.id,)
        )
        leave(db, each.id, memories)
        db.execute("UPDATE documents SET gone = 1 WHERE id = ?", (each.id,))


def left(db: sqlite3.Connection) -> tuple[int, ...]:
    """Return memories that are passages of no document any more."""
    found = db.execute(
        "SELECT DISTINCT memory_id FROM document_passages AS p WHERE number < 0 AND memory_id"
        " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM document_passages WHERE number >= 0"
        " AND memory_id = p.memory_id)"
    )
    return tuple(int(row[0]) for row in found)


def tidy(db: sqlite3.Connection) -> None:
    """Forget what was left and is deleted by now."""
    db.execute("DELETE FROM document_passages WHERE number < 0")
    db.execute("DELETE FROM documents WHERE gone")


def _move(db: sqlite3.Connection, memory_id: int | None, passage: Passage) -> None:
    """Say where a passage stands now; its words are the same."""
    found = None if memory_id is None else rows.memory(db, memory_id)
    if found is not None and found.place != passage.place:
        moved = found.model_copy(update={"place": passage.place})
        digest = rows.sameness(moved, found.created)
        rows.update(db, found.id, {"place": passage.place, "digest": digest})
