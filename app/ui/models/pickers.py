"""Choosing models: for a role, to draft, and the files that let a model see."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QStandardItemModel

from app.domain.amounts import in_words
from app.domain.shelf import Item, Kind
from app.engines.speculation.pairing import Pairing
from app.models.casting import Candidate
from app.ui.models.fields import ChoiceBox, Field
from app.ui.said import said

_WIDTH_PX: Final = 200
_AUTO, _NONE = "auto", "none"


class ModelField(Field):
    """The model of a role; `picked` tells the candidate, which may be new to the registry."""

    picked = Signal(object)

    def __init__(self, title: str, hint: str) -> None:
        self.box = _box()
        super().__init__(title, hint, self.box, below=True)
        self.box.activated.connect(self._activated)

    def offer(self, candidates: Sequence[Candidate], current: str, otherwise: str) -> None:
        """Offer models; `otherwise` is shown where the registry names none of them."""
        self.box.clear()
        for each in candidates:
            self.box.addItem(candidate_words(each), each)
        at = next(
            (n for n, each in enumerate(candidates) if each.name and each.name == current), -1
        )
        if at < 0:
            self.box.insertItem(0, otherwise, None)
            at = 0
        self.box.setCurrentIndex(at)

    def _activated(self, at: int) -> None:
        candidate = self.box.itemData(at)
        if candidate is not None:
            self.picked.emit(candidate)


class DraftField(Field):
    """Who drafts for a model. Who cannot is shown, with the reason, and cannot be chosen."""

    picked = Signal(object)

    def __init__(self, title: str, hint: str) -> None:
        self.box = _box()
        super().__init__(title, hint, self.box, below=True)
        self.box.activated.connect(self._activated)

    def offer(
        self, candidates: Iterable[Candidate], pairings: Mapping[Path, Pairing], target: str
    ) -> None:
        """Offer everybody but the model itself."""
        self.box.clear()
        self.box.addItem(self.tr("Automatic: the model of tier D that drafts"), _AUTO)
        self.box.addItem(self.tr("No draft model"), _NONE)
        for each in candidates:
            if each.path is None or (each.name and each.name == target):
                continue
            self._add(each, pairings.get(each.path, Pairing()))
        self.show_value()

    def show_value(self) -> None:
        """Show who drafts."""
        value = self.value
        for at in range(self.box.count()):
            data = self.box.itemData(at)
            if value == (data.name if isinstance(data, Candidate) else data):
                self.box.setCurrentIndex(at)
                return
        self.box.addItem(str(value), value)
        self.box.setCurrentIndex(self.box.count() - 1)

    def _add(self, candidate: Candidate, pairing: Pairing) -> None:
        words = candidate_words(candidate)
        if not pairing.fits:
            words += self.tr(": cannot draft, %1").replace("%1", said(pairing.obstacle))
        elif pairing.doubt:
            words += self.tr(": may cost more than it saves, %1").replace("%1", said(pairing.doubt))
        self.box.addItem(words, candidate)
        at = self.box.count() - 1
        self.box.setItemData(at, words, Qt.ItemDataRole.ToolTipRole)
        model = self.box.model()
        if not pairing.fits and isinstance(model, QStandardItemModel):
            model.item(at).setEnabled(False)

    def _activated(self, at: int) -> None:
        data: Any = self.box.itemData(at)
        if isinstance(data, Candidate):
            self.picked.emit(data)
        else:
            self.put(data)


class EyesField(Field):
    """The file that turns images into what a model reads."""

    def __init__(self, title: str, hint: str) -> None:
        self.box = _box()
        super().__init__(title, hint, self.box, below=True)
        self.box.activated.connect(lambda _: self.put(self.box.currentData()))

    def offer(self, items: Iterable[Item]) -> None:
        """Offer the files of that kind that are installed."""
        self.box.clear()
        self.box.addItem(self.tr("none: it cannot see images"), None)
        for item in items:
            if item.card is not None and item.card.kind is Kind.PROJECTOR and not item.problem:
                self.box.addItem(f"{item.name} · {in_words(item.size)}", str(item.path))
        self.show_value()

    def show_value(self) -> None:
        """Show the file, also one the library does not know."""
        value = self.value or None
        if value is not None and self.box.findData(value) < 0:
            self.box.addItem(str(value), value)
        self.box.setCurrentIndex(self.box.findData(value))


def candidate_words(candidate: Candidate) -> str:
    """Return a model in words: its name here, what it is, and its size."""
    item = candidate.item
    if item is None:
        if candidate.path is None:
            return QCoreApplication.translate("Roles", "%1 · elsewhere").replace(
                "%1", candidate.name
            )
        return f"{candidate.name} · {candidate.path.name}"
    kind = item.card.quantisation if item.card else ""
    # Copies have one name: a file that has no name here yet goes by its own.
    own = candidate.name or item.path.name
    parts = (own, item.name, kind, in_words(item.size))
    return " · ".join(dict.fromkeys(each for each in parts if each))


def _box() -> ChoiceBox:
    box = ChoiceBox()
    box.setMinimumWidth(_WIDTH_PX)
    box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box
