"""What people change about memories: words, place, status."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field, ValidationError

from app.domain.memories import Act, Memory, MemoryKind, MemoryStatus, Trust
from app.domain.memory_errors import MemoryRefused
from app.domain.models import Frozen
from app.memory import rows
from app.memory.history import note
from app.memory.intake import sound
from app.memory.merging import replace_meant, wanted
from app.memory.rows import update

# What the views of a memory are made from.
_SHOWN: Final = {"text", "scope"}


class _Changes(Frozen):
    """What may be changed; only what is given counts."""

    text: str = ""
    kind: MemoryKind = MemoryKind.FACT
    scope: str = ""
    pinned: bool = False
    importance: float = Field(0.5, ge=0, le=1)
    event_at: float | None = None
    expires_at: float | None = None
    status: MemoryStatus = MemoryStatus.ACTIVE


def change(db: sqlite3.Connection, memory_id: int, fields: Mapping[str, Any], now: float) -> None:
    """Change what is given, and write down what was before.

    Raises:
        MemoryMissing: it was deleted.
        MemoryRefused: it cannot be changed like this.
    """
    old = wanted(db, memory_id)
    given = _given(fields)
    status = given.pop("status", old.status)
    new = sound(old.model_copy(update=given))
    before, after = _difference(old, new)
    if after:
        at = max(now, old.changed)
        row = {key: value for key, value in after.items() if key != "scope"}
        row |= {"scope_id": rows.scope_id(db, new.scope), "changed": at}
        update(db, memory_id, row | {"digest": rows.sameness(new, new.created)})
        note(db, Act.CHANGED, memory_id, at, before, after)
        if old.status is MemoryStatus.ACTIVE and _SHOWN & after.keys():
            rows.hide(db, memory_id)
            rows.show(db, memory_id)
    if status is not old.status:
        turn(db, memory_id, status, _ACTS[status], now)


def turn(
    db: sqlite3.Connection, memory_id: int, status: MemoryStatus, act: Act, now: float
) -> None:
    """Give a memory another status, with all that follows.

    Raises:
        MemoryMissing: it was deleted.
        MemoryRefused: nothing replaces it.
    """
    old = wanted(db, memory_id)
    if status is old.status:
        return
    if status is MemoryStatus.SUPERSEDED:
        raise MemoryRefused("Nothing is there to replace it.", remedy="Archive it instead.")
    at = max(now, old.changed)
    fields: dict[str, Any] = {"status": status, "replaced_by": None, "changed": at}
    if act is Act.ACCEPTED:  # the user stands for it now
        fields["trust"] = Trust.USER
    if status is MemoryStatus.ACTIVE and old.expires_at is not None and old.expires_at <= now:
        fields["expires_at"] = None
    update(db, memory_id, fields)
    note(db, act, memory_id, at, {"status": old.status}, {"status": status})
    if old.status is MemoryStatus.ACTIVE:
        rows.hide(db, memory_id)
    if status is MemoryStatus.ACTIVE:
        rows.show(db, memory_id)
        replace_meant(db, memory_id, now)


def expire(db: sqlite3.Connection, now: float) -> None:
    """Archive what no longer matters."""
    over = db.execute(
        "SELECT id FROM memories WHERE expires_at <= ? AND status IN ('active', 'proposed')", (now,)
    ).fetchall()
    for row in over:
        turn(db, row["id"], MemoryStatus.ARCHIVED, Act.EXPIRED, now)


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    try:
        changes = _Changes.model_validate(dict(fields))
    except ValidationError as error:
        (first, *_) = error.errors()
        name = ".".join(map(str, first["loc"]))
        raise MemoryRefused(
            f"{name} of a memory cannot become this: {first['msg']}.",
            remedy="Choose another value.",
        ) from error
    return {name: getattr(changes, name) for name in changes.model_fields_set}


def _difference(old: Memory, new: Memory) -> tuple[dict[str, Any], dict[str, Any]]:
    was, becomes = old.model_dump(), new.model_dump()
    names = [name for name in was if was[name] != becomes[name]]
    return {name: was[name] for name in names}, {name: becomes[name] for name in names}


_ACTS: Final = {
    MemoryStatus.ACTIVE: Act.RESTORED,
    MemoryStatus.ARCHIVED: Act.ARCHIVED,
    MemoryStatus.PROPOSED: Act.CHANGED,
    MemoryStatus.SUPERSEDED: Act.SUPERSEDED,
}
