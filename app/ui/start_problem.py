"""What the window shows when the core behind it could not start."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.ui.named import named
from app.ui.said import said

_WIDTH = 560


class StartProblem(QWidget):
    """What happened, why, and the two ways on: another try, or leaving."""

    again_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = named(QLabel(self.tr("Echelon could not start")), "welcomeTitle")
        self._message = self._text("problemMessage")
        self._remedy = self._text("problemRemedy")
        self.again = named(QPushButton(self.tr("Try again")), "primary")
        self.again.clicked.connect(self.again_wanted)
        leave = QPushButton(self.tr("Quit"))
        leave.clicked.connect(self.quit_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.again)
        buttons.addWidget(leave)
        buttons.addStretch()
        words = QWidget()
        words.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(words)
        column.setSpacing(14)
        column.addStretch()
        for part in (title, self._message, self._remedy):
            column.addWidget(part)
        column.addLayout(buttons)
        column.addStretch()
        middle = QHBoxLayout(self)
        middle.setContentsMargins(20, 20, 20, 20)
        middle.addStretch()
        middle.addWidget(words, 100)
        middle.addStretch()

    @property
    def text(self) -> str:
        """All that is said."""
        return f"{self._message.text()} {self._remedy.text()}".strip()

    def tell(self, error: AppError) -> None:
        """Say what happened and what can be done."""
        self._message.setText(said(error.message))
        self._remedy.setText(said(error.remedy))
        self._remedy.setVisible(bool(error.remedy))
        self.again.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keys, as Space does."""
        button = self.focusWidget()
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and isinstance(button, QPushButton):
            button.click()
        else:
            super().keyPressEvent(event)

    def _text(self, name: str) -> QLabel:
        label = named(QLabel(), name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
