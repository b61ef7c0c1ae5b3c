"""Conversations as rows: the only place that knows their tables' columns."""

import sqlite3

from app.domain.chat import (
    Conversation,
    MessageState,
    PastAnswer,
    Receipt,
    StoredMessage,
    ThreadEntry,
)
from app.domain.errors import ConversationMissing
from app.platform.storage import storable

_TITLE_LENGTH = 48

_ANSWERS = """
SELECT asked.content AS asked, said.content AS said,
    json_extract(said.receipt, '$.family') AS family
FROM messages AS said JOIN messages AS asked ON asked.id = said.parent_id
WHERE said.role = 'assistant' AND said.state = ? AND json_extract(said.receipt, '$.model') = ?
ORDER BY said.rowid DESC LIMIT ?
"""
_INSERT_MESSAGE = """
INSERT INTO messages
    (id, conversation_id, parent_id, position, role, content, state, created, receipt, error)
VALUES (?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM messages WHERE conversation_id = ?),
        ?, ?, ?, ?, ?, ?)
"""


def title_of(text: str) -> str:
    """Return the first line of a message, cut at a word's end, as a title."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    first = next((line for line in lines if line), "")
    if len(first) <= _TITLE_LENGTH:
        return first
    cut = first[: _TITLE_LENGTH + 1]
    head = cut.rsplit(maxsplit=1)[0] if " " in cut else cut[:_TITLE_LENGTH]
    return f"{head}…"


def conversation(db: sqlite3.Connection, conversation_id: str) -> Conversation:
    """Return one conversation or raise ConversationMissing."""
    row = db.execute("SELECT * FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    if row is None:
        raise _missing()
    return _conversation(row)


def newest_conversations(db: sqlite3.Connection, limit: int) -> tuple[Conversation, ...]:
    """Return conversations by their last change, newest first."""
    found = db.execute(
        "SELECT * FROM conversations ORDER BY updated DESC, rowid DESC LIMIT ?", (limit,)
    )
    return tuple(_conversation(row) for row in found)


def insert_conversation(db: sqlite3.Connection, made: Conversation) -> None:
    """Store a new conversation."""
    db.execute(
        "INSERT INTO conversations (id, title, role, created, updated) VALUES (?, ?, ?, ?, ?)",
        (made.id, made.title, made.role, made.created, made.updated),
    )


def message(db: sqlite3.Connection, message_id: str) -> StoredMessage:
    """Return one message or raise ConversationMissing."""
    row = db.execute("SELECT * FROM messages WHERE id = ?", (message_id,)).fetchone()
    if row is None:
        raise _missing()
    return _message(row)


def answers_of(db: sqlite3.Connection, model: str, limit: int) -> tuple[PastAnswer, ...]:
    """Return the newest complete answers of a model, with what they answered."""
    found = db.execute(_ANSWERS, (MessageState.COMPLETE, model, limit))
    return tuple(
        PastAnswer(asked=row["asked"], said=row["said"], family=row["family"] or "")
        for row in found
    )


def append(db: sqlite3.Connection, new: StoredMessage) -> None:
    """Store a new message; it becomes the end of the shown branch."""
    db.execute(
        _INSERT_MESSAGE,
        (
            new.id,
            new.conversation_id,
            new.parent_id,
            new.conversation_id,
            new.role,
            new.content,
            new.state,
            new.created,
            _receipt_text(new),
            new.error,
        ),
    )
    db.execute(
        "UPDATE conversations SET leaf_id = ?, updated = ? WHERE id = ?",
        (new.id, new.created, new.conversation_id),
    )


def update_message(db: sqlite3.Connection, changed: StoredMessage) -> None:
    """Store what may change of a message: words, state, receipt, error."""
    db.execute(
        "UPDATE messages SET content = ?, state = ?, receipt = ?, error = ? WHERE id = ?",
        (
            storable(changed.content),
            changed.state,
            _receipt_text(changed),
            storable(changed.error),
            changed.id,
        ),
    )


def set_leaf(db: sqlite3.Connection, conversation_id: str, leaf_id: str) -> None:
    """Show the branch that ends with `leaf_id`."""
    db.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf_id, conversation_id))


def newest_leaf_below(db: sqlite3.Connection, message_id: str) -> str:
    """Return the end of the branch that follows the newest child from `message_id` on."""
    query = "SELECT id FROM messages WHERE parent_id = ? ORDER BY position DESC LIMIT 1"
    leaf = message_id
    while child := db.execute(query, (leaf,)).fetchone():
        leaf = child["id"]
    return leaf


def versions(db: sqlite3.Connection, of: StoredMessage) -> tuple[str, ...]:
    """Return the ids of all messages with the same parent in the same conversation."""
    found = db.execute(
        "SELECT id FROM messages WHERE conversation_id = ? AND parent_id IS ? ORDER BY position",
        (of.conversation_id, of.parent_id),
    )
    return tuple(row["id"] for row in found)


def thread(db: sqlite3.Connection, conversation_id: str) -> tuple[ThreadEntry, ...]:
    """Return the shown branch, first message first, each with its place among its versions."""
    at = conversation(db, conversation_id).leaf_id
    everything = db.execute(
        "SELECT * FROM messages WHERE conversation_id = ? ORDER BY position", (conversation_id,)
    )
    found: dict[str, sqlite3.Row] = {row["id"]: row for row in everything}
    versions: dict[str | None, list[str]] = {}
    for message_id, row in found.items():
        versions.setdefault(row["parent_id"], []).append(message_id)
    branch: list[ThreadEntry] = []
    while at is not None:
        row = found[at]
        beside = versions[row["parent_id"]]
        branch.append(
            ThreadEntry(message=_message(row), version=beside.index(at) + 1, versions=len(beside))
        )
        at = row["parent_id"]
    return tuple(reversed(branch))


def _conversation(row: sqlite3.Row) -> Conversation:
    return Conversation(**dict(row))


def _message(row: sqlite3.Row) -> StoredMessage:
    return StoredMessage(
        id=row["id"],
        conversation_id=row["conversation_id"],
        parent_id=row["parent_id"],
        role=row["role"],
        content=row["content"],
        state=MessageState(row["state"]),
        created=row["created"],
        receipt=Receipt.model_validate_json(row["receipt"]) if row["receipt"] else None,
        error=row["error"],
    )


def _receipt_text(of: StoredMessage) -> str | None:
    return of.receipt.model_dump_json() if of.receipt else None


def _missing() -> ConversationMissing:
    return ConversationMissing(
        "This conversation does not exist any more.", remedy="Start a new one."
    )
