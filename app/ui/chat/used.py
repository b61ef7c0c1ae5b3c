"""The memories that went along with a question, one line each, under their answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.named import named, text_button

_GAP = 12


@dataclass(frozen=True, slots=True)
class Used:
    """One memory as it is shown; without words it is kept no more."""

    memory_id: int
    text: str
    where: str
    why: str


class UsedMemories(QWidget):
    """Lists memories; the buttons tell which one the reader wants to see, or to be forgotten."""

    show_wanted = Signal(int)
    forget_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)

    def tell(self, found: Sequence[Used]) -> None:
        """Show these instead of what was shown."""
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for each in found:
            self._rows.addWidget(self._row(each))

    def _row(self, used: Used) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_GAP)
        words = named(QLabel(used.text or self.tr("It is kept no more.")), "story")
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setToolTip(used.why)
        line.addWidget(words, 1)
        line.addWidget(named(QLabel(f"{used.where}, {used.why}"), "story"))
        if used.text:
            show = text_button(self.tr("Show in Memory"))
            show.clicked.connect(lambda: self.show_wanted.emit(used.memory_id))
            forget = text_button(self.tr("Forget this"))
            forget.clicked.connect(lambda: self.forget_wanted.emit(used.memory_id))
            for button in (show, forget):
                button.setAccessibleName(f"{button.text()}: {used.text}")
                line.addWidget(button)
        return row
