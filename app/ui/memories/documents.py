"""The tab of documents: folders and files that are kept as knowledge."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from app.domain.names import printable
from app.memory.collections.rows import Collection
from app.ui import aio
from app.ui.dialogs import Confirm
from app.ui.memories.keeper import MemoryKeeper
from app.ui.memories.parts import (
    beside,
    card,
    fill,
    rows_holder,
    scrolled,
    small_button,
    words_label,
)
from app.ui.models.tab import Tab
from app.ui.theme import Theme
from app.wiring import App

_SIDE, _GAP = 20, 12
_LONG = 300
# Of the files that are not read so many are named.
_NAMED = 5


class DocumentsTab(Tab):
    """Lists collections; reads more of them, and forgets them.

    `scope_wanted` names a place whose memories are wanted.
    """

    scope_wanted = Signal(str)

    def __init__(self, core: App, theme: Theme, keeper: MemoryKeeper) -> None:
        super().__init__(core, theme)
        self.keeper = keeper
        self._collections = keeper.memories.collections
        self._reading = 0
        self.folder = QPushButton(self.tr("Add a folder…"))
        self.file = QPushButton(self.tr("Add documents…"))
        self.said = words_label("describes")
        self.rows = rows_holder()
        self._lay_out()
        self.folder.clicked.connect(lambda: keeper.do(self._ask_for_folder, "ask for a folder"))
        self.file.clicked.connect(lambda: keeper.do(self._ask_for_files, "ask for documents"))
        keeper.wrote.connect(self._wrote)

    def refresh(self) -> None:
        """Show what there is by now."""
        self.keeper.do(self._look, "list collections")

    def read(self, paths: list[Path]) -> None:
        """Keep folders and documents as knowledge."""

        async def work() -> None:
            for path in paths:
                await self._collections.add(path)

        self._work(work)

    def _work(self, work: Callable[[], Awaitable[object]]) -> None:
        """Read something, and say so as long as it lasts."""

        async def told() -> None:
            self._reading += 1
            self._say(is_empty=False)
            try:
                await work()
            finally:
                self._reading -= 1
                self.refresh()

        self.keeper.do(told, "read documents")

    async def _look(self) -> None:
        found = await self._collections.list()
        self.counted.emit(len(found))
        had_keys = self.rows.isAncestorOf(self.focusWidget() or self)
        fill(self.rows, [self._row(each) for each in found])
        if had_keys:
            self.folder.setFocus()
        self._say(is_empty=not found)

    def _say(self, *, is_empty: bool) -> None:
        if self._reading:
            self.said.setText(
                self.tr("Documents are being read; they can be recalled as they come.")
            )
        elif is_empty:
            self.said.setText(
                self.tr(
                    "No documents yet. What you add is read here, and read again when it changes."
                )
            )
        else:
            self.said.setText(self.tr("Looked at again at quiet times and at every start."))

    def _row(self, collection: Collection) -> QWidget:
        name = printable(collection.name, _LONG)
        place = words_label("describes")
        place.setText(printable(collection.path, _LONG))
        figures = words_label("describes")
        figures.setText(
            self.tr("%1 documents, %2 passages")
            .replace("%1", str(collection.documents))
            .replace("%2", str(collection.passages))
        )
        trouble = words_label("bad")
        trouble.setText(self._trouble(collection))
        if not trouble.text():
            trouble.hide()
        show = self.tr("Show passages: %1").replace("%1", name)
        again = self.tr("Read again: %1").replace("%1", name)
        remove = self.tr("Take out: %1").replace("%1", name)
        sync = partial(self._collections.sync, collection.id)
        ask = partial(self._ask_to_remove, collection)
        return card(
            name,
            place,
            figures,
            trouble,
            beside(
                small_button(
                    self.tr("Show passages"),
                    show,
                    partial(self.scope_wanted.emit, collection.scope),
                ),
                small_button(self.tr("Read again"), again, partial(self._work, sync)),
                small_button(
                    self.tr("Take out…"), remove, partial(self.keeper.do, ask, "take out")
                ),
            ),
        )

    def _trouble(self, collection: Collection) -> str:
        skipped = list(collection.skipped.items())
        lines = [collection.why] if collection.why else []
        lines += [f"{printable(place, _LONG)}: {why}" for place, why in skipped[:_NAMED]]
        if len(skipped) > _NAMED:
            more = self.tr("%1 more files are not read.")
            lines.append(more.replace("%1", str(len(skipped) - _NAMED)))
        return "\n".join(lines)

    async def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Add a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        if await aio.ask(dialog):
            self.read([Path(path) for path in dialog.selectedFiles()])

    async def _ask_for_files(self) -> None:
        dialog = QFileDialog(self, self.tr("Add documents"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        if await aio.ask(dialog):
            self.read([Path(path) for path in dialog.selectedFiles()])

    async def _ask_to_remove(self, collection: Collection) -> None:
        question = self.tr("Take out “%1” with all its passages? Its files stay where they are.")
        words = question.replace("%1", printable(collection.name, _LONG))
        if await aio.ask(Confirm(words, self.tr("Take out"), self)):
            await self._collections.remove(collection.id)
            self.refresh()

    def _wrote(self) -> None:
        if self.isVisible():
            self.refresh()

    def _lay_out(self) -> None:
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.rows)
        inside.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, _GAP, _SIDE, _GAP)
        column.setSpacing(_GAP)
        column.addWidget(beside(self.folder, self.file))
        column.addWidget(self.said)
        column.addWidget(scrolled(page), 1)
