"""What models are here: in Echelon's folder and in those of other programs."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QStackedWidget, QVBoxLayout

from app.domain.downloads import State
from app.domain.events import DownloadChanged
from app.domain.names import printable
from app.ui import aio
from app.ui.models.bringing import BringDialog, files_dialog, folder_dialog
from app.ui.models.errands import Errands
from app.ui.models.folders import FoldersDialog, unseen
from app.ui.models.places import copy_path, show_in_folder
from app.ui.models.removing import RemoveDialog
from app.ui.models.shelf_bar import Nothing, ShelfBar, ShelfSums
from app.ui.models.shelf_detail import ShelfDetail
from app.ui.models.shelf_keeper import ShelfKeeper
from app.ui.models.shelf_list import ShelfList
from app.ui.models.tab import Tab
from app.ui.named import named
from app.ui.notices import NoticeBar
from app.ui.said import said
from app.ui.theme import Theme
from app.wiring import App

_SIDE, _GAP = 20, 14
# How often a figure that grows is drawn.
_TICK_MS = 250


class InstalledTab(Tab):
    """What models are here: in Echelon's folder and in those of other programs."""

    find_wanted = Signal()

    def __init__(self, core: App, theme: Theme) -> None:
        super().__init__(core, theme)
        self.keeper = ShelfKeeper(core.manager.shelf, self)
        self.notices = NoticeBar()
        self._asks = Errands()
        self.bar = ShelfBar()
        self.list = ShelfList(theme)
        self._make_actions()
        self.detail = ShelfDetail([self.verify, self.open_folder, self.copy, self.delete])
        self.sums = ShelfSums()
        self.folders = FoldersDialog(self)
        self.nothing = Nothing(
            self.tr("No model is here yet. Find one that runs well, or drop a GGUF here.")
        )
        self.none_fits = named(QLabel(self.tr("No model fits these words.")), "welcomeText")
        self._stack = QStackedWidget()
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._unseen: set[tuple[Path, str]] = set()
        self._lay_out()
        self._connect()
        self._leave = core.bus.on(DownloadChanged, self._download_changed)

    def refresh(self) -> None:
        """Show what there is by now; called when the tab is opened."""
        self.keeper.look(anew=True)

    def count(self) -> None:
        """Tell how many models there are."""
        self.keeper.look(anew=False)

    def close_core(self) -> None:
        """Stop listening and working: the core is going down."""
        self._leave()
        self._timer.stop()
        self.keeper.close()
        self._asks.stop()

    def bring(self, paths: Sequence[Path]) -> None:
        """Make files and folders from elsewhere part of the library."""
        self._asks.spawn(self._bring(paths), "ask how to import")

    def _download_changed(self, event: DownloadChanged) -> None:
        if event.download.state is State.DONE:
            self.keeper.look(anew=False)

    def _show(self, *, anew: bool) -> None:
        overview, rows = self.keeper.overview, self.keeper.rows
        if overview is None:
            return  # nobody has looked yet
        self._show_rows(anew=anew)
        usable = sum(not row.item.problem for row in rows)
        self.sums.show_sums(usable, overview.used, overview.wasted)
        self.folders.show_folders(self.keeper.folders)
        self.counted.emit(usable)
        self._tell_unseen()

    def _show_rows(self, *, anew: bool) -> None:
        rows = self.keeper.rows
        wanted = [row for row in rows if row.has(self.bar.line.text())]
        self._stack.setCurrentIndex((0 if wanted else 2) if rows else 1)
        self.list.show_rows(wanted, anew=anew)

    def _tell(self, message: str, remedy: str) -> None:
        """Tell what went wrong where somebody looks."""
        bar = self.folders.notices if self.folders.isVisible() else self.notices
        bar.tell(message, remedy)

    def _tell_unseen(self) -> None:
        """Tell once of folders that could not be looked at."""
        found = unseen(self.keeper.folders)
        fresh = {(each.folder.path, each.detail) for each in found}
        if fresh - self._unseen:
            lines = [f"{printable(str(each.folder.path))}: {said(each.detail)}" for each in found]
            self.notices.tell("\n".join(lines), button=self.tr("Folders…"), action=self._open)
        self._unseen = fresh

    def _show_detail(self) -> None:
        row = self.list.current
        self.detail.setVisible(row is not None)
        reading = self.keeper.reading
        mine = row is not None and reading == row.item.path
        self.verify.setText(self.tr("Stop") if mine else self.tr("Verify"))
        self.verify.setEnabled(mine or reading is None)
        if row is not None:
            self.detail.show_row(row)

    def _tick(self) -> None:
        if self.isVisible():
            self._show_rows(anew=False)

    def _reading_changed(self) -> None:
        if self.keeper.reading is None:
            self._timer.stop()
        else:
            self._timer.start()
        self._show_rows(anew=False)

    def _verify_or_stop(self) -> None:
        row = self.list.current
        if self.keeper.reading is not None:
            self.keeper.stop_reading()
        elif row is not None:
            self.keeper.verify(row.item)

    def _with_file(self, act: Callable[[Path], None]) -> None:
        if self.list.current is not None:
            act(self.list.current.item.path)

    def _delete(self) -> None:
        if self.list.current is not None:
            self._asks.spawn(self._ask_to_delete(), "ask to delete")

    async def _ask_to_delete(self) -> None:
        row = self.list.current
        removal = await self.keeper.plan(row.item) if row is not None else None
        if removal is not None and await aio.ask(RemoveDialog(removal, self)):
            self.keeper.remove(removal)

    def _open(self) -> None:
        self.folders.open()

    async def _ask_for_files(self) -> None:
        dialog = files_dialog(self)
        if await aio.ask(dialog):
            await self._bring([Path(file) for file in dialog.selectedFiles()])

    async def _ask_for_folder(self) -> None:
        dialog = folder_dialog(self.folders)
        if await aio.ask(dialog):
            self.keeper.add_folders([Path(folder) for folder in dialog.selectedFiles()])

    async def _bring(self, paths: Sequence[Path]) -> None:
        folders = await asyncio.to_thread(_folders, paths)
        files = [path for path in paths if path not in folders]
        if folders:
            self.keeper.add_folders(folders)
        if files:
            dialog = BringDialog(files, self)
            if await aio.ask(dialog):
                self.keeper.bring(files, copy=dialog.copy_it.isChecked())

    def menu(self) -> QMenu:
        """Return what can be done with the marked model."""
        menu = QMenu(self)
        menu.addActions([self.verify, self.open_folder, self.copy, self.delete])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _make_actions(self) -> None:
        self.verify = self._action(self.tr("Verify"), "F8", self._verify_or_stop)
        self.open_folder = self._action(
            self.tr("Show in folder"), "Ctrl+O", lambda: self._with_file(show_in_folder)
        )
        self.copy = self._action(self.tr("Copy path"), "Ctrl+C", lambda: self._with_file(copy_path))
        self.delete = self._action(self.tr("Delete…"), "Del", self._delete)
        # Else a button leaves out that a question follows.
        self.delete.setIconText(self.delete.text())

    def _action(self, words: str, key: str, run: Callable[[], object]) -> QAction:
        action = QAction(words, self)
        action.setShortcut(QKeySequence(key))
        action.setToolTip(f"{words} · {action.shortcut().toString()}")
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _=False: run())
        self.list.addAction(action)
        return action

    def _connect(self) -> None:
        keeper, bar = self.keeper, self.bar
        keeper.looked.connect(lambda anew: self._show(anew=anew))
        keeper.read.connect(self._reading_changed)
        keeper.came.connect(self.list.mark)
        keeper.said.connect(lambda words, busy: self.sums.say(words, busy=busy))
        keeper.told.connect(self._tell)
        bar.filtered.connect(lambda _: self._show_rows(anew=True))
        bar.import_wanted.connect(lambda: self._asks.spawn(self._ask_for_files(), "ask for files"))
        bar.folders_wanted.connect(self._open)
        self.folders.add_wanted.connect(
            lambda: self._asks.spawn(self._ask_for_folder(), "ask for folder")
        )
        self.folders.remove_wanted.connect(keeper.remove_folder)
        self.sums.stop_wanted.connect(keeper.stop_bringing)
        self.nothing.find_wanted.connect(self.find_wanted)
        self.list.marked.connect(self._show_detail)
        self.list.menu_wanted.connect(lambda place: self.menu().popup(place))

    def _lay_out(self) -> None:
        card = named(QFrame(), "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 8, 8, 8)
        inside.addWidget(self.list)
        self.none_fits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in (card, self.nothing, self.none_fits):
            self._stack.addWidget(page)
        self.detail.hide()
        column = QVBoxLayout()
        column.setContentsMargins(_SIDE, _GAP, _SIDE, _GAP)
        column.setSpacing(_GAP)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self.detail)
        column.addWidget(self.sums)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notices)
        whole.addLayout(column, 1)


def _folders(paths: Sequence[Path]) -> list[Path]:
    """Return those that are folders; what cannot be looked at is told when it is brought."""
    return [path for path in paths if _is_folder(path)]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
