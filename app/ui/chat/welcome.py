"""What a new chat shows: a line of greeting and questions that can be tried with one click."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.named import named


class Welcome(QWidget):
    """The empty conversation."""

    example_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = named(QLabel(self.tr("What would you like to know?")), "welcomeTitle")
        text = named(
            QLabel(
                self.tr(
                    "Everything runs on this computer. The starter models are very small: "
                    "they know a few things well and say so when they do not know."
                )
            ),
            "welcomeText",
        )
        text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 24)
        layout.setSpacing(10)
        layout.addStretch()
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addSpacing(12)
        # The questions stay English: the starter models are.
        for question in (
            "What is the capital of Japan?",
            "Write a Python function that reverses a string.",
            "Tell me a story about Anna.",
        ):
            layout.addWidget(self._example(question))
        layout.addStretch()

    def _example(self, question: str) -> QPushButton:
        button = named(QPushButton(question), "example")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.example_chosen.emit(question))
        return button
