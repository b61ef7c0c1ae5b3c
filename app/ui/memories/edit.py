"""Changing one memory: its words, what it is, where it counts, how much and how long."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.memories import EVERYWHERE, Memory, MemoryKind
from app.ui.memories import words
from app.ui.named import choice_box, named

_WIDTH_PX, _TEXT_PX, _LETTERS = 400, 110, 14


class EditDialog(QDialog):
    """Asks for all of a memory that can be changed; `fields` is what was changed."""

    def __init__(
        self,
        memory: Memory,
        scopes: Iterable[str],
        titles: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Edit memory"))
        self.setMinimumWidth(_WIDTH_PX)
        self._memory = memory
        self.text = QPlainTextEdit(memory.text)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(_TEXT_PX)
        self.kind = self._box([(words.kind_words(each), each.value) for each in MemoryKind])
        self.kind.setCurrentIndex(self.kind.findData(memory.kind.value))
        places = dict.fromkeys((EVERYWHERE, memory.scope, *scopes))
        self.scope = self._box([(words.scope_words(each, titles), each) for each in places])
        self.scope.setCurrentIndex(self.scope.findData(memory.scope))
        weights = (words.LOW, words.USUAL, words.HIGH)
        self.weight = self._box([(words.importance_words(each), each) for each in weights])
        self._weight = words.importance_words(memory.importance)
        self.weight.setCurrentText(self._weight)
        self.until = QLineEdit(words.iso_day(memory.expires_at))
        self.until.setPlaceholderText(self.tr("never, or a day such as 2027-12-31"))
        self.problem = named(QLabel(), "fieldProblem")
        self.problem.setWordWrap(True)
        self._lay_out()

    @property
    def fields(self) -> dict[str, Any]:
        """What was changed."""
        old = self._memory
        wanted: dict[str, Any] = {
            "text": self.text.toPlainText().strip(),
            "kind": MemoryKind(self.kind.currentData()),
            "scope": self.scope.currentData(),
        }
        if self.weight.currentText() != self._weight:
            wanted["importance"] = self.weight.currentData()
        if self.until.text().strip() != words.iso_day(old.expires_at):
            wanted["expires_at"] = words.end_of(self.until.text())
        return {name: value for name, value in wanted.items() if value != getattr(old, name)}

    def accept(self) -> None:
        """Close, where all can be kept."""
        problem = self._problem()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            super().accept()

    def _problem(self) -> str:
        until = self.until.text().strip()
        if not self.text.toPlainText().strip():
            return self.tr("A memory needs words. To be rid of it, delete it.")
        if not until or until == words.iso_day(self._memory.expires_at):
            return ""
        end = words.end_of(until)
        if end is None:
            return self.tr("“%1” is no day. Write it as 2027-12-31.").replace("%1", until)
        return self.tr("This day is over.") if end <= time.time() else ""

    def _box(self, choices: Iterable[tuple[str, object]]) -> QComboBox:
        box = choice_box("")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_LETTERS)
        for said, value in choices:
            box.addItem(said, value)
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for title, editor in (
            (self.tr("Words"), self.text),
            (self.tr("Kind"), self.kind),
            (self.tr("Counts"), self.scope),
            (self.tr("Weight"), self.weight),
            (self.tr("Forget after"), self.until),
        ):
            editor.setAccessibleName(title)
            form.addRow(title, editor)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        named(self.save, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 14)
        column.setSpacing(14)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addWidget(buttons)
