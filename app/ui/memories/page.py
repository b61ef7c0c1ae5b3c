"""The page of memories: a bar of tabs and the tab that is open."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui.elided import as_tip
from app.ui.flow import Flow
from app.ui.memories.documents import DocumentsTab
from app.ui.memories.keeper import MemoryKeeper
from app.ui.memories.kept import KeptTab
from app.ui.memories.proposed import ProposedTab
from app.ui.memories.storage import StorageTab
from app.ui.memories.timeline import TimelineTab
from app.ui.memories.trying import TryingTab
from app.ui.memories.undo import UndoBar
from app.ui.models.tab import Tab
from app.ui.named import named
from app.ui.notices import NoticeBar
from app.ui.theme import Theme
from app.wiring import App

_SIDE, _GAP = 20, 8


class MemoriesPage(QWidget):
    """Holds the tabs, and what is told of all of them; `origin_wanted` names chat and message."""

    origin_wanted = Signal(str, str)

    def __init__(self, core: App, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.keeper = MemoryKeeper(core, self)
        self.notices = NoticeBar()
        self.undo = UndoBar()
        self.kept = KeptTab(core, theme, self.keeper)
        self.proposed = ProposedTab(core, theme, self.keeper)
        self.trying = TryingTab(core, theme, self.keeper)
        self.timeline = TimelineTab(core, theme, self.keeper)
        self.documents = DocumentsTab(core, theme, self.keeper)
        self.storage = StorageTab(core, theme, self.keeper)
        self.tabs = QButtonGroup(self)
        self._stack = QStackedWidget()
        self.lexical = named(QLabel(self.tr("recalled by words only")), "statusLine")
        self.lexical.hide()
        self._lay_out()
        self._connect()
        self.tabs.button(0).setChecked(True)

    @property
    def tab(self) -> Tab:
        """The tab that is open."""
        tab = self._stack.currentWidget()
        assert isinstance(tab, Tab)
        return tab

    def open_tab(self, tab: Tab) -> None:
        """Show a tab."""
        place = self._stack.indexOf(tab)
        self.tabs.button(place).setChecked(True)
        self._open(place)

    def close_core(self) -> None:
        """Stop listening, and let go what was deleted: the core is going down."""
        self.undo.hide()
        self.keeper.close()
        for tab, _ in self._all():
            tab.close_core()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what there is by now."""
        super().showEvent(event)
        self.keeper.look()
        self._open(self._stack.currentIndex())

    def _all(self) -> list[tuple[Tab, str]]:
        return [
            (self.kept, self.tr("Remembered")),
            (self.proposed, self.tr("Proposed")),
            (self.timeline, self.tr("Time line")),
            (self.trying, self.tr("Try a question")),
            (self.documents, self.tr("Documents")),
            (self.storage, self.tr("Storage")),
        ]

    def _open(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.tab.refresh()

    def _connect(self) -> None:
        keeper = self.keeper
        self.tabs.idClicked.connect(self._open)
        self.undo.undo_wanted.connect(keeper.undo)
        keeper.removed.connect(self.undo.offer)
        keeper.told.connect(self.notices.tell)
        keeper.said.connect(self.notices.tell)
        keeper.looked.connect(self._looked)
        keeper.wrote.connect(self._wrote)
        for tab in (self.kept, self.proposed):
            tab.origin_wanted.connect(self.origin_wanted)
        for place in (self.documents, self.storage):
            place.scope_wanted.connect(self.show_scope)
        for mention in (self.timeline, self.trying):
            mention.memory_wanted.connect(self.show_words)

    def show_scope(self, scope: str) -> None:
        """List all memories of one place."""
        self.open_tab(self.kept)
        self.kept.bar.show_scope(scope, self.keeper.titles)

    def show_memory(self, memory_id: int) -> None:
        """List one memory."""
        self.keeper.words_of(memory_id, self.show_words)

    def show_words(self, text: str) -> None:
        """List memories that have these words, whatever became of them."""
        self.open_tab(self.kept)
        self.kept.bar.show_words(text)

    def _looked(self) -> None:
        self.proposed.counted.emit(self.keeper.proposed)
        why = self.keeper.why_lexical
        self.lexical.setVisible(bool(why))
        self.lexical.setToolTip(as_tip(why))
        self.lexical.setAccessibleDescription(why)

    def _wrote(self) -> None:
        if self.isVisible():
            self.keeper.look()

    def _lay_out(self) -> None:
        head = named(QWidget(), "header")
        row = Flow(head, _GAP)
        row.setContentsMargins(_SIDE, _GAP, _SIDE, _GAP)
        row.addWidget(named(QLabel(self.tr("Memory")), "title"))
        for place, (tab, name) in enumerate(self._all()):
            row.addWidget(self._button(place, tab, name))
            self._stack.addWidget(tab)
        row.addWidget(self.lexical)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (head, self.notices, self.undo):
            layout.addWidget(part)
        layout.addWidget(self._stack, 1)

    def _button(self, place: int, tab: Tab, name: str) -> QPushButton:
        button = named(QPushButton(name), "tab")
        button.setCheckable(True)
        tab.counted.connect(lambda count: button.setText(f"{name} {count}" if count else name))
        self.tabs.addButton(button, place)
        return button
