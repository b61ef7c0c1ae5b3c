"""The list of conversations: newest first, by day, searchable by title."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat import Conversation
from app.ui.named import named

WIDTH = 256
_ID = Qt.ItemDataRole.UserRole


class Sidebar(QFrame):
    """Shows what there is; tells what the user wants."""

    chosen = Signal(str)
    clicked = Signal()
    new_wanted = Signal()
    rename_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(
        self, today: Callable[[], date] = date.today, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(WIDTH)
        self._today = today
        self._conversations: Sequence[Conversation] = ()
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Search chats · Ctrl+K"))
        self._search.setAccessibleName(self.tr("Search chats"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._fill)
        self._new = named(QPushButton(self.tr("+ New chat")), "newChat")
        self._new.clicked.connect(self.new_wanted)
        self._list = _Chats()
        self._list.setAccessibleName(self.tr("Chats"))
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.customContextMenuRequested.connect(self._show_menu)
        self._list.currentItemChanged.connect(self._current_changed)
        self._list.itemClicked.connect(lambda _: self.clicked.emit())
        self._list.itemActivated.connect(lambda _: self.clicked.emit())
        self._on_key("F2", self.rename_wanted)
        self._on_key("Del", self.delete_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 14, 10, 10)
        layout.setSpacing(8)
        for part in (self._search, self._new, self._list):
            layout.addWidget(part)
        self._selected = ""

    @property
    def selected(self) -> str:
        """The id of the conversation that is marked, or an empty string."""
        return self._selected

    def show_conversations(self, conversations: Sequence[Conversation]) -> None:
        """Show these, newest first."""
        self._conversations = conversations
        self._fill()

    def select(self, conversation_id: str) -> None:
        """Mark a conversation without telling anybody."""
        self._selected = conversation_id
        self._mark()

    def search(self) -> None:
        """Let the user type into the search field."""
        self._search.setFocus()
        self._search.selectAll()

    def _on_key(self, key: str, wanted: SignalInstance) -> None:
        """Do with a key, in the list, what the menu offers."""
        shortcut = QShortcut(QKeySequence(key), self._list)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(lambda: self._tell_of_selected(wanted))

    def _tell_of_selected(self, wanted: SignalInstance) -> None:
        if self._selected:
            wanted.emit(self._selected)

    def _fill(self) -> None:
        wanted = self._search.text().casefold()
        self._list.blockSignals(True)
        self._list.clear()
        group = ""
        for conversation in self._conversations:
            title = conversation.title or self.tr("New chat")
            if wanted not in title.casefold():
                continue
            if (found := self._group(conversation.updated)) != group:
                group = found
                self._add_heading(group)
            item = QListWidgetItem(title)
            item.setData(_ID, conversation.id)
            item.setToolTip(title)
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._mark()

    def _mark(self) -> None:
        self._list.blockSignals(True)
        self._list.setCurrentRow(-1)
        for row in range(self._list.count()):
            item = self._list.item(row)
            if self._selected and item.data(_ID) == self._selected:
                self._list.setCurrentItem(item)
        self._list.blockSignals(False)

    def _add_heading(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = self._list.font()
        font.setPixelSize(11)
        item.setFont(font)
        self._list.addItem(item)

    def _group(self, updated: float) -> str:
        # The reader's own days, not those of Greenwich.
        day = datetime.fromtimestamp(updated).date()  # noqa: DTZ006
        today = self._today()
        if day >= today:
            return self.tr("Today")
        if day == today - timedelta(days=1):
            return self.tr("Yesterday")
        return self.tr("This week") if day > today - timedelta(days=7) else self.tr("Older")

    def _current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_ID):
            self._selected = item.data(_ID)
            self.chosen.emit(self._selected)

    def _show_menu(self, place: QPoint) -> None:
        item = self._list.itemAt(place)
        if item is None or not item.data(_ID):
            return
        conversation_id = item.data(_ID)
        menu = QMenu(self)
        rename = QAction(self.tr("Rename…"), menu)
        rename.triggered.connect(lambda: self.rename_wanted.emit(conversation_id))
        delete = QAction(self.tr("Delete…"), menu)
        delete.triggered.connect(lambda: self.delete_wanted.emit(conversation_id))
        menu.addActions([rename, delete])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._list.mapToGlobal(place))


class _Chats(QListWidget):
    """A list that opens nothing just because the keys arrive in it."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the keys without marking the first row, as Qt would."""
        marked = self.currentRow()
        blocked = self.blockSignals(True)
        super().focusInEvent(event)
        self.setCurrentRow(marked)
        self.blockSignals(blocked)
