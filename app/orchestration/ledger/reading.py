"""What is asked of the rows; runs in the thread of the file, so nobody waits for the parsing."""

import sqlite3
from typing import Final, NamedTuple

from app.domain.routing import TurnRecord
from app.orchestration.ledger.rows import BULK, KINDS, R, parsed, to_line

# What one message to another process may hold; escaped it may be six times as long.
PAGE_BYTES: Final = 1 << 20
# A body as bytes: one that is damaged then harms no other row.
_BODY: Final = "CAST(body AS BLOB) AS body"
_WITHOUT_BULK: Final = ", ".join(f"'$.{name}'" for name in BULK)
_LEAN: Final = (
    f"CAST(CASE WHEN json_valid(body) THEN json_remove(body, {_WITHOUT_BULK}) "
    "ELSE body END AS BLOB) AS body"
)


class Page(NamedTuple):
    """Rows as lines of JSON, the number of the last row looked at, and whether it is the end."""

    lines: list[str]
    seen: int
    is_last: bool


def newest(db: sqlite3.Connection, record: type[R], limit: int) -> list[R]:
    """Return the newest records of a kind, the oldest of them first."""
    rows = db.execute(
        f"SELECT id, {_BODY} FROM rows WHERE kind = ? ORDER BY id DESC LIMIT ?",  # noqa: S608
        (KINDS[record], limit),
    ).fetchall()
    return [found for _, found in parsed(record, reversed([tuple(row) for row in rows]))]


def after(db: sqlite3.Connection, record: type[R], seen: int, limit: int) -> tuple[list[R], int]:
    """Return the records of a kind after a row, in their order, and the last row looked at."""
    rows = db.execute(
        f"SELECT id, {_BODY} FROM rows WHERE kind = ? AND id > ? ORDER BY id LIMIT ?",  # noqa: S608
        (KINDS[record], seen, limit),
    ).fetchall()
    found = [each for _, each in parsed(record, [tuple(row) for row in rows])]
    return found, rows[-1]["id"] if rows else seen


def of_turn(db: sqlite3.Connection, turn_id: str) -> TurnRecord | None:
    """Return the turn with an id."""
    rows = db.execute(
        f"SELECT id, {_BODY} FROM rows "  # noqa: S608
        "WHERE turn_id = ? AND turn_id <> '' AND kind = 'turn' ORDER BY id LIMIT 1",
        (turn_id,),
    ).fetchall()
    return next((found for _, found in parsed(TurnRecord, [tuple(row) for row in rows])), None)


def page(db: sqlite3.Connection, *, seen: int, newest_turns: int = 0, lean: bool = False) -> Page:
    """Return the rows after one, until a page is full; rows that are no JSON are left out."""
    body = _LEAN if lean else _BODY
    rows = db.execute(
        f"SELECT id, kind, {body} FROM rows WHERE id > ? ORDER BY id",  # noqa: S608
        (max(seen, _before(db, newest_turns)),),
    )
    lines: list[str] = []
    size = 0
    for row in rows:
        line = to_line(row["id"], row["kind"], row["body"])
        seen = row["id"]
        if line is not None:
            lines.append(line)
            size += len(line.encode())
        if size >= PAGE_BYTES:
            return Page(lines, seen, is_last=False)
    return Page(lines, seen, is_last=True)


def _before(db: sqlite3.Connection, newest_turns: int) -> int:
    """Return the row before the newest turns."""
    if not newest_turns:
        return 0
    found = db.execute(
        "SELECT id FROM rows WHERE kind = 'turn' ORDER BY id DESC LIMIT 1 OFFSET ?",
        (newest_turns,),
    ).fetchone()
    return found["id"] if found else 0
