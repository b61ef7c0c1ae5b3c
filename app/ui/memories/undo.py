"""The bar after a deletion: as long as it shows, what was deleted can come back."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from app.memory.removal import Removed
from app.ui.notices import NoticeBar


class UndoBar(NoticeBar):
    """Holds what was deleted, nowhere but here; with it goes the last copy."""

    undo_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("undoBar")
        self._removed: Removed | None = None

    @property
    def removed(self) -> Removed | None:
        """What can come back."""
        return self._removed

    def offer(self, removed: Removed) -> None:
        """Offer to bring these back; what was offered before is gone for good."""
        self._removed = removed
        count = len(removed.memories)
        words = (
            self.tr("One memory is deleted.") if count == 1 else self.tr("%1 memories are deleted.")
        )
        note = self.tr("Undo works until this is closed; on the disk nothing of it is left.")
        self.tell(
            words.replace("%1", str(count)),
            note,
            button=self.tr("Undo"),
            action=lambda: self.undo_wanted.emit(removed),
        )

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go what was deleted, unless only the page is hidden."""
        super().hideEvent(event)
        if self.isHidden():
            self._removed = None
            self._offers = []
