"""After a turn: what was said becomes evidence, in the scope its chat allows."""

import logging
from collections.abc import Sequence
from typing import Final, Literal, cast

from app.conversations.store import Conversations
from app.domain.chat import StoredMessage, ThreadEntry
from app.domain.errors import AppError, ConversationMissing
from app.domain.events import TurnCancelled, TurnEvent, TurnFailed, TurnFinished, TurnStarted
from app.memory.desk import Memories
from app.memory.writing.saying import Said
from app.orchestration.remembered import MEMORY
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

log = logging.getLogger(__name__)

_ENDS: Final = (TurnFinished, TurnFailed, TurnCancelled)


class Keeping:
    """Listens to turns of stored chats and gives their words to memory."""

    def __init__(
        self, memories: Memories, conversations: Conversations, bus: Bus, tasks: TaskOwner
    ) -> None:
        """Read what was said in `conversations`; `tasks` own what is done after turns."""
        self._memories = memories
        self._conversations = conversations
        self._tasks = tasks
        self._chats: dict[str, str] = {}
        bus.on(TurnEvent, self._told)

    def _told(self, event: TurnEvent) -> None:
        if isinstance(event, TurnStarted) and event.conversation_id:
            self._chats[event.turn_id] = event.conversation_id
        elif isinstance(event, _ENDS) and (chat := self._chats.pop(event.turn_id, "")):
            # What was said is kept also where the program ends at this moment.
            self._tasks.spawn(self.keep(chat), name="keep what was said", last_words=True)

    async def keep(self, conversation_id: str) -> None:
        """Keep the last question of a chat and its answer; never fails."""
        try:
            scope = await self._memories.writes(conversation_id)
            thread = await self._conversations.thread(conversation_id)
            await self._keep(scope, thread)
        except ConversationMissing:
            return  # deleted meanwhile
        except AppError as error:
            log.info("what was said is not remembered: %s", error.message)

    async def _keep(self, scope: str, thread: Sequence[ThreadEntry]) -> None:
        entry = thread[-1] if thread else None
        if entry is None or len(thread) < 2 or _is_order(entry.message):
            return
        said = [_said(each.message) for each in thread if each.message.content]
        await self._note_used(entry.message)
        if scope:
            await self._give(scope, said, await self._versions(entry))

    async def _give(self, scope: str, said: Sequence[Said], others: tuple[str, ...]) -> None:
        writer = self._memories.writer
        asked = max((at for at, each in enumerate(said) if each.role == "user"), default=-1)
        if asked >= 0:
            await writer.said(scope, said[asked], said[max(0, asked - 2) : asked])
        if asked + 1 < len(said):
            answer = said[-1]
            answer = Said(
                answer.role,
                answer.text,
                answer.conversation_id,
                answer.message_id,
                answer.at,
                replaces=others,
            )
            await writer.said(scope, answer, said[max(0, asked - 1) : asked + 1])

    async def _versions(self, entry: ThreadEntry) -> tuple[str, ...]:
        if entry.versions < 2:
            return ()
        found = await self._conversations.versions(entry.message)
        return tuple(each for each in found if each != entry.message.id)

    async def _note_used(self, answer: StoredMessage) -> None:
        """Count what went along with the question: who repeats it teaches nothing new."""
        ids = [each.memory_id for each in answer.receipt.memories] if answer.receipt else []
        if not ids:
            return
        await self._memories.store.used(ids)
        there = await self._memories.store.many(ids)
        await self._memories.writer.recited([each.text for each in there.values()])


def _is_order(answer: StoredMessage) -> bool:
    """Say whether memory did what the question ordered: then it holds all there is to keep."""
    receipt = answer.receipt
    return receipt is not None and (receipt.role == MEMORY or bool(receipt.obeyed))


def _said(message: StoredMessage) -> Said:
    role = cast("Literal['user', 'assistant']", message.role)
    return Said(role, message.content, message.conversation_id, message.id, message.created)
