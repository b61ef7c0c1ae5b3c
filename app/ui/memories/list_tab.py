"""A tab with a list of memories: what kept ones and proposed ones have in common."""

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QStackedWidget, QVBoxLayout

from app.domain.errors import AppError
from app.domain.memories import Filter, Memory, MemoryStatus, Page
from app.ui import aio
from app.ui.memories.bar import FilterBar
from app.ui.memories.details import MemoryDetails
from app.ui.memories.edit import EditDialog
from app.ui.memories.keeper import MemoryKeeper
from app.ui.memories.listing import MemoryList
from app.ui.memories.rows import PAGE
from app.ui.models.tab import Tab
from app.ui.named import named
from app.ui.theme import Theme
from app.wiring import App

_SIDE, _GAP = 20, 12


class ListTab(Tab):
    """Lists memories of some statuses; says what can be done with those that are chosen.

    `origin_wanted` names a chat and a message of it.
    """

    origin_wanted = Signal(str, str)
    _statuses: tuple[MemoryStatus, ...] = ()

    def __init__(self, core: App, theme: Theme, keeper: MemoryKeeper) -> None:
        super().__init__(core, theme)
        self.keeper = keeper
        self.bar = FilterBar(self._statuses)
        self.list = MemoryList(theme, self._list_name())
        self.nothing = named(QLabel(), "welcomeText")
        self._stack = QStackedWidget()
        self._asked = Filter()
        self._turn = 0
        self._make_acts()
        self.detail = MemoryDetails(self.acts)
        self._lay_out()
        self.bar.filtered.connect(lambda: self._ask(anew=True))
        self.list.rows.wanted.connect(self._fetch)
        self.list.marked.connect(self._show_chosen)
        self.list.menu_wanted.connect(lambda place: self.menu().popup(place))
        keeper.looked.connect(self._looked)
        keeper.wrote.connect(self._wrote)

    def refresh(self) -> None:
        """Show what there is by now; called when the tab is opened."""
        self._ask(anew=False)

    def menu(self) -> QMenu:
        """Return what can be done with what is chosen."""
        menu = QMenu(self)
        menu.addActions(self.acts)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def with_chosen(self, act: Callable[[Sequence[int]], object]) -> None:
        """Do something with all that is chosen, also where it is not here yet."""

        async def work() -> None:
            ids = [memory.id for memory in self.list.chosen]
            if len(ids) < self.list.count:
                ids = self._among(await self.keeper.store.ids(self._asked))
            if ids:
                act(ids)
            elif self.list.count:
                self._ask(anew=True)
                self.keeper.said.emit(self.tr("The list has changed. Choose again."))

        self.keeper.do(work, "choose memories")

    def _among(self, known: Sequence[int]) -> list[int]:
        """Return which of all that is listed is chosen; none, where the list is another by now."""
        rows = self.list.rows
        here = ((row, rows.memory(row)) for row in self.list.chosen_rows)
        same = len(known) == rows.rowCount() and all(
            memory is None or known[row] == memory.id for row, memory in here
        )
        return [known[row] for row in self.list.chosen_rows] if same else []

    def _list_name(self) -> str:
        """Return what the list is called where it is read aloud."""
        return ""

    def _empty_words(self) -> str:
        """Return why there is nothing, where nothing is wished."""
        return ""

    def _make_acts(self) -> None:
        """Make the actions of this tab."""
        self.edit = self.act(self.tr("Edit…"), "F2", self._edit)
        self.origin = self.act(self.tr("Show in chat"), "Ctrl+O", self._show_origin)
        self.delete = self.act(
            self.tr("Delete"), "Del", lambda: self.with_chosen(self.keeper.delete)
        )

    @property
    def acts(self) -> list[QAction]:
        """What can be done, in the order of the buttons."""
        return [self.edit, self.origin, self.delete]

    def act(self, words: str, key: str, run: Callable[[], object]) -> QAction:
        """Return an action of the list."""
        action = QAction(words, self)
        action.setShortcut(QKeySequence(key))
        # Else a button leaves out that a question follows.
        action.setIconText(words)
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{words.rstrip('…')} · {shown}")
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _=False: run())
        self.list.addAction(action)
        return action

    def one(self) -> Memory | None:
        """Return the memory that is chosen, None where there are several or none."""
        chosen = self.list.chosen
        return chosen[0] if self.list.count == 1 and chosen else None

    def _allow(self, chosen: Sequence[Memory]) -> None:
        """Offer what fits what is chosen."""
        one = self.one()
        self.edit.setEnabled(one is not None)
        self.origin.setEnabled(one is not None and bool(one.conversation_id))

    def _ask(self, *, anew: bool) -> None:
        self._turn += 1
        number = 0 if anew else self.list.first_row // PAGE
        turn, wanted = self._turn, self.bar.wanted

        async def work() -> None:
            page = await self._page(wanted, number)
            if turn == self._turn:
                self._asked = wanted
                self._show(number if page.memories else 0, page, anew=anew)

        self.keeper.do(lambda: self._or_nothing(work), "list memories")

    async def _page(self, wanted: Filter, number: int) -> Page:
        page = await self._find(wanted, number)
        if number and not page.memories:  # what was there is gone
            page = await self._find(wanted, 0)
        return page

    async def _find(self, wanted: Filter, number: int) -> Page:
        update = {"offset": number * PAGE, "limit": PAGE}
        return await self.keeper.store.find(wanted.model_copy(update=update))

    async def _or_nothing(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except AppError as error:
            self.nothing.setText(f"{error.message}\n{error.remedy}".strip())
            self._stack.setCurrentWidget(self.nothing)
            self.detail.hide()

    def _fetch(self, number: int) -> None:
        turn = self._turn

        async def work() -> None:
            page = await self._find(self._asked, number)
            if turn == self._turn:
                self.list.rows.take(number, page)

        self.keeper.do(work, "list more memories")

    def _show(self, number: int, page: Page, *, anew: bool) -> None:
        before = [] if anew else [memory.id for memory in self.list.chosen]
        row = 0 if anew else max(0, self.list.currentIndex().row())
        scrolled = 0 if anew else self.list.verticalScrollBar().value()
        self.list.rows.show_page(number, page, self.keeper.titles)
        self.list.choose(before, row)
        self.list.verticalScrollBar().setValue(scrolled)
        empty = self.tr("Nothing fits.") if self.bar.is_narrowed else self._empty_words()
        self.nothing.setText(empty)
        self._stack.setCurrentIndex(0 if page.total else 1)
        self.detail.setVisible(bool(page.total))

    def _show_chosen(self) -> None:
        chosen = self.list.chosen
        self._allow(chosen)
        self.detail.show_memories(chosen, self.list.count, self.keeper.titles)

    def _wrote(self) -> None:
        if self.isVisible():
            self._ask(anew=False)

    def _looked(self) -> None:
        """Go by what is known of places and chats now; lists may have been there before."""
        self.bar.offer_scopes(self.keeper.scopes, self.keeper.titles)
        self.list.rows.name_chats(self.keeper.titles)
        self._show_chosen()

    def _edit(self) -> None:
        if self.one() is not None:
            self.keeper.do(self._ask_to_edit, "edit a memory")

    async def _ask_to_edit(self) -> None:
        memory = self.one()
        if memory is None:
            return
        dialog = EditDialog(memory, self.keeper.scopes, self.keeper.titles, self)
        if await aio.ask(dialog) and dialog.fields:
            await self.keeper.store.change(memory.id, **dialog.fields)

    def _show_origin(self) -> None:
        memory = self.one()
        if memory is None or not memory.conversation_id:
            return

        async def work() -> None:
            await self.core.conversations.get(memory.conversation_id)
            self.origin_wanted.emit(memory.conversation_id, memory.message_id)

        self.keeper.do(work, "look for the chat")

    def _lay_out(self) -> None:
        card = named(QFrame(), "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(6, 6, 6, 6)
        inside.addWidget(self.list)
        self.nothing.setWordWrap(True)
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(card)
        self._stack.addWidget(self.nothing)
        self.detail.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, _GAP, _SIDE, _GAP)
        column.setSpacing(_GAP)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self.detail)
