"""The chat page: one conversation and its composer. It owns no truth, only what is shown."""

from contextlib import suppress
from dataclasses import replace

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.chat import is_temporary
from app.domain.errors import AppError, ConversationMissing, MemoryShort
from app.domain.events import (
    ConversationChanged,
    RouteChosen,
    StageChanged,
    TextArrived,
    TurnCancelled,
    TurnEvent,
    TurnFailed,
    TurnFinished,
    TurnStarted,
    UserSeen,
    VersionStarted,
)
from app.orchestration.chats import ChatTurn
from app.ui import aio
from app.ui.chat.chat_memory import ChatMemory
from app.ui.chat.composer import Composer
from app.ui.chat.messages import AnswerMessage, UserMessage
from app.ui.chat.receipt import facts
from app.ui.chat.transcript import COLUMN_PX, Transcript
from app.ui.chat.welcome import Welcome
from app.ui.dialogs import Confirm
from app.ui.elided import ElidedLabel
from app.ui.named import named
from app.ui.theme import Theme
from app.wiring import App

_SIDE = 20


class ChatPage(QWidget):
    """Shows a conversation and sends what is written.

    `opened` carries its id ("" if new), `memory_short` why an answer failed and which one.
    """

    opened = Signal(str)
    memory_short = Signal(str, str)

    def __init__(self, core: App, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._core = core
        self._theme = theme
        self._conversation = ""
        self._turn: ChatTurn | None = None
        self._sending = False
        self._edited = False
        self._drafts: dict[str, str] = {}
        self._title = named(ElidedLabel(), "title")
        self._status = named(ElidedLabel(), "statusLine")
        self._welcome = Welcome()
        self.transcript = Transcript(theme.tokens)
        self.composer = Composer()
        self.composer.offer_roles(core.roster.answering)
        self.memory = ChatMemory(core, self.composer, self.transcript)
        self._stack = QStackedWidget()
        self._stack.addWidget(_centred(self._welcome))
        self._stack.addWidget(self.transcript)
        self.header = QHBoxLayout()
        self._lay_out()
        self._connect()
        self._leave = [
            core.bus.on(TurnEvent, self._turn_event),
            core.bus.on(ConversationChanged, self._conversation_changed),
        ]
        self.open("")

    @property
    def conversation(self) -> str:
        """The id of the conversation that is shown; empty for a new one."""
        return self._conversation

    def close_core(self) -> None:
        """Stop listening: the core is going down."""
        for leave in self._leave:
            leave()

    def open(self, conversation_id: str) -> None:
        """Show a conversation, or an empty one."""
        self._drafts[self._conversation] = self.composer.text
        self._leave_temporary(conversation_id)
        self._conversation = conversation_id
        self.composer.clear_problem()
        self.composer.write(self._drafts.pop(conversation_id, ""))
        self._turn = None
        self._edited = False
        self._status.clear()
        self.memory.open(conversation_id)
        self.opened.emit(conversation_id)
        if conversation_id:
            aio.spawn(self._reload(), "show conversation")
        else:
            self._title.setText(self.tr("New chat"))
            self.transcript.show_thread(())
            self._stack.setCurrentIndex(0)
            self._show_answering()

    def open_temporary(self) -> None:
        """Begin a chat of which nothing is kept; it ends when another one is opened."""

        async def work() -> None:
            self.open((await self._core.conversations.create_temporary(self.composer.role)).id)

        aio.spawn(work(), "begin a temporary chat")

    def _leave_temporary(self, going_to: str) -> None:
        left = self._conversation
        if is_temporary(left) and left != going_to:
            self._drafts.pop(left, None)
            aio.spawn(self._core.chats.delete(left), "end a temporary chat")

    def stop(self) -> None:
        """Stop the running answer; what is visible stays."""
        live = self._core.chats.active(self._conversation)
        if live is not None:
            self._core.chats.cancel(live.turn_id)

    def again(self) -> None:
        """Answer the last question once more."""
        answers = [
            view for view in self.transcript.views.values() if isinstance(view, AnswerMessage)
        ]
        if answers and answers[-1].entry is not None:
            self.regenerate(answers[-1].entry.message.id)

    def _lay_out(self) -> None:
        head = named(QWidget(), "header")
        head.setFixedHeight(48)
        self.header = QHBoxLayout(head)
        self.header.setContentsMargins(_SIDE, 0, _SIDE, 0)
        self.header.setSpacing(10)
        self.header.addWidget(self._title)
        self.header.addStretch()
        below = QVBoxLayout()
        below.setSpacing(6)
        below.addWidget(self.composer)
        below.addWidget(self._status)
        bottom = QWidget()
        bottom.setMaximumWidth(COLUMN_PX)
        bottom.setLayout(below)
        below.setContentsMargins(0, 0, 0, 8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._stack, 1)
        middle = QHBoxLayout()
        middle.setContentsMargins(_SIDE, 0, _SIDE, 0)
        middle.addStretch()
        middle.addWidget(bottom, 100)
        middle.addStretch()
        layout.addLayout(middle)

    def _connect(self) -> None:
        self.composer.submitted.connect(self._submit)
        self.composer.stop_wanted.connect(self.stop)
        self.composer.recall_wanted.connect(self._recall)
        self.composer.typed.connect(lambda: self._core.bus.publish(UserSeen()))
        self.composer.role_chosen.connect(self._keep_role)
        self._welcome.example_chosen.connect(lambda text: self._submit(text, self.composer.role))
        self.transcript.again_wanted.connect(self.regenerate)
        self.transcript.redo_wanted.connect(self._redo)
        self.transcript.acted.connect(self._note)
        self.transcript.version_wanted.connect(self._show_version)
        self.transcript.link_wanted.connect(self._open_link)
        self._theme.changed.connect(lambda: self.transcript.restyle(self._theme.tokens))

    def _submit(self, text: str, role: str) -> None:
        if not self._sending:
            self._sending = True
            aio.spawn(self._send(text, role), "send message")

    async def _send(self, text: str, role: str) -> None:
        conversation = self._conversation
        self.composer.clear_problem()
        try:
            begun = conversation or await self.memory.begin(role)
            turn = await self._core.chats.send(begun or None, text, role=role)
        except AppError as error:
            self.composer.show_problem(error.message, error.remedy)
            if not self.composer.text.strip():
                self.composer.write(text)
            return
        finally:
            self._sending = False
        self._note_edit()
        # Accepted: only now may the words leave the composer.
        if self._conversation != conversation:
            return
        if self.composer.text == text:
            self.composer.write("")
        if not conversation:
            self._conversation = turn.conversation_id
            self.memory.open(turn.conversation_id)
            self.opened.emit(turn.conversation_id)
        self.transcript.to_end()
        await self._reload()

    def _note_edit(self) -> None:
        """Who changes a question and asks it again was not helped by the answer."""
        answers = [
            view for view in self.transcript.views.values() if isinstance(view, AnswerMessage)
        ]
        if self._edited and answers and answers[-1].entry is not None:
            self._note(answers[-1].entry.message.id, "edit")
        self._edited = False

    def regenerate(
        self, message_id: str, *, load_anyway: bool = False, role: str | None = None
    ) -> None:
        """Answer again, by `role` if one is named, if need be with a model that does not fit."""
        who = self.composer.role if role is None else role

        async def work() -> None:
            try:
                await self._core.chats.regenerate(message_id, role=who, load_anyway=load_anyway)
            except AppError as error:
                self.composer.show_problem(error.message, error.remedy)

        aio.spawn(work(), "answer again")

    def _redo(self, message_id: str, role: str) -> None:
        self.regenerate(message_id, role=role)

    def _note(self, message_id: str, act: str) -> None:
        """Tell what was done with an answer; whether that can be kept matters to nobody here."""

        async def work() -> None:
            with suppress(AppError):
                await self._core.chats.note(message_id, act)

        aio.spawn(work(), "note what was done with an answer")

    def _recall(self) -> None:
        """Put the last question back into the composer, to be changed and asked again."""
        asked = [view for view in self.transcript.views.values() if isinstance(view, UserMessage)]
        if asked:
            self.composer.write(asked[-1].words.toPlainText())
            self._edited = True

    def _show_version(self, message_id: str, version: int) -> None:
        async def work() -> None:
            message = await self._core.conversations.message(message_id)
            versions = await self._core.conversations.versions(message)
            await self._core.conversations.select_version(versions[version - 1])

        aio.spawn(work(), "show version")

    def _keep_role(self, role: str) -> None:
        """Remember who answers in this conversation; a new one is told when it begins."""
        if self._conversation:
            work = self._core.conversations.set_role(self._conversation, role)
            aio.spawn(work, "choose role")

    def _open_link(self, target: str) -> None:
        async def work() -> None:
            question = self.tr("Open this link in your browser?") + f"\n\n{target}"
            if await aio.ask(Confirm(question, self.tr("Open"), self)):
                QDesktopServices.openUrl(QUrl(target))

        aio.spawn(work(), "open link")

    async def _reload(self) -> None:
        """Show the conversation as the core has it; safe at any moment."""
        wanted = self._conversation
        try:
            entries = await self._core.conversations.thread(wanted)
            conversation = await self._core.conversations.get(wanted)
        except ConversationMissing:
            if wanted == self._conversation:
                self.open("")
            return
        if wanted != self._conversation:
            return  # the user has gone on to another one meanwhile
        live = self._core.chats.active(wanted)
        title = conversation.title or self.tr("New chat")
        if is_temporary(wanted):
            title = self.tr("Temporary chat: nothing of it is kept")
        self._title.setText(title)
        self.composer.choose_role(conversation.role)
        self.transcript.show_thread(entries, live)
        self._stack.setCurrentIndex(1 if entries else 0)
        if live is not None:
            self._turn = ChatTurn(live.turn_id, wanted, live.message_id)
            answer = self.transcript.answer(live.message_id)
            if answer is not None and not live.text:
                answer.wait_for(live.stage, live.fraction)
        elif entries and (receipt := entries[-1].message.receipt) is not None:
            asked = f"{receipt.tier} · {receipt.role}"
            self._show_status(asked if receipt.model else self.tr("Memory"), *facts(receipt))
        self._show_answering()

    def _conversation_changed(self, event: ConversationChanged) -> None:
        if event.conversation_id == self._conversation:
            aio.spawn(self._reload(), "show conversation")

    def _turn_event(self, event: TurnEvent) -> None:
        if isinstance(event, TurnStarted):
            self._show_start(event)
            return
        if self._turn is None or event.turn_id != self._turn.turn_id:
            return  # an answer in another conversation
        answer = self.transcript.answer(self._turn.message_id)
        match event:
            case TextArrived(text=text) if answer is not None and answer.entry is not None:
                answer.append(text)
            case StageChanged(stage=stage, fraction=fraction) if answer is not None:
                answer.wait_for(stage, fraction)
            case RouteChosen():
                self._show_status(f"{event.tier} · {event.role}", event.model)
            case VersionStarted():
                self._show_next_version(event)
            case TurnFinished() | TurnFailed() | TurnCancelled():
                self._announce(event, self._turn.message_id)
                self._turn = None
                aio.spawn(self._reload(), "show conversation")

    def _show_start(self, event: TurnStarted) -> None:
        if event.conversation_id and event.conversation_id == self._conversation:
            self._turn = ChatTurn(event.turn_id, event.conversation_id, event.message_id)
            self._show_answering()

    def _show_next_version(self, event: VersionStarted) -> None:
        """What was shown stays as one version; the words to come belong to the next."""
        if self._turn is not None and event.message_id:
            self._turn = replace(self._turn, message_id=event.message_id)
            aio.spawn(self._reload(), "show the new version")

    def _announce(self, event: TurnFinished | TurnFailed | TurnCancelled, message_id: str) -> None:
        """Tell a screen reader that the answer has ended; politely, and never word by word."""
        if isinstance(event, TurnFailed) and event.code == MemoryShort.code:
            self.memory_short.emit(event.message, message_id)
        words = (
            event.message if isinstance(event, TurnFailed) else self.tr("The answer is complete")
        )
        if not isinstance(event, TurnCancelled):
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _show_answering(self) -> None:
        running = bool(self._conversation) and self._core.chats.active(self._conversation)
        self.composer.show_answering(bool(running))

    def _show_status(self, *parts: str) -> None:
        self._status.setText("   ".join(parts))


def _centred(inside: QWidget) -> QWidget:
    page = named(QWidget(), "page")
    inside.setMaximumWidth(COLUMN_PX)
    layout = QHBoxLayout(page)
    layout.setContentsMargins(_SIDE, 0, _SIDE, 0)
    layout.addStretch()
    layout.addWidget(inside, 100)
    layout.addStretch()
    return page
