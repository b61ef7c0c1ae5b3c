"""What was done to memories, for the time line; what was deleted leaves no words here."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from app.domain.memories import Act, Happened
from app.memory.rows import put

# A memory's beginning is in its own row: it need not be written twice.
_ALL: Final = """
SELECT * FROM (
    SELECT at, act, memory_id, before, after, id AS number FROM history
    ORDER BY at DESC, id DESC LIMIT :most
) UNION ALL SELECT * FROM (
    SELECT created AS at, 'added', id, '{}', '{}', 0 FROM memories
    ORDER BY created DESC, id DESC LIMIT :most
) ORDER BY at DESC, number DESC, memory_id DESC LIMIT :most
"""
_ONE: Final = """
SELECT at, act, memory_id, before, after, id AS number FROM history WHERE memory_id = :memory
UNION ALL SELECT created AS at, 'added', id, '{}', '{}', 0 FROM memories WHERE id = :memory
ORDER BY at DESC, number DESC LIMIT :most
"""


def note(
    db: sqlite3.Connection,
    act: Act,
    memory_id: int,
    at: float,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down what was done to a memory."""
    words = {"before": json.dumps(before or {}), "after": json.dumps(after or {})}
    put(db, "history", {"at": at, "act": act, "memory_id": memory_id, **words})


def happened(db: sqlite3.Connection, memory_id: int | None, limit: int) -> tuple[Happened, ...]:
    """Return what was done, the newest first; to one memory or to all."""
    asked = {"memory": memory_id, "most": limit}
    found = db.execute(_ALL if memory_id is None else _ONE, asked)
    return tuple(
        Happened(
            at=row["at"],
            act=row["act"],
            memory_id=row["memory_id"],
            before=json.loads(row["before"]),
            after=json.loads(row["after"]),
        )
        for row in found
    )
