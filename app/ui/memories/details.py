"""What is chosen in a list of memories: all its words, what is known of it, what can be done."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from app.domain.memories import Memory
from app.ui.flow import Flow
from app.ui.memories import words
from app.ui.named import named

_LINES = 3


class MemoryDetails(QFrame):
    """Shows one memory, or how many are chosen; its buttons are the actions it is given."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "card")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("The words of this memory"))
        # Longer words scroll: what stands around them may not move.
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * _LINES)
        self.facts = named(QLabel(), "describes")
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = Flow(spacing=6)
        for action in actions:
            button = named(QToolButton(), "act")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setDefaultAction(action)
            action.visibleChanged.connect(
                lambda button=button, action=action: button.setVisible(action.isVisible())
            )
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        column.addWidget(self.text)
        column.addWidget(self.facts)
        column.addLayout(buttons)

    def show_memories(
        self, memories: Sequence[Memory], count: int, titles: Mapping[str, str]
    ) -> None:
        """Show the memory that is chosen, or that there are several."""
        one = memories[0] if count == 1 and memories else None
        self.text.setVisible(one is not None)
        if one is None:
            self.facts.setText(self.tr("%1 memories are chosen.").replace("%1", str(count)))
            return
        if self.text.toPlainText() != one.text:
            self.text.setPlainText(one.text)
        self.facts.setText(words.facts(one, titles))
