"""The list of what was found: a head, rows that are walked through, and more of them on wish."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.domain.downloads import Download
from app.domain.errors import AppError
from app.domain.hub import Bundle, HubModel
from app.models.hub.prospects import Repository
from app.ui.models.find_rows import Head, Row
from app.ui.named import named
from app.ui.theme import Theme

# How a model is: its newest download, and whether it is here.
State = Callable[[Bundle], tuple[Download | None, bool]]


class Results(QFrame):
    """A card of rows; signals carry what a row is about."""

    get_wanted = Signal(object)
    details_wanted = Signal(str)
    page_wanted = Signal(str)
    more_wanted = Signal()
    row_focused = Signal(QWidget)

    def __init__(self, theme: Theme, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "card")
        self._theme = theme
        self._state = state
        self.rows: list[Row] = []
        self.more = QPushButton(self.tr("Show more"))
        self.more.clicked.connect(self.more_wanted)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 4, 8, 8)
        self._column.setSpacing(0)
        self._column.addWidget(Head())
        self._column.addWidget(self.more)
        self.hide()
        theme.changed.connect(self._restyle)

    def clear(self) -> None:
        """Take all rows away."""
        for row in self.rows:
            row.line.deleteLater()
            row.deleteLater()
        self.rows = []
        self.hide()

    def add(self, models: Sequence[HubModel], *, more: bool) -> None:
        """Show these below what is there; `more`: there are others."""
        known = {row.model.repo for row in self.rows}
        for model in models:
            if model.repo not in known:
                self._add(Row(model, self._theme))
                known.add(model.repo)
        self.more.setVisible(more)
        self.setVisible(bool(self.rows))

    def show_found(self, repo: str, found: Repository | AppError) -> None:
        """Show what a look into a repository gave."""
        for row in self.rows:
            if row.model.repo == repo:
                row.show_found(found)
                self._show_state(row)

    def found(self, repo: str) -> Repository | None:
        """Return what a look into a repository has given, if there was one."""
        return next((row.found for row in self.rows if row.model.repo == repo), None)

    def show_states(self) -> None:
        """Show how far downloads are."""
        for row in self.rows:
            self._show_state(row)

    def show_waiting(self, *, looking: bool) -> None:
        """Say of rows that nobody has looked into whether somebody does."""
        for row in self.rows:
            row.show_waiting(looking=looking)

    def unlooked(self) -> list[str]:
        """Return the repositories that are seen and that nobody has looked into."""
        seen = (row for row in self.rows if not row.looked and not row.visibleRegion().isEmpty())
        return [row.model.repo for row in seen]

    def _add(self, row: Row) -> None:
        row.get_wanted.connect(self.get_wanted)
        row.details_wanted.connect(self.details_wanted)
        row.page_wanted.connect(self.page_wanted)
        row.focused.connect(lambda: self.row_focused.emit(row))
        row.step_wanted.connect(lambda step: self._step(row, step))
        place = self._column.count() - 1
        self._column.insertWidget(place, row.line)
        self._column.insertWidget(place + 1, row)
        self.rows.append(row)

    def _step(self, row: Row, step: int) -> None:
        place = self.rows.index(row) + step
        if 0 <= place < len(self.rows):
            self.rows[place].setFocus()

    def _show_state(self, row: Row) -> None:
        if row.choice is not None:
            download, here = self._state(row.choice.bundle)
            row.get.show_state(download, here=here)

    def _restyle(self) -> None:
        for row in self.rows:
            row.restyle()
