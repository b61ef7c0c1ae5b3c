"""The tab of proposals: what was found and waits until somebody stands for it."""

from collections.abc import Sequence

from PySide6.QtGui import QAction

from app.domain.memories import MemoryStatus
from app.ui.memories.list_tab import ListTab


class ProposedTab(ListTab):
    """Lists proposals; they are accepted or refused, several at once."""

    _statuses = (MemoryStatus.PROPOSED,)

    @property
    def acts(self) -> list[QAction]:
        """What can be done, in the order of the buttons."""
        return [self.accept, self.refuse, self.edit, self.origin, self.delete]

    def _list_name(self) -> str:
        return self.tr("Proposed memories")

    def _empty_words(self) -> str:
        return self.tr("Nothing waits for you. What a model finds or a file brings is asked here.")

    def _make_acts(self) -> None:
        super()._make_acts()
        self.accept = self.act(self.tr("Accept"), "Ctrl+Return", lambda: self.answer(yes=True))
        self.refuse = self.act(self.tr("Refuse"), "Ctrl+Backspace", lambda: self.answer(yes=False))

    def answer(self, *, yes: bool) -> None:
        """Accept or refuse all that is chosen."""
        store = self.keeper.store
        turn = store.accept if yes else store.refuse

        def act(ids: Sequence[int]) -> None:
            self.keeper.do(lambda: turn(ids), "answer proposals")

        self.with_chosen(act)
