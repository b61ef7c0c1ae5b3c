"""What stands below the form: how things are, what is wrong, and the way to save or to undo."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.named import named

_DIALOG_PX, _LIST_PX = 520, 220


class SaveBar(QFrame):
    """One line of words and two buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "saveBar")
        self.problem = _label("problemText")
        self.note = _label("describes")
        self.undo = QPushButton(self.tr("Undo changes"))
        self.save = named(QPushButton(self.tr("Save")), "primary")
        self.save.setShortcut(QKeySequence.StandardKey.Save)
        self.save.setToolTip(self.save.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.problem)
        words.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.undo)
        row.addWidget(self.save)
        self.tell_problem("")

    def tell_problem(self, words: str) -> None:
        """Say what is wrong; an empty text says that nothing is."""
        self.problem.setText(words)
        self.problem.setVisible(bool(words))

    def show_changes(self, count: int, *, savable: bool) -> None:
        """Show how many changes wait, and whether they can be saved."""
        self.undo.setEnabled(count > 0)
        self.save.setEnabled(count > 0 and savable)
        if count:
            self.note.setText(self.tr("Not saved yet: %1").replace("%1", str(count)))


class ChangesDialog(QDialog):
    """Says what will be changed, and when it takes effect, before anything is written."""

    def __init__(self, lines: Sequence[str], effect: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Save changes"))
        self.setMinimumWidth(_DIALOG_PX)
        self.lines = QPlainTextEdit("\n".join(lines))
        self.lines.setReadOnly(True)
        self.lines.setTabChangesFocus(True)
        self.lines.setAccessibleName(self.tr("What will be changed"))
        self.lines.setMaximumHeight(_LIST_PX)
        self.effect = _label("describes")
        self.effect.setText(effect)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.yes = buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.yes.setObjectName("primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 14)
        column.setSpacing(14)
        column.addWidget(QLabel(self.tr("This will be changed:")))
        column.addWidget(self.lines)
        column.addWidget(self.effect)
        column.addWidget(buttons)


def _label(name: str) -> QLabel:
    label = named(QLabel(), name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
