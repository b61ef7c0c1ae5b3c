"""Conversations on disk: what is written and in which order."""

import sqlite3
from collections.abc import Callable

from app.conversations import rows
from app.domain.chat import (
    Conversation,
    MessageState,
    PastAnswer,
    Receipt,
    Speaker,
    StoredMessage,
    ThreadEntry,
    is_temporary,
    temporary,
)
from app.domain.events import ConversationChanged
from app.platform.bus import Bus
from app.platform.storage import Database, storable

_LISTED = 500


class Conversations:
    """All chats of this user. Owns their tables; publishes ConversationChanged."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        *,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        passing: Database | None = None,
    ) -> None:
        """Keep chats in `database`, and temporary ones in `passing`, which is in memory only."""
        self._database = database
        self._passing = passing or database
        self._bus = bus
        self._clock = clock
        self._new_id = new_id

    async def list(self, limit: int = _LISTED) -> tuple[Conversation, ...]:
        """Return the newest conversations first."""
        return await self._database.read(lambda db: rows.newest_conversations(db, limit))

    async def get(self, conversation_id: str) -> Conversation:
        """Return one conversation.

        Raises:
            ConversationMissing: it was deleted.
        """
        return await self._home(conversation_id).read(
            lambda db: rows.conversation(db, conversation_id)
        )

    async def message(self, message_id: str) -> StoredMessage:
        """Return one message.

        Raises:
            ConversationMissing: it was deleted with its conversation.
        """
        return await self._home(message_id).read(lambda db: rows.message(db, message_id))

    async def thread(self, conversation_id: str) -> tuple[ThreadEntry, ...]:
        """Return the shown branch from its first message to its last."""
        return await self._home(conversation_id).read(lambda db: rows.thread(db, conversation_id))

    async def answers_of(self, model: str, limit: int) -> tuple[PastAnswer, ...]:
        """Return the newest complete answers of a model, with what they answered."""
        return await self._database.read(lambda db: rows.answers_of(db, model, limit))

    async def create(self, title: str = "", role: str = "") -> Conversation:
        """Make an empty conversation."""
        title = _one_line(title)
        made = await self._database.write(lambda db: self._create(db, title, role))
        self._bus.publish(ConversationChanged(made.id))
        return made

    async def create_temporary(self, role: str = "") -> Conversation:
        """Make an empty conversation of which nothing is written; it ends with the program."""

        def work(db: sqlite3.Connection) -> Conversation:
            return self._create(db, "", role, temporary(self._new_id()))

        made = await self._passing.write(work)
        self._bus.publish(ConversationChanged(made.id))
        return made

    async def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title, in one line."""
        await self._update(conversation_id, "title", _one_line(title))

    async def set_role(self, conversation_id: str, role: str) -> None:
        """Remember who answers in this conversation; empty means whoever fits."""
        await self._update(conversation_id, "role", role)

    async def delete(self, conversation_id: str) -> None:
        """Remove a conversation with all its messages."""

        def work(db: sqlite3.Connection) -> None:
            rows.conversation(db, conversation_id)
            db.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))

        await self._home(conversation_id).write(work)
        self._bus.publish(ConversationChanged(conversation_id))

    async def ask(self, conversation_id: str | None, text: str, *, role: str = "") -> StoredMessage:
        """Store the user's message and open its answer, both or neither; return the answer.

        `None` begins a conversation named after the message.

        Raises:
            StorageError: nothing was stored.
            ConversationMissing: the conversation was deleted.
        """
        text = storable(text)

        def work(db: sqlite3.Connection) -> StoredMessage:
            chat = (
                rows.conversation(db, conversation_id)
                if conversation_id
                else self._create(db, rows.title_of(text), role)
            )
            if not chat.title and chat.leaf_id is None:
                title = rows.title_of(text)
                db.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, chat.id))
            question = self._new_message(chat.id, chat.leaf_id, "user", text, MessageState.COMPLETE)
            rows.append(db, question)
            return self._open_answer(db, question)

        answer = await self._home(conversation_id or "").write(work)
        self._bus.publish(ConversationChanged(answer.conversation_id))
        return answer

    async def open_answer(self, parent_id: str) -> StoredMessage:
        """Open a new answer to a message; beside older ones it is their next version."""

        def work(db: sqlite3.Connection) -> StoredMessage:
            return self._open_answer(db, rows.message(db, parent_id))

        answer = await self._home(parent_id).write(work)
        self._bus.publish(ConversationChanged(answer.conversation_id))
        return answer

    async def save_answer(
        self,
        message_id: str,
        *,
        content: str,
        state: MessageState,
        receipt: Receipt | None = None,
        error: str = "",
    ) -> None:
        """Write how far an answer got."""

        def work(db: sqlite3.Connection) -> StoredMessage:
            found = rows.message(db, message_id)
            fields = {"content": content, "state": state, "receipt": receipt, "error": error}
            rows.update_message(db, found.model_copy(update=fields))
            return found

        found = await self._home(message_id).write(work)
        if state is not MessageState.STREAMING:
            self._bus.publish(ConversationChanged(found.conversation_id))

    async def versions(self, message: StoredMessage) -> tuple[str, ...]:
        """Return the ids of all versions of a message, oldest first."""
        return await self._home(message.id).read(lambda db: rows.versions(db, message))

    async def select_version(self, message_id: str) -> None:
        """Show the branch through this message, down to its newest end."""

        def work(db: sqlite3.Connection) -> StoredMessage:
            chosen = rows.message(db, message_id)
            rows.set_leaf(db, chosen.conversation_id, rows.newest_leaf_below(db, message_id))
            return chosen

        chosen = await self._home(message_id).write(work)
        self._bus.publish(ConversationChanged(chosen.conversation_id))

    async def mark_interrupted(self) -> int:
        """Say of answers that a crash left open that they were interrupted; return how many."""

        def work(db: sqlite3.Connection) -> int:
            states = (MessageState.INTERRUPTED, MessageState.STREAMING)
            return db.execute("UPDATE messages SET state = ? WHERE state = ?", states).rowcount

        return await self._database.write(work)

    async def _update(self, conversation_id: str, column: str, value: str) -> None:
        def work(db: sqlite3.Connection) -> None:
            rows.conversation(db, conversation_id)
            # `column` is one of our own names, never the user's words.
            statement = f"UPDATE conversations SET {column} = ? WHERE id = ?"  # noqa: S608
            db.execute(statement, (value, conversation_id))

        await self._home(conversation_id).write(work)
        self._bus.publish(ConversationChanged(conversation_id))

    def _home(self, of: str) -> Database:
        """Return where a conversation or a message is."""
        return self._passing if is_temporary(of) else self._database

    def _create(
        self, db: sqlite3.Connection, title: str, role: str, chat_id: str = ""
    ) -> Conversation:
        now = self._clock()
        made = Conversation(
            id=chat_id or self._new_id(), title=title, created=now, updated=now, role=role
        )
        rows.insert_conversation(db, made)
        return made

    def _open_answer(self, db: sqlite3.Connection, question: StoredMessage) -> StoredMessage:
        answer = self._new_message(
            question.conversation_id, question.id, "assistant", "", MessageState.STREAMING
        )
        rows.append(db, answer)
        return answer

    def _new_message(
        self,
        conversation_id: str,
        parent_id: str | None,
        role: Speaker,
        content: str,
        state: MessageState,
    ) -> StoredMessage:
        own = self._new_id()
        return StoredMessage(
            id=temporary(own) if is_temporary(conversation_id) else own,
            conversation_id=conversation_id,
            parent_id=parent_id,
            role=role,
            content=content,
            state=state,
            created=self._clock(),
        )


def _one_line(title: str) -> str:
    return " ".join(storable(title).split())
