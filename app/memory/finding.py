"""Lists of memories as somebody wants to see them, not only those that can be recalled."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from app.domain.memories import Filter, Meter, Page, Sort
from app.memory.rows import SELECT, to_memory

_FROM: Final = "FROM memories AS m JOIN scopes AS s ON s.id = m.scope_id"
_ORDER: Final = {
    Sort.NEWEST: "m.created DESC, m.id DESC",
    Sort.OLDEST: "m.created, m.id",
    Sort.CHANGED: "m.changed DESC, m.id DESC",
    Sort.USED: "m.uses DESC, m.used_at DESC, m.id DESC",
    Sort.IMPORTANT: "m.pinned DESC, m.importance DESC, m.id DESC",
}


def page(db: sqlite3.Connection, wanted: Filter) -> Page:
    """Return the memories that are wanted, and how many there are in all."""
    where, given = _where(db, wanted)
    (total,) = db.execute(f"SELECT count(*) {_FROM} {where}", given).fetchone()
    found = db.execute(
        f"{SELECT} {where} ORDER BY {_ORDER[wanted.sort]} LIMIT :limit OFFSET :offset",
        given | {"limit": wanted.limit, "offset": wanted.offset},
    )
    return Page(memories=tuple(to_memory(row) for row in found), total=total)


def ids(db: sqlite3.Connection, wanted: Filter) -> tuple[int, ...]:
    """Return the ids of all memories that are wanted, however many."""
    where, given = _where(db, wanted)
    found = db.execute(f"SELECT m.id {_FROM} {where} ORDER BY {_ORDER[wanted.sort]}", given)
    return tuple(int(row[0]) for row in found)


def meter(db: sqlite3.Connection, size: int, index_size: int) -> Meter:
    """Count memories by what they are."""

    def counts(column: str) -> dict[str, int]:
        return {
            str(row[0]): row[1]
            for row in db.execute(f"SELECT {column}, count(*) {_FROM} GROUP BY 1")
        }

    (vectors,) = db.execute("SELECT count(*) FROM vectors").fetchone()
    return Meter.model_validate(
        {
            "bytes": size,
            "index_bytes": index_size,
            "vectors": vectors,
            "kinds": counts("m.kind"),
            "scopes": counts("s.name"),
            "statuses": counts("m.status"),
        }
    )


def _where(db: sqlite3.Connection, wanted: Filter) -> tuple[str, dict[str, Any]]:
    """Return the condition and what it is given."""
    tests = {
        "s.name IN (SELECT value FROM json_each(:scopes))": _list(wanted.scopes),
        "m.kind IN (SELECT value FROM json_each(:kinds))": _list(wanted.kinds or None),
        "m.status IN (SELECT value FROM json_each(:statuses))": _list(wanted.statuses or None),
        "m.trust IN (SELECT value FROM json_each(:trusts))": _list(wanted.trusts or None),
        "m.pinned = :pinned": wanted.pinned,
        "m.created >= :since": wanted.since,
        "m.created <= :until": wanted.until,
        "holds(m.text) AND :text IS NOT NULL": wanted.text.strip() or None,
    }
    _learn_words(db, wanted.text)
    said = [(test, value) for test, value in tests.items() if value is not None]
    where = "WHERE " + " AND ".join(test for test, _ in said) if said else ""
    names = (test.partition(":")[2].partition(")")[0].partition(" ")[0] for test, _ in said)
    return where, dict(zip(names, (value for _, value in said), strict=True))


def _learn_words(db: sqlite3.Connection, text: str) -> None:
    """Teach this connection which texts hold all words; SQL itself knows no case but of ASCII."""
    words = text.casefold().split()

    def holds(said: str) -> bool:
        plain = said.casefold()
        return all(word in plain for word in words)

    db.create_function("holds", 1, holds, deterministic=True)


def _list(values: Iterable[str] | None) -> str | None:
    return None if values is None else json.dumps(list(values))
