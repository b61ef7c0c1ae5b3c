"""Where a row that is dragged would go: a line between the others."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QWidget

from app.ui.named import named

_LINE_PX = 2


class DropLine(QFrame):
    """Stands between the rows of a column, and knows between which."""

    def __init__(self, column: QWidget) -> None:
        super().__init__(column)
        self._column = column
        named(self, "dropLine")
        self.setFixedHeight(_LINE_PX)
        self.place = -1
        self.hide()

    def show_at(self, where: QPoint, rows: Sequence[QWidget]) -> None:
        """Show the gap nearest to a place on the screen; `rows` stand below each other."""
        y = self._column.mapFromGlobal(where).y()
        self.place = sum(row.geometry().center().y() < y for row in rows)
        last = self.place == len(rows)
        at = rows[-1].geometry().bottom() + 1 if last else rows[self.place].y()
        gap = rows[1].y() - rows[0].geometry().bottom() - 1 if len(rows) > 1 else 0
        shift = gap // 2 if last else -(gap // 2)
        self.setGeometry(rows[0].x(), max(0, at + shift - 1), rows[0].width(), _LINE_PX)
        self.raise_()
        self.show()
