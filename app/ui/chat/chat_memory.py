"""What a chat has to do with memory: how far it reaches, and what went along with its questions."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from app.domain.chat import StoredMessage, UsedMemory, is_temporary
from app.domain.errors import AppError, ConversationMissing
from app.domain.memories import ChatScope, ScopeMode
from app.ui import aio
from app.ui.chat.composer import Composer
from app.ui.chat.reach import ReachButton
from app.ui.chat.transcript import Transcript
from app.ui.chat.used import Used
from app.ui.dialogs import AskText
from app.wiring import App


class ChatMemory(QObject):
    """Serves one page; `show_wanted` carries the number of a memory that is to be shown."""

    show_wanted = Signal(int)

    def __init__(self, core: App, composer: Composer, transcript: Transcript) -> None:
        super().__init__(composer)
        self._core = core
        self._composer = composer
        self._transcript = transcript
        self._conversation = ""
        self._wanted: ChatScope | None = None
        self.reach = ReachButton()
        self.reach.chosen.connect(lambda mode: aio.spawn(self._choose(mode), "choose memory"))
        composer.add_choice(self.reach)
        transcript.memories_wanted.connect(
            lambda message_id: aio.spawn(self._tell(message_id), "show used memories")
        )
        transcript.memory_wanted.connect(self.show_wanted)
        transcript.forget_wanted.connect(
            lambda message_id, memory_id: aio.spawn(
                self._forget(message_id, memory_id), "forget a memory"
            )
        )

    def open(self, conversation_id: str) -> None:
        """Show how far the memory of a chat reaches; a new one begins as the settings say."""
        self._conversation = conversation_id
        self._wanted = None
        self.reach.setVisible(self._core.memories.on and not is_temporary(conversation_id))
        aio.spawn(self._show(), "show how far memory reaches")

    async def begin(self, role: str) -> str:
        """Begin a chat whose reach was chosen before its first message; '' where none was.

        Raises:
            StorageError: it could not be stored.
        """
        if self._wanted is None:
            return ""
        made = await self._core.conversations.create(role=role)
        await self._core.memories.store.set_scope(made.id, self._wanted)
        self._conversation, self._wanted = made.id, None
        return made.id

    async def _show(self) -> None:
        self.reach.show_scope(await self._scope())

    async def _scope(self) -> ChatScope:
        if not self._conversation:
            return self._wanted or self._core.memories.usual
        try:
            return await self._core.memories.store.scope_of(self._conversation)
        except AppError:
            return ChatScope(mode=ScopeMode.OFF)

    async def _choose(self, mode: str) -> None:
        conversation = self._conversation
        before = await self._scope()
        scope = ChatScope(mode=ScopeMode(mode), folder=before.folder)
        if scope.mode is ScopeMode.FOLDER:
            dialog = AskText(
                self.tr("Folder this chat belongs to"), before.folder, self.tr("Use"), self.reach
            )
            if await aio.ask(dialog) and dialog.text:
                scope = scope.model_copy(update={"folder": dialog.text})
            else:
                scope = before
        if conversation != self._conversation:
            return  # the user has gone on to another chat meanwhile
        try:
            await self._set(scope)
        except AppError as error:
            self._composer.show_problem(error.message, error.remedy)
        await self._show()

    async def _set(self, scope: ChatScope) -> None:
        if self._conversation:
            await self._core.memories.store.set_scope(self._conversation, scope)
        else:
            self._wanted = scope

    async def _tell(self, message_id: str) -> None:
        message = await self._message(message_id)
        answer = self._transcript.answer(message_id)
        if message is None or message.receipt is None or answer is None:
            return
        answer.tell_memories(await self._used(message.receipt.memories))

    async def _message(self, message_id: str) -> StoredMessage | None:
        try:
            return await self._core.conversations.message(message_id)
        except ConversationMissing:
            return None

    async def _used(self, used: Sequence[UsedMemory]) -> list[Used]:
        try:
            there = await self._core.memories.store.many([each.memory_id for each in used])
        except AppError as error:
            self._composer.show_problem(error.message, error.remedy)
            return []
        return [
            Used(
                each.memory_id,
                there[each.memory_id].text if each.memory_id in there else "",
                await self._where(each),
                self._why(each.why),
            )
            for each in used
        ]

    async def _where(self, used: UsedMemory) -> str:
        day = f"{datetime.fromtimestamp(used.learned).astimezone().date()}"
        try:
            title = (await self._core.conversations.get(used.conversation_id)).title
        except ConversationMissing:
            return day
        return f"{title}, {day}"

    def _why(self, why: str) -> str:
        words = {
            "pinned": self.tr("pinned"),
            "by words": self.tr("found by words"),
            "by meaning": self.tr("found by meaning"),
            "by words and meaning": self.tr("found by words and meaning"),
        }
        return words.get(why, why)

    async def _forget(self, message_id: str, memory_id: int) -> None:
        try:
            await self._core.memories.writer.forget([memory_id])
        except AppError as error:
            self._composer.show_problem(error.message, error.remedy)
        await self._tell(message_id)
