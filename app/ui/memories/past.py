"""The past of one memory: what it was before, and what was done to it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.memories import Happened, Memory
from app.ui.memories.story import told
from app.ui.memories.words import moment

_SIZE = 400, 280


class PastDialog(QDialog):
    """Shows what happened to a memory, the newest first."""

    def __init__(
        self, memory: Memory, happened: Sequence[Happened], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("History"))
        self.resize(*_SIZE)
        lines = [f"{moment(each.at)}   {told(each, {memory.id: memory})}" for each in happened]
        self.lines = QPlainTextEdit("\n\n".join(lines))
        self.lines.setReadOnly(True)
        self.lines.setTabChangesFocus(True)
        self.lines.setAccessibleName(self.tr("What happened to this memory"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 14)
        column.setSpacing(14)
        column.addWidget(self.lines, 1)
        column.addWidget(buttons)
