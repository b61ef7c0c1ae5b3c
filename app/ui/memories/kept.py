"""The tab of what is remembered: pin, put away, take back, merge, look at the past."""

from collections.abc import Sequence

from PySide6.QtGui import QAction

from app.domain.memories import Memory, MemoryStatus
from app.ui import aio
from app.ui.memories.list_tab import ListTab
from app.ui.memories.merge import MergeDialog
from app.ui.memories.past import PastDialog


class KeptTab(ListTab):
    """Lists what is remembered, what was put away, and what was replaced."""

    @property
    def acts(self) -> list[QAction]:
        """What can be done, in the order of the buttons."""
        return [
            self.edit,
            self.pin,
            self.merge,
            self.archive,
            self.past,
            self.origin,
            self.delete,
        ]

    def _list_name(self) -> str:
        return self.tr("What is remembered")

    def _empty_words(self) -> str:
        if self.bar.status.currentData() != MemoryStatus.ACTIVE:
            return self.tr("Nothing is here.")
        return self.tr(
            "Nothing is remembered yet. What you tell in chats is kept here, and what you ask to"
            " remember."
        )

    def _make_acts(self) -> None:
        super()._make_acts()
        self.pin = self.act(self.tr("Pin"), "Ctrl+P", self._pin)
        self.merge = self.act(self.tr("Merge…"), "Ctrl+J", self._merge)
        self.archive = self.act(self.tr("Archive"), "Ctrl+E", self._archive)

        self.past = self.act(
            self.tr("History…"), "Ctrl+H", lambda: self.keeper.do(self._show_past, "show history")
        )

    def _allow(self, chosen: Sequence[Memory]) -> None:
        super()._allow(chosen)
        self.past.setEnabled(self.one() is not None)
        pinned = bool(chosen) and all(memory.pinned for memory in chosen)
        self.pin.setText(self.tr("Unpin") if pinned else self.tr("Pin"))
        self.pin.setIconText(self.pin.text())
        self.pin.setEnabled(0 < self.list.count == len(chosen))
        self.archive.setText(self.tr("Restore") if _away(chosen) else self.tr("Archive"))
        self.archive.setIconText(self.archive.text())
        self.merge.setEnabled(1 < self.list.count == len(chosen))
        self.merge.setVisible(self.list.count > 1)

    def _pin(self) -> None:
        chosen = self.list.chosen
        pinned = not all(memory.pinned for memory in chosen)

        async def work() -> None:
            for memory in chosen:
                await self.keeper.store.change(memory.id, pinned=pinned)

        self.keeper.do(work, "pin memories")

    def _archive(self) -> None:
        store = self.keeper.store
        turn = store.restore if _away(self.list.chosen) else store.archive
        self.with_chosen(lambda ids: self.keeper.do(lambda: turn(ids), "archive memories"))

    async def _show_past(self) -> None:
        memory = self.one()
        if memory is not None:
            happened = await self.keeper.store.history(memory.id)
            await aio.ask(PastDialog(memory, happened, self))

    def _merge(self) -> None:
        if self.merge.isEnabled():
            self.keeper.do(self._ask_to_merge, "merge memories")

    async def _ask_to_merge(self) -> None:
        chosen = self.list.chosen
        dialog = MergeDialog(chosen, self)
        if await aio.ask(dialog):
            others = [memory.id for memory in chosen if memory.id != dialog.keep.id]
            await self.keeper.store.merge(dialog.keep.id, others, dialog.words)


def _away(chosen: Sequence[Memory]) -> bool:
    """Whether what is chosen was put away."""
    away = {MemoryStatus.ARCHIVED, MemoryStatus.SUPERSEDED}
    return bool(chosen) and all(memory.status in away for memory in chosen)
