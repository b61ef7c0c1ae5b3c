"""The library as rows; a row keeps its place as long as nobody asks for another order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor

from app.domain.names import printable
from app.domain.shelf import Item
from app.models.shelf.checking import Check
from app.ui.elided import as_tip
from app.ui.models.shelf_words import (
    is_bad,
    owner_words,
    shape_words,
    size_words,
    state_words,
    told,
)
from app.ui.theme import Tokens

NAME, QUANTISATION, SIZE, SHAPE, ROLES, STATE = range(6)
SECOND = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_LONG = 400


@dataclass(frozen=True, slots=True)
class Row:
    """One model with all that is known of it now; `share` is how much of it has been read."""

    item: Item
    copies: int = 1
    roles: tuple[str, ...] = ()
    found: Check | None = None
    share: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the columns."""
        card = self.item.card
        return (
            self.item.name,
            card.quantisation if card else "",
            size_words(self.item),
            shape_words(self.item),
            ", ".join(self.roles),
            state_words(self.item, self.found, self.share),
        )

    @property
    def owner(self) -> str:
        """Where it lies."""
        return owner_words(self.item, self.copies)

    def has(self, words: str) -> bool:
        """Whether it is meant by what somebody typed."""
        text = " ".join((*self.cells, self.owner, printable(str(self.item.path), _LONG)))
        return all(word in text.casefold() for word in words.casefold().split())


class ShelfModel(QAbstractTableModel):
    """Rows for a view."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._rows: list[Row] = []

    @property
    def rows(self) -> Sequence[Row]:
        """The rows as they are shown."""
        return self._rows

    def restyle(self, tokens: Tokens) -> None:
        """Take other colours."""
        self._tokens = tokens

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows in this order."""
        if [row.item.path for row in rows] == self._paths():
            self._put(rows)
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def renew(self, rows: Sequence[Row]) -> None:
        """Show these rows without moving one that is shown: what is new comes last."""
        fresh = {row.item.path: row for row in rows}
        for at in reversed(range(len(self._rows))):
            if self._rows[at].item.path not in fresh:
                self.beginRemoveRows(_NOWHERE, at, at)
                del self._rows[at]
                self.endRemoveRows()
        self._put([fresh.pop(path) for path in self._paths()])
        if fresh:
            count = len(self._rows)
            self.beginInsertRows(_NOWHERE, count, count + len(fresh) - 1)
            self._rows += fresh.values()
            self.endInsertRows()

    def place(self, path: Path) -> int:
        """Return the row of a file, or -1."""
        paths = self._paths()
        return paths.index(path) if path in paths else -1

    def _paths(self) -> list[Path]:
        return [row.item.path for row in self._rows]

    def _put(self, rows: Sequence[Row]) -> None:
        for at, row in enumerate(rows):
            if row != self._rows[at]:
                self._rows[at] = row
                self.dataChanged.emit(self.index(at, NAME), self.index(at, STATE))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many models there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else STATE + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> str | None:
        """Return a column's title."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _titles()[section]
        return None

    def data(self, index: _Index, role: int = 0) -> str | QColor | None:
        """Return what a view wants to know of a cell."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        answers: dict[int, Callable[[], str | QColor | None]] = {
            Qt.ItemDataRole.DisplayRole: lambda: row.cells[column],
            SECOND: lambda: row.owner,
            Qt.ItemDataRole.ToolTipRole: lambda: _tip(row, column),
            Qt.ItemDataRole.AccessibleTextRole: lambda: _aloud(row, column),
            Qt.ItemDataRole.ForegroundRole: lambda: self._colour(row, column),
        }
        answer = answers.get(role)
        return answer() if answer is not None else None

    def _colour(self, row: Row, column: int) -> QColor:
        if column == STATE and row.share is None and is_bad(row.item, row.found):
            return QColor(self._tokens.bad)
        return QColor(self._tokens.dim)


def _aloud(row: Row, column: int) -> str:
    """Return what is read aloud: all of a row at its first cell."""
    cells = (*row.cells, row.owner) if column == NAME else row.cells[column : column + 1]
    return ", ".join(cell for cell in cells if cell)


def _tip(row: Row, column: int) -> str:
    if column == NAME:
        return as_tip(f"{row.cells[NAME]}\n{printable(str(row.item.path), _LONG)}")
    return as_tip(told(row.item, row.found) if column == STATE else row.cells[column])


def _titles() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("Shelf", "model"),
        translate("Shelf", "quantisation"),
        translate("Shelf", "size"),
        translate("Shelf", "architecture · context"),
        translate("Shelf", "used by"),
        translate("Shelf", "state"),
    )
