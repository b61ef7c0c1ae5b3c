"""Small questions; asked through `aio.ask`, never with a nested loop."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget


class Confirm(QDialog):
    """Asks whether to go on; Enter alone never does."""

    def __init__(self, question: str, yes: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Echelon"))
        label = QLabel(question)
        label.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 14)
        layout.setSpacing(14)
        layout.addWidget(label)
        buttons = _buttons(self, yes)
        layout.addWidget(buttons)
        # What is asked first cannot be undone, or leaves this program.
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setFocus()


class AskText(QDialog):
    """Asks for one line of text."""

    def __init__(self, question: str, text: str, yes: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Echelon"))
        self._line = QLineEdit(text)
        self._line.setAccessibleName(question)
        self._line.selectAll()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 14)
        layout.setSpacing(14)
        layout.addWidget(QLabel(question))
        layout.addWidget(self._line)
        layout.addWidget(_buttons(self, yes))
        self.setMinimumWidth(360)

    @property
    def text(self) -> str:
        """What was entered."""
        return self._line.text().strip()


def _buttons(dialog: QDialog, yes: str) -> QDialogButtonBox:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    accept = buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
    accept.setObjectName("primary")
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons
