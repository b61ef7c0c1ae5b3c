"""What the tab of installed models asks of the library, and what it knows of the answers."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.amounts import in_words
from app.domain.errors import AppError, ModelMissing
from app.domain.names import printable
from app.domain.shelf import FolderReport, Item, Origin, copies
from app.models.shelf.bringing import Brought
from app.models.shelf.checking import Check
from app.models.shelf.removal import Removal
from app.models.shelf.shelf import Overview, Shelf
from app.ui.models.errands import Errands
from app.ui.models.shelf_model import Row
from app.ui.models.shelf_words import way_words
from app.ui.said import said


class ShelfKeeper(QObject):
    """Owns what is known of the library, and the work on it that somebody has asked for.

    `looked` says whether rows may be put in order anew; `said` has words and whether work goes on
    that can be stopped; `told` has what went wrong and what helps.
    """

    looked = Signal(bool)
    read = Signal()
    came = Signal(object)
    said = Signal(str, bool)
    told = Signal(str, str)

    def __init__(self, shelf: Shelf, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self._errands = Errands(self._tell)
        self._overview: Overview | None = None
        self._checks: dict[Path, Check] = {}
        self._bringing: asyncio.Task[None] | None = None
        self._reading: tuple[Item, asyncio.Task[None]] | None = None
        self._count = 0

    @property
    def overview(self) -> Overview | None:
        """The library as it was last seen."""
        return self._overview

    @property
    def folders(self) -> tuple[FolderReport, ...]:
        """All folders as they were last seen."""
        return self._overview.survey.folders if self._overview else ()

    @property
    def reading(self) -> Path | None:
        """The model that is being read as a whole."""
        return self._reading[0].path if self._reading else None

    @property
    def rows(self) -> list[Row]:
        """All models with what is known of them."""
        if self._overview is None:
            return []
        # What is the user's own comes first, what came with the program last.
        items = sorted(self._overview.survey.items, key=lambda item: _rank(item.found.origin))
        roles = self._overview.roles
        same = copies(items)
        return [
            Row(
                item,
                len(same.get(item.id, [item])),
                roles.get(item.path, ()),
                self._check(item),
                self._share(item),
            )
            for item in items
        ]

    def close(self) -> None:
        """End all work: the core is going down."""
        self.blockSignals(True)
        self._errands.stop()

    def look(self, *, anew: bool) -> None:
        """Look through all folders; `anew` lets rows change their places afterwards."""
        self._errands.spawn(self._look(anew=anew), "look at the library")

    def verify(self, item: Item) -> None:
        """Read a model as a whole, one at a time."""
        if self._reading is None:
            self._count = 0
            self._reading = item, self._errands.spawn(self._verify(item), "verify a model")
            self.read.emit()

    def stop_reading(self) -> None:
        """Give up reading."""
        if self._reading is not None:
            self._reading[1].cancel()

    def bring(self, files: Sequence[Path], *, copy: bool) -> None:
        """Make files part of the library."""
        self._bringing = self._errands.spawn(self._bring(files, copy=copy), "import models")

    def stop_bringing(self) -> None:
        """Give up an import; what came in stays."""
        if self._bringing is not None:
            self._bringing.cancel()

    def add_folders(self, folders: Sequence[Path]) -> None:
        """Make folders part of the library."""
        self._errands.spawn(self._add_folders(folders), "add folders")

    def remove_folder(self, folder: Path) -> None:
        """Take a folder out of the library; its files stay."""
        self._errands.spawn(self._remove_folder(folder), "take out a folder")

    async def plan(self, item: Item) -> Removal | None:
        """Return what would go with a model; None where that was refused, which is told."""
        try:
            return await self._shelf.plan_removal(str(item.path))
        except AppError as error:
            self._tell(self._plainly(error, item))
            return None

    def remove(self, removal: Removal) -> None:
        """Delete what a plan has said."""
        self._errands.spawn(self._remove(removal), "delete a model")

    def _check(self, item: Item) -> Check | None:
        """Return what was found of a model, while it is still the file that was read."""
        found = self._checks.get(item.path)
        return found if found is not None and found.item.size == item.size else None

    def _share(self, item: Item) -> float | None:
        if self.reading != item.path:
            return None
        return min(1.0, self._count / item.size) if item.size else 0.0

    async def _look(self, *, anew: bool) -> None:
        self._overview = await self._shelf.overview()
        self.looked.emit(anew)

    async def _verify(self, item: Item) -> None:
        try:
            (found,) = await self._shelf.verify(str(item.path), self._more)
            self._checks[item.path] = found
        except ModelMissing as error:
            self._tell(self._plainly(error, item))
        finally:
            self._reading = None
            self.read.emit()
        await self._look(anew=False)

    def _more(self, count: int) -> None:
        """Count what was read; only the thread that reads comes here."""
        self._count += count

    async def _bring(self, files: Sequence[Path], *, copy: bool) -> None:
        here: set[Path] = set()
        came: list[tuple[Item, Brought]] = []
        problems: list[AppError] = []
        try:
            for file in files:
                if file in here:
                    continue  # it came with another part of the same model
                words = self.tr("Copying %1…") if copy else self.tr("Linking %1…")
                self.said.emit(words.replace("%1", printable(file.name)), True)
                try:
                    item, brought = await self._shelf.take(file, copy=copy)
                except AppError as error:
                    problems.append(error)
                else:
                    here.update(item.found.files)
                    came.append((item, brought))
        finally:
            self.said.emit(self._came_words(came), False)
        await self._look(anew=False)
        if came:
            self.came.emit(came[-1][1].files[0])
        if problems:
            messages = dict.fromkeys(said(problem.message) for problem in problems)
            remedies = dict.fromkeys(said(problem.remedy) for problem in problems)
            self.told.emit("\n".join(messages), "\n".join(remedies))

    def _came_words(self, came: Sequence[tuple[Item, Brought]]) -> str:
        if len(came) == 1:
            item, brought = came[0]
            words = self.tr("%1 is in the library (%2).").replace("%1", item.name)
            return words.replace("%2", way_words(brought.way))
        if came:
            return self.tr("%1 models are in the library.").replace("%1", str(len(came)))
        return ""

    async def _add_folders(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            await self._shelf.add_folder(folder)
            words = self.tr("%1 is part of the library.")
            self.said.emit(words.replace("%1", printable(str(folder))), False)
        await self._look(anew=False)

    async def _remove_folder(self, folder: Path) -> None:
        await self._shelf.remove_folder(folder)
        await self._look(anew=False)

    async def _remove(self, removal: Removal) -> None:
        try:
            gone = await self._shelf.remove(removal.token)
            words = self.tr("%1 is gone; %2 came free.").replace("%1", gone.item.name)
            self.said.emit(words.replace("%2", in_words(gone.freed)), False)
        finally:
            await self._look(anew=False)

    def _plainly(self, error: AppError, item: Item) -> AppError:
        """Return an error in words that fit a window."""
        if not isinstance(error, ModelMissing):
            return error
        self.look(anew=False)
        message = self.tr("%1 is not there any more.").replace("%1", item.name)
        return ModelMissing(message, remedy=self.tr("The list was brought up to date."))

    def _tell(self, error: AppError) -> None:
        self.told.emit(said(error.message), said(error.remedy))


def _rank(origin: Origin) -> int:
    return 0 if origin.ours else 2 if origin is Origin.SHIPPED else 1
