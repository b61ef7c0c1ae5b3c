"""The list of models: columns, two lines for a model's name and its place, and keys."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from app.ui.cells import draw_empty, draw_line
from app.ui.models.shelf_model import (
    NAME,
    QUANTISATION,
    ROLES,
    SECOND,
    SHAPE,
    SIZE,
    STATE,
    Row,
    ShelfModel,
)
from app.ui.named import named
from app.ui.theme import SECOND_PX, Theme

_ROW_PX = 48
_INSET = 8
_NAME_TOP, _NAME_PX, _PLACE_PX = 6, 20, 16
_WIDTHS = {QUANTISATION: 96, SIZE: 78, SHAPE: 156, ROLES: 104, STATE: 130}
# Where it is narrow, the first of these stay.
_WANTED = (STATE, SIZE, ROLES, QUANTISATION, SHAPE)
_NAME_LEAST_PX = 140
_Index = QModelIndex | QPersistentModelIndex


class ShelfList(QTreeView):
    """Shows rows; tells which model is marked and where its menu is wanted."""

    marked = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "shelf")
        self.rows = ShelfModel(theme.tokens)
        self.setModel(self.rows)
        self.setAccessibleName(self.tr("Models on this computer"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_for_menu)
        self.setItemDelegate(_Cells(theme, self))
        self._lay_out_columns()
        self.selectionModel().currentRowChanged.connect(lambda _: self.marked.emit())
        theme.changed.connect(lambda: self._restyle(theme))

    @property
    def current(self) -> Row | None:
        """The row that is marked."""
        at = self.currentIndex().row()
        return self.rows.rows[at] if 0 <= at < len(self.rows.rows) else None

    def show_rows(self, rows: Sequence[Row], *, anew: bool) -> None:
        """Show these; only `anew` may rows that are shown change their places."""
        path = self.current.item.path if self.current else None
        if anew:
            self.rows.show_rows(rows)
        else:
            self.rows.renew(rows)
        self.mark(path)

    def mark(self, path: Path | None) -> None:
        """Mark the row of a file, or the first."""
        place = self.rows.place(path) if path is not None else -1
        if self.rows.rows and (place >= 0 or self.current is None):
            chosen = self.rows.index(max(place, 0), NAME)
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(chosen, flags.ClearAndSelect | flags.Rows)
        self.marked.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many columns as leave room for names."""
        super().resizeEvent(event)
        room = self.viewport().width() - _NAME_LEAST_PX
        for column in _WANTED:
            room -= _WIDTHS[column]
            self.setColumnHidden(column, room < 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the menu of the marked row with Enter, as the menu key does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current is not None:
            self.menu_wanted.emit(self._below_current())
            return
        super().keyPressEvent(event)

    def _ask_for_menu(self, place: QPoint) -> None:
        if self.indexAt(place).isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(place))
        elif self.current is not None:
            self.menu_wanted.emit(self._below_current())

    def _below_current(self) -> QPoint:
        place = self.visualRect(self.currentIndex()).bottomLeft()
        return self.viewport().mapToGlobal(place + QPoint(_INSET, 0))

    def _lay_out_columns(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)

    def _restyle(self, theme: Theme) -> None:
        self.rows.restyle(theme.tokens)
        self.viewport().update()


class _Cells(QStyledItemDelegate):
    """Draws two lines in the first column and one in the others."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of all rows."""
        return QSize(super().sizeHint(option, index).width(), _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one cell."""
        look = QStyleOptionViewItem(option)
        self.initStyleOption(look, index)
        words = draw_empty(painter, look)
        rect = QRect(option.rect).adjusted(_INSET, 0, -_INSET, 0)
        painter.save()
        if index.column() == NAME:
            self._paint_name(painter, look.font, rect, words, index.data(SECOND))
        else:
            colour = index.data(Qt.ItemDataRole.ForegroundRole)
            draw_line(painter, rect, look.font, colour, words)
        painter.restore()

    def _paint_name(
        self, painter: QPainter, font: QFont, rect: QRect, name: str, place: str
    ) -> None:
        tokens = self._theme.tokens
        bold, second = QFont(font), QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        second.setPixelSize(SECOND_PX)
        above = QRect(rect.left(), rect.top() + _NAME_TOP, rect.width(), _NAME_PX)
        draw_line(painter, above, bold, QColor(tokens.text), name)
        below = QRect(rect.left(), above.bottom() + 1, rect.width(), _PLACE_PX)
        draw_line(painter, below, second, QColor(tokens.dim), place)
