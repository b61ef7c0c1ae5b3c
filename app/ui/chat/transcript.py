"""The messages of one conversation, newest in view; it never moves under a reader's eyes."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.chat import MessageState, ThreadEntry
from app.orchestration.chats import LiveAnswer
from app.ui.chat.messages import AnswerMessage, UserMessage
from app.ui.named import named
from app.ui.theme import Tokens

COLUMN_PX = 760
FIRST_SHOWN = 60
_SIDE = 20
_GAP = 20
# Within this many pixels of the end, the reader is "at the end".
_END_SLACK = 24
# So long it takes until a message that was made has its place.
_LAID_OUT_MS = 60
# Messages that were put above have found their heights when none has changed for this time.
_SETTLING_MS = 300

View = UserMessage | AnswerMessage


class Transcript(QScrollArea):
    """A column of messages; older ones are made when the reader scrolls up to them."""

    link_wanted = Signal(str)
    again_wanted = Signal(str)
    redo_wanted = Signal(str, str)
    acted = Signal(str, str)
    version_wanted = Signal(str, int)
    memories_wanted = Signal(str)
    memory_wanted = Signal(int)
    forget_wanted = Signal(str, int)

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcript")
        self.setAccessibleName(self.tr("Conversation"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tokens = tokens
        self._views: dict[str, View] = {}
        self._sought = ""
        self._older: list[ThreadEntry] = []
        self._at_end = True
        self._below: int | None = None
        self._settling = QTimer(self, singleShot=True, interval=_SETTLING_MS)
        self._settling.timeout.connect(self._let_go)
        self._column = named(QWidget(), "column")
        self._column.setMaximumWidth(COLUMN_PX)
        self._rows = QVBoxLayout(self._column)
        self._rows.setContentsMargins(0, _GAP, 0, _GAP)
        self._rows.setSpacing(_GAP)
        self._rows.addStretch()
        page = named(QWidget(), "page")
        self._middle = middle = QHBoxLayout(page)
        middle.setContentsMargins(_SIDE, 0, _SIDE, 0)
        middle.addStretch()
        middle.addWidget(self._column, 100)
        middle.addStretch()
        self.setWidget(page)
        self._column.installEventFilter(self)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda *_: self._stay())
        bar.valueChanged.connect(self._scrolled)
        bar.actionTriggered.connect(lambda _: self._let_go())

    @property
    def views(self) -> dict[str, View]:
        """The messages that have been made, by id, oldest first."""
        return self._views

    def show_thread(self, entries: Sequence[ThreadEntry], live: LiveAnswer | None = None) -> None:
        """Show this branch instead of what was there; messages that stay keep their widgets.

        Of a `live` answer the words come from memory: what is on disk lags behind them.
        """
        kept = {entry.message.id for entry in entries}
        for message_id in [each for each in self._views if each not in kept]:
            self._drop(message_id)
        shown = list(entries)
        if not any(entry.message.id in self._views for entry in entries):
            self._at_end = True
            self._older, shown = shown[:-FIRST_SHOWN], shown[-FIRST_SHOWN:]
        else:
            held = {entry.message.id for entry in self._older}
            shown = [entry for entry in entries if entry.message.id not in held]
        for place, entry in enumerate(shown):
            self._show(entry, place, live)
        self._fit()
        self._reveal()

    def look_at(self, message_id: str) -> None:
        """Go to a message, now or when the branch that has it is shown."""
        self._sought = message_id
        if message_id in self._views:
            self._reveal()

    def answer(self, message_id: str) -> AnswerMessage | None:
        """Return the widget of an answer, if it has been made."""
        view = self._views.get(message_id)
        return view if isinstance(view, AnswerMessage) else None

    def restyle(self, tokens: Tokens) -> None:
        """Use other colours."""
        self._tokens = tokens
        for view in self._views.values():
            if isinstance(view, AnswerMessage):
                view.restyle(tokens)

    def to_end(self) -> None:
        """Go to the newest message and stay with it."""
        self._at_end = True
        self._stay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the window."""
        super().resizeEvent(event)
        # The column stays above the composer, whether there is a scroll bar or not.
        bar = self.contentsRect().width() - self.viewport().width()
        self._middle.setContentsMargins(_SIDE, 0, max(0, _SIDE - bar), 0)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the messages when the column gets another width."""
        if watched is self._column and event.type() is QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _show(self, entry: ThreadEntry, place: int, live: LiveAnswer | None = None) -> None:
        view = self._views.get(entry.message.id)
        if view is None:
            view = self._new(entry)
            self._views[entry.message.id] = view
            self._rows.insertWidget(place, view)
        if not isinstance(view, AnswerMessage) or view.entry == entry:
            return
        growing = live is not None and live.message_id == entry.message.id
        if live is None or not growing or entry.message.state is not MessageState.STREAMING:
            view.show_entry(entry)
        elif view.entry is None:
            view.show_growing(entry, live.text)

    def _new(self, entry: ThreadEntry) -> View:
        if entry.message.role == "user":
            return UserMessage(entry.message.content)
        answer = AnswerMessage(self._tokens)
        answer.link_wanted.connect(self.link_wanted)
        answer.again_wanted.connect(self.again_wanted)
        answer.redo_wanted.connect(self.redo_wanted)
        answer.acted.connect(self.acted)
        answer.version_wanted.connect(self.version_wanted)
        answer.memories_wanted.connect(self.memories_wanted)
        answer.memory_wanted.connect(self.memory_wanted)
        answer.forget_wanted.connect(self.forget_wanted)
        return answer

    def _drop(self, message_id: str) -> None:
        view = self._views.pop(message_id)
        self._rows.removeWidget(view)
        view.hide()
        view.deleteLater()

    def _fit(self) -> None:
        for view in self._views.values():
            if isinstance(view, UserMessage):
                view.fit(self._column.width())

    def _stay(self) -> None:
        """Keep the reader's place when the page gets longer: the end, or what is below it."""
        bar = self.verticalScrollBar()
        if self._at_end:
            bar.setValue(bar.maximum())
        elif self._below is not None:
            bar.setValue(bar.maximum() - self._below)
            self._settling.start()

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._at_end = value >= bar.maximum() - _END_SLACK
        if value <= 0 and self._older and bar.maximum() > 0:
            QTimer.singleShot(0, self._show_older)

    def _show_older(self) -> None:
        """Make the next older messages above, without moving what is being read."""
        if not self._older:
            return
        bar = self.verticalScrollBar()
        self._below = bar.maximum() - bar.value()
        self._older, more = self._older[:-FIRST_SHOWN], self._older[-FIRST_SHOWN:]
        later, self._views = self._views, {}
        for place, entry in enumerate(more):
            self._show(entry, place)
        self._views |= later
        self._fit()
        self._settling.start()

    def _reveal(self) -> None:
        sought, self._sought = self._sought, ""
        while sought in {entry.message.id for entry in self._older}:
            self._show_older()
        if sought in self._views:
            self._at_end = False
            QTimer.singleShot(_LAID_OUT_MS, lambda: self._go_to(sought))

    def _go_to(self, message_id: str) -> None:
        view = self._views.get(message_id)
        if view is not None:
            self._below = None
            at = view.mapTo(self._column, view.rect().topLeft()).y()
            self.verticalScrollBar().setValue(max(0, at - _END_SLACK))

    def _let_go(self) -> None:
        self._below = None
