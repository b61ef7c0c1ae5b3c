"""The tab of storage: what memories take, where they are, the index, and files of them."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.amounts import in_words
from app.domain.events import MemoriesIndexed
from app.domain.memories import Filter, Meter
from app.ui import aio
from app.ui.elided import ElidedLabel
from app.ui.memories import words
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
from app.ui.named import named
from app.ui.theme import Theme
from app.wiring import App

_SIDE, _GAP = 20, 12


class StorageTab(Tab):
    """Shows what there is and where; `scope_wanted` names a place whose memories are wanted."""

    scope_wanted = Signal(str)

    def __init__(self, core: App, theme: Theme, keeper: MemoryKeeper) -> None:
        super().__init__(core, theme)
        self.keeper = keeper
        self.figures = words_label("line")
        self.meaning = words_label("describes")
        self.progress = named(QProgressBar(), "progress")
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("How much is findable by its meaning"))
        self.progress.hide()
        self.rebuild = QPushButton(self.tr("Make the index anew"))
        self.export = QPushButton(self.tr("Export…"))
        self.bring = QPushButton(self.tr("Import…"))
        self.trusted = QCheckBox(self.tr("Take imported memories without asking one by one"))
        self._places = rows_holder()
        self._lay_out()
        self.rebuild.clicked.connect(lambda: keeper.do(self._rebuild, "make the index anew"))
        self.export.clicked.connect(lambda: keeper.do(self._ask_for_target, "ask for a file"))
        self.bring.clicked.connect(lambda: keeper.do(self._ask_for_source, "ask for a file"))
        keeper.looked.connect(self._show)
        self._leave = core.bus.on(MemoriesIndexed, self._indexed)

    def refresh(self) -> None:
        """Count anew."""
        self.keeper.look()

    def close_core(self) -> None:
        """Stop listening: the core is going down."""
        self._leave()

    def _show(self) -> None:
        meter = self.keeper.meter
        self.figures.setText(_figures(meter))
        self.meaning.setText(self._meaning())
        self._allow_rebuild()
        self._show_places(meter.scopes)

    def _meaning(self) -> str:
        why = self.keeper.why_lexical
        if not why:
            return self.tr("Memories are found by their words and by their meaning.")
        return self.tr("Memories are found by their words only: %1.").replace("%1", why.rstrip("."))

    def _show_places(self, scopes: Mapping[str, int]) -> None:
        had_keys = self._places.isAncestorOf(self.focusWidget() or self)
        rows = [
            self._place(scope, words.scope_words(scope, self.keeper.titles), scopes[scope])
            for scope in sorted(scopes)
        ]
        fill(self._places, rows)
        if had_keys:
            self.rebuild.setFocus()

    def _place(self, scope: str, said: str, count: int) -> QWidget:
        name = ElidedLabel()
        name.show_text(said)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(name, 1)
        line.addWidget(named(QLabel(str(count)), "value"))
        for title, aloud, act in (
            (self.tr("Show"), self.tr("Show: %1"), lambda: self.scope_wanted.emit(scope)),
            (self.tr("Forget all"), self.tr("Forget all: %1"), lambda: self.forget(scope)),
        ):
            line.addWidget(small_button(title, aloud.replace("%1", said), act))
        return row

    def forget(self, scope: str) -> None:
        """Delete all of one place; it can come back as after every deletion."""

        async def work() -> None:
            self.keeper.delete(await self.keeper.store.ids(Filter(scopes=(scope,))))

        self.keeper.do(work, "forget a place")

    def _indexed(self, event: MemoriesIndexed) -> None:
        self.progress.setRange(0, max(1, event.total))
        self.progress.setValue(event.done)
        self.progress.setVisible(event.done < event.total)
        if event.done >= event.total:
            self.keeper.look()

    def _allow_rebuild(self) -> None:
        """Without a model that read memories for their meaning there is no index to be made."""
        self.rebuild.setEnabled(bool(self.keeper.memories.index.questions.id))

    async def _rebuild(self) -> None:
        self.rebuild.setEnabled(False)
        try:
            await self.keeper.memories.index.rebuild()
        finally:
            self._allow_rebuild()
            self.progress.hide()
        self.keeper.said.emit(self.tr("The index was made anew."))
        self.keeper.look()

    async def _ask_for_target(self) -> None:
        dialog = _files(self, self.tr("Export memories"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("jsonl")
        dialog.selectFile("memories.jsonl")
        if await aio.ask(dialog):
            self.keeper.export(Path(dialog.selectedFiles()[0]), Filter())

    async def _ask_for_source(self) -> None:
        dialog = _files(self, self.tr("Import memories"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        if await aio.ask(dialog):
            self.keeper.bring(Path(dialog.selectedFiles()[0]), trusted=self.trusted.isChecked())

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(_SIDE, _GAP, _SIDE, _GAP)
        column.setSpacing(_GAP)
        index = (self.figures, self.meaning, self.progress, beside(self.rebuild))
        column.addWidget(card(self.tr("What memories take"), *index))
        column.addWidget(card(self.tr("Where they count"), self._places))
        note = words_label("describes")
        note.setText(self.tr("A file has one memory per line. What is imported is proposed first."))
        files = beside(self.export, self.bring)
        column.addWidget(card(self.tr("Files of memories"), note, self.trusted, files))
        column.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(page))


def _figures(meter: Meter) -> str:
    translate = QCoreApplication.translate
    parts = [f"{words.status_words(each)}: {count}" for each, count in meter.statuses.items()]
    parts += [f"{words.kind_words(each)}: {count}" for each, count in meter.kinds.items()]
    parts.append(translate("Memories", "%1 on disk").replace("%1", in_words(meter.bytes)))
    parts.append(translate("Memories", "%1 of index").replace("%1", in_words(meter.index_bytes)))
    return " · ".join(parts)


def _files(parent: QWidget, title: str) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setNameFilter("JSONL (*.jsonl *.json)")
    return dialog
