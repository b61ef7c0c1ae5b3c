"""Another set: each part replaced by what fits beside the others, or left out."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.amounts import in_words
from app.models.sets.catalogue import Entry
from app.models.sets.choosing import Chooser, Plan
from app.models.sets.words import ROLES, instead, replaced, without
from app.ui.models.set_words import taken_words
from app.ui.named import choice_box, named

# Questions begin there, so it cannot be left out.
_FIRST = "front"


class SetChange(QDialog):
    """Shows a plan part by part; `plan` is how it would be."""

    def __init__(self, chooser: Chooser, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan = plan
        self._chooser = chooser
        self._drafted = plan.drafted
        self.setWindowTitle(self.tr("Change the set"))
        self.boxes: dict[str, QComboBox] = {}
        self.drafts = QCheckBox(self.tr("small models write ahead for large ones"))
        self.drafts.setChecked(bool(plan.drafted))
        self.drafts.setVisible(bool(plan.drafted))
        self.drafts.toggled.connect(self._draft)
        self.total = named(QLabel(), "describes")
        self.total.setWordWrap(True)
        self.take = named(QPushButton(self.tr("Take this set")), "primary")
        self._lay_out()
        self._fill()

    def _choose(self, role: str) -> None:
        entry = self.boxes[role].currentData()
        if isinstance(entry, Entry):
            self.plan = replaced(self.plan, role, entry)
        else:
            self.plan = without(self.plan, role)
        self._fill()

    def _draft(self, wanted: bool) -> None:
        names = {entry.name for _, entry in self.plan.roles}
        kept = tuple(pair for pair in self._drafted if pair[0] in names)
        self.plan = replace(self.plan, drafted=kept if wanted else ())
        self._fill()

    def _fill(self) -> None:
        """Offer for every role what fits beside the others as they are now."""
        for role, box in self.boxes.items():
            now = self.plan.model_of(role)
            others = [each for each, why in instead(self._chooser, self.plan, role) if not why]
            box.clear()
            if now is not None:
                box.addItem(now.name, now)
            else:
                box.addItem(self.tr("left out"), None)
            for entry in others:
                box.addItem(entry.name, entry)
            if now is not None and role != _FIRST:
                box.addItem(self.tr("leave out"), None)
        self._weigh()

    def _weigh(self) -> None:
        """Say what it takes; what would not fit cannot be taken."""
        missing = self._chooser.needed(self.plan) - self._chooser.machine.budget
        words = taken_words(self._chooser, self.plan)
        if missing > 0:
            lacking = self.tr("%1 of memory are missing.").replace("%1", in_words(missing))
            words = f"{words}. {lacking}"
        self.total.setText(words)
        self.take.setEnabled(missing <= 0)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for role in ROLES:
            box = self.boxes[role] = choice_box(role)
            box.setMinimumWidth(260)
            box.activated.connect(lambda _=0, role=role: self._choose(role))
            form.addRow(QLabel(role), box)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        accept = QDialogButtonBox.ButtonRole.AcceptRole
        buttons.addButton(self.take, accept)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 14)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(self.drafts)
        layout.addWidget(self.total)
        layout.addWidget(buttons)
