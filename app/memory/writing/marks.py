"""Rows of the writer: turns that were not looked at yet, and facts that may say the same."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from app.domain.memories import Memory, MemoryKind
from app.memory import rows
from app.memory.writing.wording import content

Learner = Literal["rules", "model"]
TOLD_FACTS: Final = (MemoryKind.FACT, MemoryKind.PREFERENCE, MemoryKind.TASK)
# Sentences beyond these are forgotten, the oldest first: they can only be repeated.
_MOST_RECITED: Final = 20_000
_MOST_NEAR: Final = 50
_MOST_SAID: Final = 5_000
_KINDS: Final = ", ".join(f"'{kind}'" for kind in TOLD_FACTS)


def unseen(db: sqlite3.Connection, learner: Learner, limit: int) -> tuple[Memory, ...]:
    """Return turns of the user this learner has not looked at, the oldest first."""
    found = db.execute(
        f"{rows.SELECT} WHERE m.id > coalesce((SELECT mark FROM looked WHERE learner = ?), 0)"  # noqa: S608
        " AND m.kind = 'turn' AND m.source = 'user' AND m.trust = 'user' AND m.status = 'active'"
        " ORDER BY m.id LIMIT ?",
        (learner, limit),
    )
    return tuple(rows.to_memory(row) for row in found)


def look(db: sqlite3.Connection, learner: Learner, memory_id: int) -> None:
    """Write down that a learner has looked at all turns up to this one."""
    db.execute(
        "INSERT INTO looked (learner, mark) VALUES (?, ?)"
        " ON CONFLICT (learner) DO UPDATE SET mark = max(mark, excluded.mark)",
        (learner, memory_id),
    )


def parts_of(db: sqlite3.Connection, message_id: str) -> int:
    """Return in how many passages a message is kept."""
    asked = "SELECT count(*) FROM memories WHERE message_id = ? AND kind = 'turn'"
    return int(db.execute(asked, (message_id,)).fetchone()[0])


def turns_of_messages(db: sqlite3.Connection, ids: Iterable[str]) -> tuple[int, ...]:
    """Return the turns these messages left, in their order."""
    found = db.execute(
        "SELECT id FROM memories WHERE message_id IN (SELECT value FROM json_each(?))"
        " AND kind = 'turn' AND status IN ('active', 'proposed') ORDER BY id",
        (json.dumps(list(ids)),),
    )
    return tuple(int(row[0]) for row in found)


def turns_of_chat(db: sqlite3.Connection, conversation_id: str) -> tuple[int, ...]:
    """Return all turns of a chat, in whatever state."""
    found = db.execute(
        "SELECT id FROM memories WHERE conversation_id = ? AND conversation_id != ''"
        " AND kind = 'turn'",
        (conversation_id,),
    )
    return tuple(int(row[0]) for row in found)


def near(
    db: sqlite3.Connection, scopes: Sequence[str], stems: Iterable[str], *, turns: bool = False
) -> tuple[Memory, ...]:
    """Return what was learned in these scopes with one of these words, the nearest first.

    `turns`: what was said counts, too.
    """
    kinds = f"{_KINDS}, 'turn'" if turns else _KINDS
    found = _found(db, scopes, stems, "t", kinds)
    there = rows.memories(db, found)
    return tuple(there[each] for each in found)


def unsay(db: sqlite3.Connection, scopes: Sequence[str], told: frozenset[str]) -> None:
    """Take what says this out of what was said before other turns, by which they are found, too."""
    found = _found(db, scopes, told, "w", "'turn'")
    for memory_id, before in rows.said_before(db, found).items():
        if before and told <= content(before):
            rows.update(db, memory_id, {"before": ""})
            rows.hide(db, memory_id)
            rows.show(db, memory_id)


def _found(
    db: sqlite3.Connection, scopes: Sequence[str], stems: Iterable[str], view: rows.View, kinds: str
) -> list[int]:
    numbers = rows.scope_ids(db, scopes)
    query = " OR ".join(f'"{each}"*' for each in stems)
    if not numbers or not query:
        return []
    tags = " OR ".join(f'"{rows.tag(each, view)}"' for each in numbers)
    found = db.execute(
        f"SELECT v.memory_id FROM words JOIN views AS v ON v.id = words.rowid"  # noqa: S608 - ours
        f" JOIN memories AS m ON m.id = v.memory_id AND m.kind IN ({kinds})"
        " WHERE words MATCH ? ORDER BY bm25(words, 1.0, 0.0) LIMIT ?",
        (f"tag : ({tags}) AND text : ({query})", _MOST_NEAR if kinds == _KINDS else _MOST_SAID),
    )
    return [int(row[0]) for row in found]


def recite(db: sqlite3.Connection, digests: Iterable[str], now: float) -> None:
    """Write down what a model was given out of memory; the first time counts."""
    db.executemany(
        "INSERT INTO recited (digest, at) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
        [(each, now) for each in digests],
    )
    db.execute(
        "DELETE FROM recited WHERE digest IN"
        " (SELECT digest FROM recited ORDER BY at DESC LIMIT -1 OFFSET ?)",
        (_MOST_RECITED,),
    )


def recited(db: sqlite3.Connection, digests: Iterable[str], before: float) -> frozenset[str]:
    """Return which of these a model had been given before that time."""
    found = db.execute(
        "SELECT digest FROM recited WHERE at < ? AND digest IN (SELECT value FROM json_each(?))",
        (before, json.dumps(list(digests))),
    )
    return frozenset(row[0] for row in found)
