"""Small widgets several tabs of the page of memories have in common."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.ui.flow import Flow
from app.ui.named import named


def words_label(name: str) -> QLabel:
    """Return a label of plain text that may take several lines."""
    label = named(QLabel(), name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def card(title: str, *parts: QWidget) -> QFrame:
    """Return a card with a title and what stands below it."""
    frame = named(QFrame(), "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 12, 16, 12)
    column.setSpacing(8)
    if title:
        column.addWidget(named(QLabel(title), "cardTitle"))
    for part in parts:
        column.addWidget(part)
    return frame


def beside(*widgets: QWidget) -> QWidget:
    """Return widgets beside each other, or below where there is no room."""
    holder = QWidget()
    row = Flow(holder)
    for widget in widgets:
        row.addWidget(widget)
    return holder


def small_button(title: str, aloud: str, act: Callable[[], object]) -> QPushButton:
    """Return a button of a row; `aloud` says which row, too."""
    button = named(QPushButton(title), "small")
    button.setAccessibleName(aloud)
    button.clicked.connect(lambda _=False: act())
    return button


def scrolled(page: QWidget) -> QScrollArea:
    """Return what shows a page that may be higher than the window."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(named(page, "page"))
    return area


def fill(holder: QWidget, rows: list[QWidget]) -> None:
    """Show other rows in a holder, in place of those that are there."""
    column = holder.layout()
    assert column is not None
    while (item := column.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    for row in rows:
        column.addWidget(row)


def rows_holder() -> QWidget:
    """Return an empty holder of rows."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    return holder
