"""Merging memories: one stays for all of them, with the words that are chosen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.memories import Memory
from app.ui.elided import as_tip
from app.ui.memories.words import one_line
from app.ui.named import named

_WIDTH_PX, _LIST_PX, _TEXT_PX = 400, 140, 90


class MergeDialog(QDialog):
    """Asks whose words stay; they can be written anew."""

    def __init__(self, memories: Sequence[Memory], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Merge memories"))
        self.setMinimumWidth(_WIDTH_PX)
        self._memories = memories
        self.choice = named(QListWidget(), "order")
        self.choice.setAccessibleName(self.tr("Whose words stay"))
        self.choice.setMaximumHeight(_LIST_PX)
        self.choice.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.choice.setTextElideMode(Qt.TextElideMode.ElideRight)
        for memory in memories:
            self.choice.addItem(one_line(memory.text))
            self.choice.item(self.choice.count() - 1).setToolTip(as_tip(memory.text))
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(_TEXT_PX)
        self.text.setAccessibleName(self.tr("The words that stay"))
        self._lay_out()
        self.choice.currentRowChanged.connect(self._chosen)
        self.text.textChanged.connect(self._allow)
        self.choice.setCurrentRow(0)

    @property
    def keep(self) -> Memory:
        """The memory that stays."""
        return self._memories[max(0, self.choice.currentRow())]

    @property
    def words(self) -> str | None:
        """Its new words; None where they stay as they are."""
        text = self.text.toPlainText().strip()
        return None if text == self.keep.text else text

    def _chosen(self) -> None:
        self.text.setPlainText(self.keep.text)

    def _allow(self) -> None:
        self.yes.setEnabled(bool(self.text.toPlainText().strip()))

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.yes = buttons.addButton(self.tr("Merge"), QDialogButtonBox.ButtonRole.AcceptRole)
        named(self.yes, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        note = named(QLabel(self.tr("The others become its past.")), "describes")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 14)
        column.setSpacing(10)
        column.addWidget(QLabel(self.tr("Whose words stay?")))
        column.addWidget(self.choice)
        column.addWidget(self.text)
        column.addWidget(note)
        column.addWidget(buttons)
