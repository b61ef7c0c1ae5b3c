"""What the page asks of the memories, and what all its tabs know of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import AppError
from app.domain.events import MemoriesChanged
from app.domain.memories import Filter, MemoryStatus, Meter
from app.memory.removal import Removed
from app.ui.models.errands import Errands
from app.ui.said import said
from app.wiring import App

# Writes that follow each other at once are looked at together.
_PAUSE_MS = 150
# Of so many chats the titles are known here.
_CHATS = 10_000


class MemoryKeeper(QObject):
    """Owns the work on memories that somebody has asked for.

    `looked` tells that figures are new, `wrote` that lists may be old; `removed` has what can come
    back; `told` has what went wrong and what helps, `said` what became of a wish.
    """

    looked = Signal()
    wrote = Signal()
    removed = Signal(object)
    told = Signal(str, str)
    said = Signal(str)

    def __init__(self, core: App, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.memories = core.memories
        self.store = core.memories.store
        self.meter = Meter()
        self.titles: dict[str, str] = {}
        self._conversations = core.conversations
        self._errands = Errands(self.tell)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.wrote)
        self._leave = core.bus.on(MemoriesChanged, lambda _: self._pause.start())

    @property
    def scopes(self) -> tuple[str, ...]:
        """Where memories are."""
        return tuple(sorted(self.meter.scopes))

    @property
    def proposed(self) -> int:
        """How many wait for an answer."""
        return self.meter.statuses.get(MemoryStatus.PROPOSED, 0)

    @property
    def why_lexical(self) -> str:
        """Why memories are found by their words only, '' where they are not."""
        memories = self.memories
        why = memories.file.why_off or memories.index.why_not() or memories.brief.why_not()
        return said(why)

    def close(self) -> None:
        """Stop listening and working: the core is going down."""
        self._leave()
        self._pause.stop()
        self.blockSignals(True)
        self._errands.stop()

    def do(self, work: Callable[[], Awaitable[Any]], name: str) -> asyncio.Task[None]:
        """Do something; what goes wrong is told."""
        return self._errands.spawn(_nothing(work), name)

    def look(self) -> None:
        """Count what there is."""
        self.do(self._look, "count memories")

    def words_of(self, memory_id: int, show: Callable[[str], None]) -> None:
        """Have the words of a memory shown; where it is gone, that is said."""

        async def work() -> None:
            found = await self.store.get(memory_id)
            if found is None:
                self.said.emit(self.tr("This memory was deleted."))
            else:
                show(found.text)

        self.do(work, "look for a memory")

    def delete(self, ids: Sequence[int]) -> None:
        """Delete memories; what can come back is told."""

        async def work() -> None:
            self.removed.emit(await self.store.delete(ids))

        if ids:
            self.do(work, "delete memories")

    def undo(self, removed: Removed) -> None:
        """Bring back what was deleted."""
        self.do(lambda: self.store.undo(removed), "bring back memories")

    def export(self, target: Path, wanted: Filter) -> None:
        """Write memories to a file, and say how many."""

        async def work() -> None:
            count = await self.store.export(target, wanted)
            words = self.tr("Exported: %1 memories.")
            self.said.emit(words.replace("%1", str(count)))

        self.do(work, "export memories")

    def bring(self, source: Path, *, trusted: bool) -> None:
        """Take memories from a file, and say what came of it."""

        async def work() -> None:
            found = await self.store.import_(source, trusted=trusted)
            words = self.tr("Imported: %1 new, %2 known already, %3 refused.")
            for gap, count in enumerate((found.added, found.known, found.refused), 1):
                words = words.replace(f"%{gap}", str(count))
            lines = [self._refused(each.number, each.why) for each in found.lines]
            self.said.emit("\n".join((words, *lines)))

        self.do(work, "import memories")

    def tell(self, error: AppError) -> None:
        """Tell what went wrong."""
        self.told.emit(said(error.message), said(error.remedy))

    def _refused(self, number: int, why: str) -> str:
        return self.tr("Line %1: %2").replace("%1", str(number)).replace("%2", said(why))

    async def _look(self) -> None:
        listed = await self._conversations.list(_CHATS)
        self.titles = {each.id: each.title for each in listed}
        meter = await self.store.meter()
        size = await asyncio.to_thread(lambda: self.memories.index.bytes)
        self.meter = meter.model_copy(update={"index_bytes": size})
        self.looked.emit()


async def _nothing(work: Callable[[], Awaitable[Any]]) -> None:
    await work()
