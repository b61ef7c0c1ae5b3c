"""How a model is loaded: its memory beside the others, and everything that decides it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.models import CacheType
from app.domain.shelf import Item
from app.engines.speculation.pairing import Pairing
from app.models.casting import Candidate
from app.models.form import Form
from app.ui.models.bench_line import BenchLine
from app.ui.models.fields import ChoiceField, Field, NumberField, ToggleField, card
from app.ui.models.key_words import model_words
from app.ui.models.memory_bar import MemoryLine
from app.ui.models.pickers import DraftField, EyesField
from app.ui.named import named
from app.ui.theme import Tokens

# What a model elsewhere can be told.
_ELSEWHERE = ("context", "sequences")


class LoadForm(QWidget):
    """The fields of one model; they belong to the model, whoever uses it."""

    changed = Signal()
    draft_picked = Signal(object)
    spell_wanted = Signal()
    command_wanted = Signal()

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel()
        self.note = named(QLabel(), "describes")
        self.note.setWordWrap(True)
        self.memory = MemoryLine(tokens)
        self.bench = BenchLine()
        self.fields = self._fields()
        self.spell = QPushButton(self.tr("Change how it is loaded"))
        self.command = QPushButton(self.tr("Copy command line"))
        self.command.setToolTip(self.tr("The command that would start the engine; it has no key."))
        self._lay_out()
        for field in self.fields.values():
            field.changed.connect(self.changed)
        self.draft.picked.connect(self.draft_picked)
        self.fields["engine"].changed.connect(self._engine_changed)
        self.spell.clicked.connect(self.spell_wanted)
        self.command.clicked.connect(self.command_wanted)

    @property
    def draft(self) -> DraftField:
        """Who drafts."""
        field = self.fields["acceleration.draft"]
        assert isinstance(field, DraftField)
        return field

    @property
    def eyes(self) -> EyesField:
        """What lets it see."""
        field = self.fields["llama_server.mmproj"]
        assert isinstance(field, EyesField)
        return field

    def show_model(self, form: Form, name: str, others: Sequence[str]) -> None:
        """Show a model of a form.

        Args:
            form: what is edited.
            name: of the model.
            others: the other roles that use it.
        """
        self.title.setText(self.tr("How %1 is loaded").replace("%1", name))
        known = name in form.models
        for key, field in self.fields.items():
            if known:
                field.bind(form, ("models", name, *key.split(".")))
        self.spell.setVisible(not form.full)
        self._show_what_counts(form.models.get(name))
        self.note.setText(self._note(form, name, others))
        self.note.setVisible(bool(self.note.text()))

    def offer(
        self,
        candidates: Iterable[Candidate],
        pairings: Mapping[Path, Pairing],
        items: Iterable[Item],
        target: str,
    ) -> None:
        """Offer who may draft, and files of eyes."""
        self.draft.offer(candidates, pairings, target)
        self.eyes.offer(items)

    def _note(self, form: Form, name: str, others: Sequence[str]) -> str:
        remote = form.value(("models", name, "remote", "url")) if name in form.models else None
        if remote:
            return self.tr("It runs elsewhere, at %1.").replace("%1", str(remote))
        if not form.full:
            return self.tr("Models that are shipped are loaded as they are meant to be.")
        if others:
            return self.tr("The same for %1.").replace("%1", ", ".join(others))
        return ""

    def _show_what_counts(self, entry: Mapping[str, Any] | None) -> None:
        """Show the keys that have an effect on this kind of model."""
        engine = (entry or {}).get("engine", "runner")
        for key, field in self.fields.items():
            counts = key in _ELSEWHERE if engine == "remote" else True
            if key.startswith("llama_server."):
                counts = engine == "llama-server"
            field.setVisible(entry is not None and counts)
        self.command.setVisible(engine != "remote")
        self.memory.setVisible(engine != "remote")
        self.bench.setVisible(engine != "remote")

    def _engine_changed(self) -> None:
        """Take away what only another engine understands."""
        field = self.fields["engine"]
        if field.form is not None and field.value == "runner":
            field.form.put((*field.place[:2], "llama_server"), None)
        if field.form is not None:
            self._show_what_counts(field.form.models.get(field.place[1]))

    def _fields(self) -> dict[str, Field]:
        words = model_words()
        engines = [(self.tr("Echelon's own"), "runner"), ("llama-server", "llama-server")]
        profiles = [
            (self.tr("Automatic"), "auto"),
            (self.tr("The draft model"), "draft"),
            (self.tr("Earlier text"), "ngram"),
            (self.tr("Layers of the model itself"), "mtp"),
        ]
        pinned = [
            (self.tr("As its tier: A and D stay"), None),
            (self.tr("Always"), True),
            (self.tr("Makes room for others"), False),
        ]
        setting = self.tr("setting")
        numbers = ("context", "sequences", "threads", "gpu_layers", "batch", "ubatch")
        kinds = [(kind, kind) for kind in get_args(CacheType)]
        attention = [
            (self.tr("The engine chooses"), "auto"),
            (self.tr("On"), "on"),
            (self.tr("Off"), "off"),
        ]
        return {
            "engine": ChoiceField(*words["engine"], engines),
            **{key: NumberField(*words[key]) for key in numbers},
            "kv_keys": ChoiceField(*words["kv_keys"], kinds),
            "kv_values": ChoiceField(*words["kv_values"], kinds),
            "flash_attention": ChoiceField(*words["flash_attention"], attention),
            "acceleration.speculation": ToggleField(*words["acceleration.speculation"]),
            "acceleration.draft": DraftField(*words["acceleration.draft"]),
            "llama_server.profile": ChoiceField(*words["llama_server.profile"], profiles),
            "llama_server.mmproj": EyesField(*words["llama_server.mmproj"]),
            "residency.pinned": ChoiceField(*words["residency.pinned"], pinned),
            "residency.minimum_s": NumberField(*words["residency.minimum_s"], empty=setting),
            "embeddings": ToggleField(*words["embeddings"]),
            "load_anyway": ToggleField(*words["load_anyway"]),
        }

    def _lay_out(self) -> None:
        frame, into = card(self.title)
        into.addWidget(self.note)
        into.addWidget(self.memory)
        for field in self.fields.values():
            into.addWidget(field)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 8, 0, 6)
        buttons.setSpacing(8)
        buttons.addWidget(self.command)
        buttons.addWidget(self.spell)
        buttons.addStretch()
        into.addLayout(buttons)
        into.addWidget(self.bench)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(frame)
