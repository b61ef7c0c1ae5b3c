"""A label that gives way: what does not fit ends in an ellipsis, and the tooltip has all of it."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_NARROWEST_PX = 24


class ElidedLabel(QLabel):
    """One line of plain text that may become narrower than its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show a text, all of it in the tooltip."""
        self.setText(text)
        self.setToolTip(as_tip(text))

    def minimumSizeHint(self) -> QSize:
        """Insist on a few letters only."""
        return QSize(_NARROWEST_PX, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much as fits."""
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        place = self.contentsRect().adjusted(max(0, self.indent()), 0, 0, 0)
        fitting = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, self.alignment() | Qt.AlignmentFlag.AlignVCenter, fitting)
        painter.end()


def as_tip(text: str) -> str:
    """Return text as a tooltip; what strangers wrote never becomes markup."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if text else ""
