"""The list of memories: two lines each, several can be chosen."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.memories import Memory
from app.ui.cells import draw_empty, draw_line
from app.ui.memories.rows import SECOND, MemoryRows
from app.ui.named import named
from app.ui.theme import SECOND_PX, Theme

_ROW_PX, _INSET = 48, 8
_TOP, _WORDS_PX, _SECOND_PX = 6, 20, 16
_Index = QModelIndex | QPersistentModelIndex


class MemoryList(QListView):
    """Shows rows; tells when others are chosen, and where a menu is wanted."""

    marked = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "shelf")
        self.rows = MemoryRows()
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_for_menu)
        self.setItemDelegate(_Lines(theme, self))
        self.selectionModel().selectionChanged.connect(lambda *_: self.marked.emit())
        self.rows.dataChanged.connect(lambda *_: self.marked.emit())
        theme.changed.connect(self.viewport().update)

    @property
    def count(self) -> int:
        """How many are chosen."""
        return sum(each.height() for each in self._ranges)

    @property
    def chosen_rows(self) -> list[int]:
        """The rows that are chosen, from the top."""
        return sorted(row for each in self._ranges for row in range(each.top(), each.bottom() + 1))

    @property
    def chosen(self) -> list[Memory]:
        """What is chosen and here."""
        found = (self.rows.memory(row) for row in self.chosen_rows)
        return [memory for memory in found if memory is not None]

    @property
    def first_row(self) -> int:
        """The row at the top of what is seen."""
        return max(0, self.indexAt(QPoint(1, 1)).row())

    def choose(self, ids: Sequence[int], otherwise: int) -> None:
        """Choose memories that are here again, or else the row nearest to where one was."""
        rows = [row for row in map(self.rows.row_of, ids) if row >= 0]
        last = self.rows.rowCount() - 1
        rows = rows or ([min(otherwise, last)] if last >= 0 else [])
        chosen = QItemSelection()
        for row in rows:
            chosen.select(self.rows.index(row), self.rows.index(row))
        flags = QItemSelectionModel.SelectionFlag
        if rows:
            self.selectionModel().setCurrentIndex(self.rows.index(rows[0]), flags.NoUpdate)
        self.selectionModel().select(chosen, flags.ClearAndSelect)
        self.marked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the menu with Enter, as the menu key does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.count:
            self.menu_wanted.emit(self._below_current())
            return
        super().keyPressEvent(event)

    @property
    def _ranges(self) -> list[QItemSelectionRange]:
        # It is a list; only the stubs do not know.
        return cast("list[QItemSelectionRange]", self.selectionModel().selection())

    def _ask_for_menu(self, place: QPoint) -> None:
        if self.indexAt(place).isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(place))
        elif self.count:
            self.menu_wanted.emit(self._below_current())

    def _below_current(self) -> QPoint:
        place = self.visualRect(self.currentIndex()).bottomLeft()
        return self.viewport().mapToGlobal(place + QPoint(_INSET, 0))


class _Lines(QStyledItemDelegate):
    """Draws the words of a memory, and below them what it is."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the size of all rows."""
        del option, index
        return QSize(0, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        look = QStyleOptionViewItem(option)
        self.initStyleOption(look, index)
        said = draw_empty(painter, look)
        rect = QRect(option.rect).adjusted(_INSET, 0, -_INSET, 0)
        second = QFont(look.font)
        second.setPixelSize(SECOND_PX)
        above = QRect(rect.left(), rect.top() + _TOP, rect.width(), _WORDS_PX)
        below = QRect(rect.left(), above.bottom() + 1, rect.width(), _SECOND_PX)
        tokens = self._theme.tokens
        painter.save()
        draw_line(painter, above, look.font, QColor(tokens.text), said)
        draw_line(painter, below, second, QColor(tokens.dim), index.data(SECOND) or "")
        painter.restore()
