"""The model that is marked in the list: where it lies, what was found, and what can be done."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.amounts import in_words
from app.domain.names import printable
from app.ui.elided import ElidedLabel
from app.ui.models.folding import Folding
from app.ui.models.shelf_model import Row
from app.ui.models.shelf_words import card_words, told
from app.ui.named import named

_STEPS, _LINES, _SLIM_COLUMNS = 1000, 2, 2
_LONG = 1000


class ShelfDetail(QFrame):
    """Shows one row; its buttons are the actions that are given to it."""

    def __init__(self, actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "card")
        self.name = named(ElidedLabel(), "cardTitle")
        self.place = named(ElidedLabel(), "describes")
        self.words = named(QLabel(), "describes")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # What is said about a file may not move what stands around it.
        self.words.setMinimumHeight(_LINES * self.words.fontMetrics().height())
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.bar = named(QProgressBar(), "progress")
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("How much has been read"))
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self._head = Folding(8)
        self._head.addWidget(self.name, 1)
        self._acts = QGridLayout()
        self._acts.setSpacing(8)
        self._head.addLayout(self._acts)
        self._buttons = [_button(action) for action in actions]
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 10, 10)
        column.setSpacing(4)
        column.addLayout(self._head)
        for part in (self.place, self.bar, self.words):
            column.addWidget(part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons beside the name, or two by two below it where it is narrow."""
        super().resizeEvent(event)
        columns = _SLIM_COLUMNS if self._head.fit(self.width()) else len(self._buttons)
        for at, button in enumerate(self._buttons):
            self._acts.addWidget(button, *divmod(at, columns))

    def show_row(self, row: Row) -> None:
        """Show this model."""
        item = row.item
        self.name.show_text(item.name)
        self.place.show_text(printable(str(item.path), _LONG))
        self.bar.setVisible(row.share is not None)
        self.bar.setValue(round((row.share or 0) * _STEPS))
        self.words.setText(self._words(row))

    def _words(self, row: Row) -> str:
        if row.share is not None:
            words = self.tr("%1 of %2 read").replace("%1", f"{row.share:.0%}")
            return words.replace("%2", in_words(row.item.size))
        found = told(row.item, row.found)
        lines = [card_words(row.item), found]
        if row.roles:
            lines.append(self.tr("Used by %1.").replace("%1", ", ".join(row.roles)))
        if row.copies > 1:
            words = self.tr("The same bytes are here %1 times; one copy is enough.")
            lines.append(words.replace("%1", str(row.copies)))
        return "\n".join(line for line in lines if line)


def _button(action: QAction) -> QToolButton:
    button = named(QToolButton(), "act")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.setDefaultAction(action)
    return button
