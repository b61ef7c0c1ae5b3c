"""The question before a model is deleted: exactly what goes, and what it was needed for."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.amounts import in_words
from app.domain.names import printable
from app.models.shelf.removal import Removal
from app.ui.named import named

_LONG = 1000
_LINES = 8


class RemoveDialog(QDialog):
    """Shows what a removal would take away; Enter alone deletes nothing."""

    def __init__(self, removal: Removal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Delete"))
        self.setMinimumWidth(520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 14)
        layout.setSpacing(14)
        question = QLabel(self._question(removal))
        question.setWordWrap(True)
        question.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(question)
        self.files = self._files(removal)
        self.files.setVisible(bool(removal.files))
        layout.addWidget(self.files)
        self.consequences = named(QLabel("\n".join(consequences(removal))), "describes")
        self.consequences.setWordWrap(True)
        self.consequences.setVisible(bool(self.consequences.text()))
        layout.addWidget(self.consequences)
        buttons = self._buttons(removal)
        layout.addWidget(buttons)
        # Only what is part of the dialog can be its default.
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setDefault(True)
        cancel.setFocus()

    def _question(self, removal: Removal) -> str:
        if removal.reference:
            words = self.tr("Take “%1” out of the library? Its file stays where it is.")
        else:
            words = self.tr("Delete “%1”? These files go for good:")
        return words.replace("%1", removal.item.name)

    def _files(self, removal: Removal) -> QPlainTextEdit:
        lines = [
            f"{in_words(size)}  {printable(str(file), _LONG)}"
            for file, size in zip(removal.files, removal.sizes, strict=True)
        ]
        files = named(QPlainTextEdit("\n".join(lines)), "files")
        files.setReadOnly(True)
        files.setTabChangesFocus(True)
        files.setAccessibleName(self.tr("Files that go"))
        shown = min(_LINES, 2 * len(lines)) + 1
        files.setFixedHeight(files.fontMetrics().lineSpacing() * shown + 12)
        return files

    def _buttons(self, removal: Removal) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        yes = self.tr("Take out") if removal.reference else self.tr("Delete")
        accept = buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        named(accept, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons


def consequences(removal: Removal) -> list[str]:
    """Return what a removal brings and whom it leaves without a model."""
    translate = QCoreApplication.translate
    said = []
    if not removal.reference:
        freed = translate("Shelf", "%1 come free.").replace("%1", in_words(removal.freed))
        stays = translate("Shelf", "Its bytes have another name elsewhere, which stays.")
        said.append(freed if removal.freed else stays)
    if removal.roles:
        roles = translate("Shelf", "Roles that use it: %1.")
        said.append(roles.replace("%1", ", ".join(removal.roles)))
    return said
