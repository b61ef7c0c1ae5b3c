"""Memories as rows: pages of them are fetched when somebody looks there, and let go again."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.domain.memories import Memory, Page
from app.ui.elided import as_tip
from app.ui.memories import words

PAGE: Final = 100
# So many pages are held at once.
_HELD: Final = 8
SECOND = Qt.ItemDataRole.UserRole
_TIP = 1000
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class MemoryRows(QAbstractListModel):
    """Rows for a view; `wanted` names a page that is looked at and not here."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._total = 0
        self._pages: OrderedDict[int, tuple[Memory, ...]] = OrderedDict()
        self._asked: set[int] = set()
        self._titles: Mapping[str, str] = {}

    def show_page(self, number: int, page: Page, titles: Mapping[str, str]) -> None:
        """Begin anew with one page of all that is wanted."""
        self.beginResetModel()
        self._total, self._titles = page.total, titles
        self._pages = OrderedDict({number: page.memories})
        self._asked = set()
        self.endResetModel()

    def name_chats(self, titles: Mapping[str, str]) -> None:
        """Go by other titles of chats from now on."""
        if titles != self._titles:
            self._titles = titles
            self.dataChanged.emit(self.index(0), self.index(self._total - 1))

    def take(self, number: int, page: Page) -> None:
        """Take a page that was asked for."""
        self._asked.discard(number)
        self._pages[number] = page.memories
        while len(self._pages) > _HELD:
            self._pages.popitem(last=False)
        first = number * PAGE
        last = min(first + PAGE, self._total) - 1
        self.dataChanged.emit(self.index(first), self.index(last))

    def memory(self, row: int) -> Memory | None:
        """Return the memory of a row, None where it is not here yet."""
        number, place = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            return None
        self._pages.move_to_end(number)
        return page[place] if place < len(page) else None

    def row_of(self, memory_id: int) -> int:
        """Return the row of a memory that is here, or -1."""
        for number, page in self._pages.items():
            for place, memory in enumerate(page):
                if memory.id == memory_id:
                    return number * PAGE + place
        return -1

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many there are in all."""
        return 0 if parent.isValid() else self._total

    def data(self, index: _Index, role: int = 0) -> str | None:
        """Return what a view wants to know of a row."""
        answer = _ANSWERS.get(role)
        if not index.isValid() or answer is None:
            return None
        memory = self.memory(index.row())
        if memory is None:
            self._want(index.row() // PAGE)
            return ""
        return answer(memory, self._titles)

    def _want(self, number: int) -> None:
        if number not in self._asked:
            self._asked.add(number)
            self.wanted.emit(number)


def _aloud(memory: Memory, titles: Mapping[str, str]) -> str:
    return f"{words.one_line(memory.text)}, {words.second_line(memory, titles)}"


_ANSWERS: Final[dict[int, Callable[[Memory, Mapping[str, str]], str]]] = {
    Qt.ItemDataRole.DisplayRole: lambda memory, _: words.one_line(memory.text),
    SECOND: words.second_line,
    Qt.ItemDataRole.ToolTipRole: lambda memory, _: as_tip(memory.text[:_TIP]),
    Qt.ItemDataRole.AccessibleTextRole: _aloud,
}
