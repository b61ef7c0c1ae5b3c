"""What happens where memories say the same, or one takes the place of another."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from app.domain.memories import Act, Memory, MemoryStatus, NewMemory, Trust
from app.domain.memory_errors import MemoryMissing, MemoryRefused
from app.memory import rows
from app.memory.history import note
from app.memory.rows import update

_REACH: Final = (Trust.UNTRUSTED, Trust.MODEL, Trust.USER)


def wanted(db: sqlite3.Connection, memory_id: int) -> Memory:
    """Return a memory.

    Raises:
        MemoryMissing: it was deleted.
    """
    found = rows.memory(db, memory_id)
    if found is None:
        raise MemoryMissing("This memory was deleted.", remedy="Look at the list again.")
    return found


def add(
    db: sqlite3.Connection, new: NewMemory, now: float, created: float | None = None
) -> tuple[int, bool]:
    """Store a memory, or count words that are kept already; return its id, and if it is new."""
    learned = now if created is None else created
    meant = None if new.supersedes is None else wanted(db, new.supersedes)
    known = rows.same(db, new, learned)
    memory_id = rows.insert(db, new, now, created) if known is None else known
    if known is not None:
        _told_again(db, wanted(db, known), new, now)
    # What a stranger says replaces nothing, whatever it claims; once accepted, the user says it.
    holds = new.status is MemoryStatus.ACTIVE and new.trust is not Trust.UNTRUSTED
    if holds and meant is not None and meant.id != memory_id:
        replace(db, meant, memory_id, Act.SUPERSEDED, now)
    return memory_id, known is None


def replace(db: sqlite3.Connection, old: Memory, by: int, act: Act, now: float) -> None:
    """Let one memory take the place of another, which becomes history."""
    if old.status is MemoryStatus.SUPERSEDED:
        return
    at = max(now, old.changed)
    update(db, old.id, {"status": MemoryStatus.SUPERSEDED, "replaced_by": by, "changed": at})
    rows.hide(db, old.id)
    note(db, act, old.id, at, {"status": old.status}, {"replaced_by": by})


def replace_meant(db: sqlite3.Connection, memory_id: int, now: float) -> None:
    """Let a memory that became active replace what it was meant to."""
    meant = wanted(db, memory_id).supersedes
    old = None if meant is None else rows.memory(db, meant)
    if old is not None and old.status is MemoryStatus.ACTIVE:
        replace(db, old, memory_id, Act.SUPERSEDED, now)


def merge(db: sqlite3.Connection, keep: int, others: Sequence[int], now: float) -> None:
    """Let one memory stand for several.

    Raises:
        MemoryMissing: one was deleted.
        MemoryRefused: they do not belong together.
    """
    kept = wanted(db, keep)
    if kept.status is MemoryStatus.SUPERSEDED:
        raise MemoryRefused("This memory was replaced by another one.", remedy="Keep that one.")
    merged = [wanted(db, each) for each in dict.fromkeys(others) if each != keep]
    if any(each.scope != kept.scope for each in merged):
        raise MemoryRefused(
            "These memories belong to different places.", remedy="Move them to one place first."
        )
    fresh = [each for each in merged if each.replaced_by != keep]
    for each in fresh:
        replace(db, each, keep, Act.MERGED, now)
    together = (kept, *fresh)
    update(
        db,
        keep,
        {
            "told": sum(each.told for each in together),
            "uses": sum(each.uses for each in together),
            "pinned": any(each.pinned for each in together),
            "importance": max(each.importance for each in together),
            "changed": max(now, kept.changed),
        },
    )


def _told_again(db: sqlite3.Connection, known: Memory, new: NewMemory, now: float) -> None:
    """Count words that were told before; what only was proposed again changes nothing else."""
    fields: dict[str, Any] = {"told": known.told + 1}
    meant = known.supersedes if new.supersedes in {None, known.id} else new.supersedes
    if new.status is MemoryStatus.ACTIVE:
        fields |= {
            "changed": max(now, known.changed),
            "pinned": known.pinned or new.pinned,
            "importance": max(known.importance, new.importance),
            "trust": max(known.trust, new.trust, key=_REACH.index),
            "supersedes": meant,
        }
        if new.expires_at is not None or known.status is not MemoryStatus.ACTIVE:
            fields["expires_at"] = new.expires_at
    update(db, known.id, fields)
    if new.status is MemoryStatus.ACTIVE and known.status is not MemoryStatus.ACTIVE:
        act = Act.ACCEPTED if known.status is MemoryStatus.PROPOSED else Act.RESTORED
        update(db, known.id, {"status": MemoryStatus.ACTIVE})
        rows.show(db, known.id)
        note(db, act, known.id, fields["changed"], {"status": known.status}, {"status": "active"})
        replace_meant(db, known.id, now)
