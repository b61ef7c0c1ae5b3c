"""How rows of lists are drawn: the row as the style has it, and lines of words upon it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem


def draw_empty(painter: QPainter, look: QStyleOptionViewItem) -> str:
    """Draw a row without its words, and return these."""
    words, look.text = look.text, ""
    # The list's border says who has the keys; a tint would make words hard to read.
    look.state &= ~QStyle.StateFlag.State_HasFocus
    style = look.widget.style()
    style.drawControl(QStyle.ControlElement.CE_ItemViewItem, look, painter, look.widget)
    return words


def draw_line(painter: QPainter, place: QRect, font: QFont, colour: QColor, words: str) -> None:
    """Draw as much as fits; where words run from right to left they still begin at the left."""
    painter.setFont(font)
    painter.setPen(colour)
    fitting = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
