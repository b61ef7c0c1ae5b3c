"""How far the memory of each chat reaches, where it was said."""

import sqlite3

from app.domain.memories import ChatScope
from app.memory.intake import clean


def scope_of(db: sqlite3.Connection, conversation_id: str) -> ChatScope | None:
    """Return what was said of a chat, or None."""
    row = db.execute(
        "SELECT mode, folder FROM chats WHERE conversation_id = ?", (conversation_id,)
    ).fetchone()
    return ChatScope(mode=row["mode"], folder=row["folder"]) if row else None


def set_scope(db: sqlite3.Connection, conversation_id: str, scope: ChatScope) -> None:
    """Write down how far the memory of a chat reaches."""
    db.execute(
        "INSERT INTO chats (conversation_id, mode, folder) VALUES (?, ?, ?) ON CONFLICT"
        " (conversation_id) DO UPDATE SET mode = excluded.mode, folder = excluded.folder",
        (conversation_id, scope.mode, clean(scope.folder)),
    )
