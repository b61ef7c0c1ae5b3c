"""Deleting for good, and bringing back while the program still runs."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.memories import Act, Memory, MemoryStatus
from app.memory import rows
from app.memory.history import note

_Row = dict[str, Any]

# What a memory replaced goes with it: it is its past.
_WITH_THEIR_PAST: Final = """
WITH RECURSIVE past (id) AS (
    SELECT id FROM memories WHERE id IN (SELECT value FROM json_each(?))
    UNION SELECT m.id FROM memories AS m JOIN past ON m.replaced_by = past.id
) SELECT id FROM past ORDER BY id
"""
_OF_THEM: Final = "IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Removed:
    """What was deleted, with all that was made from it; held in memory and nowhere else."""

    memories: tuple[Memory, ...]
    _rows: tuple[_Row, ...]
    _views: tuple[_Row, ...]
    _vectors: tuple[_Row, ...]
    _history: tuple[_Row, ...]
    # Who was meant to replace one of them.
    _links: tuple[_Row, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of all that was deleted; what they had replaced is among them."""
        return tuple(each.id for each in self.memories)


def remove(db: sqlite3.Connection, ids: Sequence[int], now: float) -> Removed:
    """Delete memories, their past and all that was made from them."""
    gone = [int(row[0]) for row in db.execute(_WITH_THEIR_PAST, (rows.many(ids),))]
    removed = _held(db, gone)
    for each in removed.memories:
        rows.hide(db, each.id)
    db.execute(f"DELETE FROM history WHERE memory_id {_OF_THEM}", (rows.many(gone),))  # noqa: S608
    db.execute(f"DELETE FROM memories WHERE id {_OF_THEM}", (rows.many(gone),))  # noqa: S608
    for each in removed.memories:
        note(db, Act.DELETED, each.id, max(now, each.changed))
    if gone:
        db.execute("UPDATE counter SET unclean = 1")
    return removed


def bring_back(db: sqlite3.Connection, removed: Removed, now: float) -> None:
    """Store again what was deleted, under the same ids; what is there again is left alone."""
    there = rows.memories(db, removed.ids)
    missing = {each.id: each for each in removed.memories if each.id not in there}
    db.execute("PRAGMA defer_foreign_keys = ON")  # they refer to each other in any order
    for row in removed._rows:
        if row["id"] in missing:
            rows.put(db, "memories", row)
    for row in removed._history:
        if row["memory_id"] in missing:
            rows.put(db, "history", row)
    _show_again(db, removed, missing)
    _link_again(db, removed, missing)
    for each in missing.values():
        note(db, Act.BROUGHT_BACK, each.id, max(now, each.changed))


def _held(db: sqlite3.Connection, ids: Sequence[int]) -> Removed:
    def all_of(query: str) -> tuple[_Row, ...]:
        return tuple(dict(row) for row in db.execute(f"{query} {_OF_THEM}", (rows.many(ids),)))

    return Removed(
        tuple(rows.memories(db, ids).values()),
        all_of("SELECT * FROM memories WHERE id"),
        all_of("SELECT * FROM views WHERE memory_id"),
        all_of(
            "SELECT vectors.* FROM vectors JOIN views ON views.id = view_id WHERE views.memory_id"
        ),
        all_of("SELECT * FROM history WHERE memory_id"),
        all_of("SELECT id, supersedes FROM memories WHERE supersedes"),
    )


def _show_again(db: sqlite3.Connection, removed: Removed, missing: dict[int, Memory]) -> None:
    """Store views under new ids: index files know that the old ones are gone for ever."""
    made = {}
    for row in removed._views:
        if row["memory_id"] in missing:
            number = rows.next_seq(db)
            made[row["id"]] = rows.put_view(
                db, row["memory_id"], row["scope_id"], row["view"], row["text"], number
            )
    models = {row[0] for row in db.execute("SELECT number FROM embedders")}
    for row in removed._vectors:
        if row["view_id"] in made and row["embedder"] in models:
            fresh = {"view_id": made[row["view_id"]], "seq": rows.next_seq(db)}
            rows.put(db, "vectors", row | fresh)


def _link_again(db: sqlite3.Connection, removed: Removed, missing: dict[int, Memory]) -> None:
    for row in removed._links:
        if row["supersedes"] in missing:
            db.execute(
                "UPDATE memories SET supersedes = :supersedes"
                " WHERE id = :id AND supersedes IS NULL",
                row,
            )
    there = "(SELECT id FROM memories)"
    back = (rows.many(missing),)
    # What replaced it may be gone by now.
    db.execute(
        f"UPDATE memories SET replaced_by = NULL, status = '{MemoryStatus.ARCHIVED}'"  # noqa: S608
        f" WHERE replaced_by NOT IN {there} AND id {_OF_THEM}",
        back,
    )
    db.execute(
        f"UPDATE memories SET supersedes = NULL"  # noqa: S608
        f" WHERE supersedes NOT IN {there} AND id {_OF_THEM}",
        back,
    )
