"""Everything a role says of itself, as a form."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.models import Tier
from app.models.casting import Candidate
from app.models.form import Form
from app.orchestration.telemetry import ORDER
from app.ui.models.escalation import EscalationField
from app.ui.models.families import FamiliesField
from app.ui.models.fields import (
    ChoiceField,
    Field,
    LinesField,
    NumberField,
    ToggleField,
    card,
)
from app.ui.models.key_words import role_words
from app.ui.models.pickers import ModelField
from app.ui.tiers.words import tier_name

_GAP = 14


class RoleForm(QWidget):
    """The fields of one role; `changed` tells that one of them was changed."""

    changed = Signal()
    picked = Signal(object)
    first_wanted = Signal()
    removal_wanted = Signal()

    def __init__(self, load: QWidget, parent: QWidget | None = None) -> None:
        """Lay out the fields, with the form of the role's model among them."""
        super().__init__(parent)
        self.name = QLabel()
        self.first = QPushButton(self.tr("Let it answer first"))
        self.remove = QPushButton(self.tr("Remove role"))
        self.fields = self._fields()
        self.model = ModelField(*role_words()["model"])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        self._lay_out(column, load)
        for field in self.fields.values():
            field.changed.connect(self.changed)
        self.model.picked.connect(self.picked)
        self.first.clicked.connect(self.first_wanted)
        self.remove.clicked.connect(self.removal_wanted)

    def show_role(self, form: Form, name: str) -> None:
        """Show a role of a form."""
        self.name.setText(name)
        escalation = self.fields["escalation"]
        assert isinstance(escalation, EscalationField)
        others = (each for each, entry in form.roles.items() if entry.get("tier") != Tier.D)
        escalation.offer([each for each in others if each != name])
        for key, field in self.fields.items():
            field.bind(form, ("roles", name, *key.split(".")))
        self.model.bind(form, ("roles", name, "model"))
        self.show_standing(form, name)

    def show_standing(self, form: Form, name: str) -> None:
        """Show whether it answers first, and whether it could."""
        drafts = form.value(("roles", name, "tier")) == Tier.D
        first = form.value(("default_role",)) == name
        self.first.setVisible(not drafts)
        self.first.setEnabled(not first)
        self.first.setText(self.tr("It answers first") if first else self.tr("Let it answer first"))
        self._after.setVisible(not drafts)

    def offer(self, candidates: Sequence[Candidate], current: str, otherwise: str) -> None:
        """Offer models for the role."""
        self.model.offer(candidates, current, otherwise)

    def _fields(self) -> dict[str, Field]:
        words = role_words()
        seconds, numbers = self.tr("seconds"), ("temperature", "top_p", "top_k", "min_p")
        tiers = [(tier_name(tier), str(tier)) for tier in ORDER]
        fields: dict[str, Field] = {
            "tier": ChoiceField(*words["tier"], tiers),
            "families": FamiliesField(*words["families"]),
            "gated": ToggleField(*words["gated"]),
            "thinking": ToggleField(*words["thinking"]),
            "escalation": EscalationField(*words["escalation"]),
        }
        for key in ("load_s", "first_token_s", "stall_s", "total_s"):
            fields[f"timeouts.{key}"] = NumberField(*words[f"timeouts.{key}"], seconds)
        fields["system_prompt"] = LinesField(*words["system_prompt"])
        for key in (*numbers, "repeat_penalty", "max_tokens"):
            fields[f"sampling.{key}"] = NumberField(*words[f"sampling.{key}"])
        fields["sampling.seed"] = NumberField(*words["sampling.seed"], empty=self.tr("new"))
        fields["sampling.stop"] = LinesField(*words["sampling.stop"], each=True)
        return fields

    def _lay_out(self, column: QVBoxLayout, load: QWidget) -> None:
        job, into = card(self.name)
        into.addWidget(self.fields["tier"])
        into.addWidget(self.model)
        for key in ("families", "gated", "thinking"):
            into.addWidget(self.fields[key])
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 8, 0, 6)
        buttons.addWidget(self.first)
        buttons.addStretch()
        buttons.addWidget(self.remove)
        into.addLayout(buttons)
        column.addWidget(job)
        column.addWidget(load)
        after, into = card(QLabel(self.tr("When an answer is doubtful")))
        into.addWidget(self.fields["escalation"])
        column.addWidget(after)
        self._after = after
        for title, start in (
            (self.tr("Time limits"), "timeouts."),
            (self.tr("How it answers"), ("system_prompt", "sampling.")),
        ):
            frame, into = card(QLabel(title))
            for key, field in self.fields.items():
                if key.startswith(start):
                    into.addWidget(field)
            column.addWidget(frame)
