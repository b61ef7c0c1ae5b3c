"""The tab of the time line: day by day what was learned, changed and replaced."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout

from app.domain.memories import Happened, Memory
from app.ui.elided import as_tip
from app.ui.memories.keeper import MemoryKeeper
from app.ui.memories.parts import words_label
from app.ui.memories.story import told
from app.ui.memories.words import clock, day
from app.ui.models.tab import Tab
from app.ui.named import named
from app.ui.theme import Theme
from app.wiring import App

_SIDE, _GAP = 20, 12
_DAY_PX, _ROW_PX = 40, 32
# So much more of the past is shown at a time.
_MORE = 200
_TEXT = Qt.ItemDataRole.UserRole


class TimelineTab(Tab):
    """Lists what happened, the newest first; `memory_wanted` has the words of a memory."""

    memory_wanted = Signal(str)

    def __init__(self, core: App, theme: Theme, keeper: MemoryKeeper) -> None:
        super().__init__(core, theme)
        self.keeper = keeper
        self._limit = _MORE
        self.list = named(QListWidget(), "shelf")
        self.list.setAccessibleName(self.tr("What happened to memories"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.nothing = words_label("welcomeText")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.more = QPushButton(self.tr("Show more of the past"))
        self.more.hide()
        self._lay_out()
        self.list.itemActivated.connect(self._activated)
        self.more.clicked.connect(self._show_more)
        keeper.wrote.connect(self._wrote)

    def refresh(self) -> None:
        """Show what happened by now."""
        self.keeper.do(self._look, "list what happened")

    async def _look(self) -> None:
        store, limit = self.keeper.store, self._limit
        happened = await store.history(limit=limit)
        memories = await store.many([each.memory_id for each in happened])
        self._show(happened, memories)
        self.more.setVisible(len(happened) == limit)

    def _show(self, happened: Sequence[Happened], memories: Mapping[int, Memory]) -> None:
        at, scrolled = self.list.currentRow(), self.list.verticalScrollBar().value()
        self.list.clear()
        today = ""
        for each in happened:
            if (date := day(each.at)) != today:
                today = date
                self._add_day(date)
            self._add(each, memories)
        self.list.setCurrentRow(at if at >= 0 else 1)
        self.list.verticalScrollBar().setValue(scrolled)
        self.nothing.setText("" if happened else self.tr("Nothing has happened yet."))
        self.nothing.setVisible(not happened)
        self._card.setVisible(bool(happened))

    def _add_day(self, date: str) -> None:
        item = QListWidgetItem(date)
        font = self.list.font()
        font.setWeight(QFont.Weight.DemiBold)
        item.setFont(font)
        item.setSizeHint(QSize(0, _DAY_PX))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.list.addItem(item)

    def _add(self, happened: Happened, memories: Mapping[int, Memory]) -> None:
        words = told(happened, memories)
        item = QListWidgetItem(f"{clock(happened.at)}   {words}")
        item.setSizeHint(QSize(0, _ROW_PX))
        item.setToolTip(as_tip(words))
        memory = memories.get(happened.memory_id)
        item.setData(_TEXT, memory.text if memory is not None else "")
        self.list.addItem(item)

    def _activated(self, item: QListWidgetItem) -> None:
        if item.data(_TEXT):
            self.memory_wanted.emit(item.data(_TEXT))

    def _show_more(self) -> None:
        self._limit += _MORE
        self.refresh()

    def _wrote(self) -> None:
        if self.isVisible():
            self.refresh()

    def _lay_out(self) -> None:
        self._card = named(QFrame(), "card")
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(6, 6, 6, 6)
        inside.addWidget(self.list)
        self._card.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, _GAP, _SIDE, _GAP)
        column.setSpacing(_GAP)
        column.addWidget(self._card, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
