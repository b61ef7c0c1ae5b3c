"""Stored conversations on top of turns: what the window and the terminal chat talk to."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.conversations.store import Conversations
from app.domain.chat import ChatMessage, MessageState, Receipt, StoredMessage, ThreadEntry
from app.domain.errors import ConversationMissing, RequestInvalid, StorageError
from app.domain.events import NoticeRaised, Stage, TurnCancelled, TurnFailed, TurnFinished
from app.orchestration.conductor import Wishes
from app.orchestration.display import TurnEnd
from app.orchestration.journal import Journal
from app.orchestration.turn import Place, Turn, Turns, require_words
from app.platform.bus import Bus

# What is visible reaches the disk at least this often, so that a crash takes little of it.
_CHECKPOINT_S = 1.0

_STATES = {
    TurnFinished: MessageState.COMPLETE,
    TurnFailed: MessageState.FAILED,
    TurnCancelled: MessageState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """A turn that is being stored: its id, its conversation, and the message that will hold it."""

    turn_id: str
    conversation_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """A running answer as a view needs it to rebuild itself."""

    turn_id: str
    message_id: str
    text: str
    stage: Stage
    fraction: float | None


class _AnswerRecorder:
    """Writes a growing answer to its message; a disk that fails is told once and stops nothing."""

    def __init__(
        self,
        answer: StoredMessage,
        conversations: Conversations,
        bus: Bus,
        clock: Callable[[], float],
    ) -> None:
        self.message_id = answer.id
        self._question_id = answer.parent_id or ""
        self._text = ""
        self._conversations = conversations
        self._bus = bus
        self._clock = clock
        self._saved_at = clock()

    async def checkpoint(self, text: str) -> None:
        """Keep what is visible, at most once a second."""
        self._text = text
        if self._clock() - self._saved_at < _CHECKPOINT_S:
            return
        self._saved_at = self._clock()
        await self._save(text, MessageState.STREAMING)

    async def open_version(self, text: str, receipt: Receipt | None) -> str:
        """Keep `text` as one version and begin another beside it; return its id."""
        await self._save(text, MessageState.COMPLETE, receipt)
        self._text = ""
        async with self._storing():
            # Where no version can be begun, the first one is not written over.
            self.message_id = ""
            self.message_id = (await self._conversations.open_answer(self._question_id)).id
        return self.message_id

    async def conclude(self, end: TurnEnd, receipt: Receipt | None) -> None:
        """Keep the end of the answer with its receipt or its error."""
        error = f"{end.message} {end.remedy}".strip() if isinstance(end, TurnFailed) else ""
        kept = end.receipt if isinstance(end, TurnFinished) else receipt
        chosen = end.message_id if isinstance(end, TurnFinished) else ""
        if chosen and chosen != self.message_id:
            await self._save(self._text, MessageState.COMPLETE)
            self.message_id = chosen
            async with self._storing():
                await self._conversations.select_version(chosen)
        await self._save(end.text, _STATES[type(end)], kept, error)

    async def _save(
        self, text: str, state: MessageState, receipt: Receipt | None = None, error: str = ""
    ) -> None:
        if not self.message_id:
            return
        async with self._storing():
            await self._conversations.save_answer(
                self.message_id, content=text, state=state, receipt=receipt, error=error
            )

    @asynccontextmanager
    async def _storing(self) -> AsyncIterator[None]:
        try:
            yield
        except ConversationMissing:
            return  # deleted while it was being answered: nothing to keep
        except StorageError as failure:
            notice = f"The answer is shown but could not be stored: {failure.message}"
            self._bus.publish(NoticeRaised(failure.code, notice, failure.remedy))


class Chats:
    """Sends and regenerates in stored conversations. Owns which conversation is being answered."""

    def __init__(
        self,
        *,
        conversations: Conversations,
        turns: Turns,
        bus: Bus,
        clock: Callable[[], float],
        journal: Journal,
        forget: Callable[[str], Awaitable[None]],
    ) -> None:
        """Join stored conversations and turns.

        Args:
            conversations: where messages are kept.
            turns: runs the answers.
            bus: told what cannot be stored.
            clock: seconds that only ever grow.
            journal: writes down what people do with answers.
            forget: makes others forget what they keep of a conversation.
        """
        self._conversations = conversations
        self._forget = forget
        self._journal = journal
        self._turns = turns
        self._bus = bus
        self._clock = clock
        self._live: dict[str, ChatTurn] = {}
        self._starting: set[str] = set()

    async def send(
        self,
        conversation_id: str | None,
        text: str,
        *,
        role: str = "",
        load_anyway: bool = False,
    ) -> ChatTurn:
        """Store the user's message, then start answering it; `None` begins a conversation.

        `load_anyway` loads the model also where it does not fit into memory.

        Raises:
            EmptyMessage: there is nothing to send.
            RequestInvalid: the conversation is still being answered.
            StorageError: the message could not be stored; it is still the caller's.
        """
        require_words(text)
        async with self._one_at_a_time(conversation_id or ""):
            answer = await self._conversations.ask(conversation_id, text, role=role)
            return await self._start(answer, role, load_anyway=load_anyway)

    async def regenerate(
        self, message_id: str, *, role: str = "", load_anyway: bool = False
    ) -> ChatTurn:
        """Answer the same question again, as a new version beside `message_id`."""
        old = await self._conversations.message(message_id)
        self._witness(old, "regenerate")
        async with self._one_at_a_time(old.conversation_id):
            answer = await self._conversations.open_answer(old.parent_id or "")
            return await self._start(answer, role, load_anyway=load_anyway, retry=True)

    async def note(self, message_id: str, act: str) -> None:
        """Take note of what the user did with an answer: a thumb up or down, a copy.

        Raises:
            ConversationMissing: there is no such answer any more.
        """
        self._witness(await self._conversations.message(message_id), act)

    def _witness(self, answer: StoredMessage, act: str) -> None:
        if answer.receipt is not None:
            self._journal.behave(answer.receipt, act)

    async def delete(self, conversation_id: str) -> None:
        """Remove a conversation, also from what the engines keep of it; its answer ends first."""
        live = self._live.get(conversation_id)
        turn = self._turns.find(live.turn_id) if live else None
        if turn is not None:
            turn.cancel()
            await turn.wait()
        await self._conversations.delete(conversation_id)
        await self._forget(conversation_id)

    def cancel(self, turn_id: str) -> None:
        """Stop a running answer; what is visible stays."""
        turn = self._turns.find(turn_id)
        if turn is not None:
            turn.cancel()

    def active(self, conversation_id: str) -> LiveAnswer | None:
        """Return the running answer of a conversation, or None."""
        chat_turn = self._live.get(conversation_id)
        turn = self._turns.find(chat_turn.turn_id) if chat_turn else None
        if chat_turn is None or turn is None:
            return None
        message_id = turn.display.message_id or chat_turn.message_id
        return LiveAnswer(turn.id, message_id, turn.text, turn.stage, turn.fraction)

    @asynccontextmanager
    async def _one_at_a_time(self, conversation_id: str) -> AsyncIterator[None]:
        """Let nobody else start an answer here between the look and the start."""
        if self.active(conversation_id) or conversation_id in self._starting:
            raise RequestInvalid(
                "This chat is still being answered.", remedy="Wait for the answer, or stop it."
            )
        if conversation_id:
            self._starting.add(conversation_id)
        try:
            yield
        finally:
            self._starting.discard(conversation_id)

    async def _start(
        self, answer: StoredMessage, role: str, *, load_anyway: bool, retry: bool = False
    ) -> ChatTurn:
        entries = await self._conversations.thread(answer.conversation_id)
        recorder = _AnswerRecorder(answer, self._conversations, self._bus, self._clock)
        turn = self._turns.send(
            _messages_before(answer, entries),
            Wishes(role=role, load_anyway=load_anyway, retry=retry),
            Place(recorder, answer.conversation_id, answer.id, answer.parent_id or ""),
        )
        return self._follow(turn, answer)

    def _follow(self, turn: Turn, answer: StoredMessage) -> ChatTurn:
        chat_turn = ChatTurn(turn.id, answer.conversation_id, answer.id)
        self._live[answer.conversation_id] = chat_turn
        return chat_turn


def _messages_before(
    answer: StoredMessage, entries: Sequence[ThreadEntry]
) -> tuple[ChatMessage, ...]:
    """The thread an answer is given to: everything above it that has words."""
    before = [entry.message for entry in entries if entry.message.id != answer.id]
    return tuple(
        ChatMessage(role=message.role, content=message.content)
        for message in before
        if message.content
    )
