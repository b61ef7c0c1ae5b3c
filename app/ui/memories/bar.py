"""What stands above a list of memories: words to look for, filters, an order."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from app.domain.memories import Filter, MemoryKind, MemoryStatus, Sort, Trust
from app.ui.flow import Flow
from app.ui.memories import words
from app.ui.named import choice_box, named

E = TypeVar("E", bound=StrEnum)

# So long nothing is typed before it is looked for.
_PAUSE_MS: Final = 120
_LONGEST: Final = 200
_LETTERS: Final = 7


class FilterBar(QWidget):
    """Tells that something else is wanted; without `statuses` these are chosen here."""

    filtered = Signal()

    def __init__(
        self, statuses: Sequence[MemoryStatus] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._statuses = tuple(statuses)
        self.line = named(QLineEdit(), "search")
        self.line.setMaxLength(_LONGEST)
        self.line.setPlaceholderText(self.tr("Search what is remembered"))
        self.line.setAccessibleName(self.tr("Search what is remembered"))
        self.line.setClearButtonEnabled(True)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.filtered)
        self.line.textChanged.connect(lambda _: self._pause.start())
        self._make_boxes()
        self._lay_out()

    @property
    def wanted(self) -> Filter:
        """What is to be listed."""
        scope = self.scope.currentData()
        return Filter(
            text=self.line.text(),
            scopes=(scope,) if scope else None,
            kinds=_one(self.kind, MemoryKind),
            trusts=_one(self.trust, Trust),
            statuses=self._statuses or _one(self.status, MemoryStatus),
            sort=Sort(self.order.currentData()),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether something that is there may be left out by a wish."""
        boxes = (self.scope, self.kind, self.trust)
        return bool(self.line.text().strip() or any(box.currentData() for box in boxes))

    def offer_scopes(self, scopes: Iterable[str], titles: Mapping[str, str]) -> None:
        """Offer the places memories are in; what is chosen stays."""
        chosen = self.scope.currentData() or ""
        self.scope.clear()
        self.scope.addItem(self.tr("all places"), "")
        for scope in dict.fromkeys((*scopes, *filter(None, (chosen,)))):
            self.scope.addItem(words.scope_words(scope, titles), scope)
        self.scope.setCurrentIndex(max(0, self.scope.findData(chosen)))

    def show_scope(self, scope: str, titles: Mapping[str, str]) -> None:
        """List all of one place."""
        self.clear()
        if self.scope.findData(scope) < 0:
            self.scope.addItem(words.scope_words(scope, titles), scope)
        self.scope.setCurrentIndex(self.scope.findData(scope))
        self.filtered.emit()

    def show_words(self, text: str) -> None:
        """List what has these words, whatever became of it."""
        self.clear()
        self.line.setText(" ".join(text.split())[:_LONGEST])
        self._pause.stop()
        self.status.setCurrentIndex(self.status.findData(""))
        self.filtered.emit()

    def clear(self) -> None:
        """Wish for all that is remembered."""
        self.line.clear()
        self._pause.stop()
        for box in (self.scope, self.kind, self.trust):
            box.setCurrentIndex(0)
        self.status.setCurrentIndex(0)

    def _make_boxes(self) -> None:
        self.scope = self._box(self.tr("Where it counts"))
        self.scope.addItem(self.tr("all places"), "")
        self.kind = self._box(self.tr("What it is"))
        self.kind.addItem(self.tr("all kinds"), "")
        _offer(self.kind, ((words.kind_words(each), each) for each in MemoryKind))
        self.trust = self._box(self.tr("Who stands for it"))
        self.trust.addItem(self.tr("any trust"), "")
        _offer(self.trust, ((words.trust_words(each), each) for each in Trust))
        self.status = self._box(self.tr("How it stands"))
        shown = (MemoryStatus.ACTIVE, MemoryStatus.ARCHIVED, MemoryStatus.SUPERSEDED)
        _offer(self.status, ((words.status_words(each), each) for each in shown))
        self.status.addItem(self.tr("all of these"), "")
        self.order = self._box(self.tr("What comes first"))
        _offer(self.order, ((words.sort_words(each), each) for each in Sort))

    def _box(self, name: str) -> QComboBox:
        box = choice_box(name)
        box.setToolTip(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_LETTERS)
        box.activated.connect(self.filtered)
        return box

    def _lay_out(self) -> None:
        filters = Flow()
        for box in (self.scope, self.kind, self.trust, self.status, self.order):
            filters.addWidget(box)
        if self._statuses:
            self.status.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addLayout(filters)


def _offer(box: QComboBox, choices: Iterable[tuple[str, StrEnum]]) -> None:
    for said, value in choices:
        box.addItem(said, value.value)


def _one(box: QComboBox, of: type[E]) -> tuple[E, ...]:
    return (of(box.currentData()),) if box.currentData() else ()
