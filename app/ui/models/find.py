"""Models on the hub, how each would run here, and a set for this computer."""

import asyncio

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.downloads import Download
from app.domain.errors import AppError, HubBusy, HubDown
from app.domain.events import DownloadChanged
from app.domain.hub import Bundle
from app.models.hub.hub import Page
from app.models.hub.prospects import Repository
from app.ui import aio
from app.ui.models.details import Details, Surroundings
from app.ui.models.errands import Errands
from app.ui.models.fetching import download_of, is_here
from app.ui.models.hub_trouble import HubTrouble
from app.ui.models.looking import Looks
from app.ui.models.results import Results
from app.ui.models.search_bar import SearchBar
from app.ui.models.set_card import SetCard
from app.ui.models.tab import Tab
from app.ui.named import named
from app.ui.theme import Theme
from app.wiring import App

_SIDE, _GAP = 20, 14


class FindTab(Tab):
    """Searches on wish, looks into what is seen, and hands over what is wanted."""

    def __init__(self, core: App, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(core, theme, parent)
        manager = core.manager
        self._errands = Errands()
        self._looks = Looks(manager.prospector.look, self._found)
        self._search: asyncio.Task[None] | None = None
        self._cursor, self._text = "", ""
        self.details: Details | None = None
        self._halted = False
        self.set_card = SetCard(core, self._errands)
        self.bar = SearchBar()
        self.bar.wanted.connect(self.search)
        self.trouble = HubTrouble(manager.hub, self._errands)
        self.status = named(QLabel(), "statusLine")
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setWordWrap(True)
        self.results = Results(theme, self._state)
        self._area = QScrollArea()
        self._lay_out()
        self._connect_results()
        self._leave = core.bus.on(DownloadChanged, lambda _: self._moved())
        self._say(
            self.tr("A search asks the hub for models with GGUF files; before it nothing is sent.")
        )

    @property
    def looking(self) -> bool:
        """Whether any repository is being looked into."""
        return self._looks.busy

    def search(self) -> None:
        """Look for what stands in the line, from the beginning."""
        self._begin("", self.bar.text)

    def search_for(self, name: str) -> None:
        """Look for a name somebody else has named."""
        self.bar.line.setText(name)
        self.search()

    def refresh(self) -> None:
        """Show how far everything is, and go on looking into what is seen."""
        self.set_card.refresh()
        self.results.show_states()
        self._look()

    def close_core(self) -> None:
        """Stop listening: the core is going down."""
        self._leave()
        if self.details is not None:
            self.details.reject()
        self.set_card.close_core()
        self._looks.stop()
        self._errands.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on with what is seen."""
        super().showEvent(event)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look into nothing that nobody sees."""
        super().hideEvent(event)
        self._looks.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look into what is seen now."""
        super().resizeEvent(event)
        self._look()

    def _moved(self) -> None:
        if self.isVisible():
            self.results.show_states()

    def _say(self, words: str) -> None:
        self.status.setText(words)
        self.status.setVisible(bool(words))

    def _begin(self, cursor: str, text: str) -> None:
        if self._search is not None:
            self._search.cancel()
        self._looks.stop()
        self._halted = False
        self.trouble.hide()
        self._say(self.tr("Searching…"))
        self._search = self._errands.spawn(self._run(cursor, text), "search models")

    async def _run(self, cursor: str, text: str) -> None:
        try:
            page = await self._ask(cursor, text)
        except AppError as error:
            self._say("")
            self.trouble.show_error(error, lambda: self._begin(cursor, text))
            return
        if not cursor:
            self.results.clear()
        self._cursor, self._text = page.cursor, text
        self.results.add(page.models, more=bool(page.cursor))
        self._say(self._count(text))
        self._look_soon()

    async def _ask(self, cursor: str, text: str) -> Page:
        """Return what a search finds; the address of a page finds that one."""
        hub = self.core.manager.hub
        if "://" in text:
            return Page((await hub.model(text),), "")
        return await hub.search(text, sort=self.bar.sort, cursor=cursor)

    def _count(self, text: str) -> str:
        count = len(self.results.rows)
        if not count:
            words = self.tr("Nothing was found for “%1”. Fewer or other words may find more.")
            return words.replace("%1", text)
        if count == 1:
            return self.tr("One model was found.")
        if self._cursor:
            return self.tr("The first %1 models are shown.").replace("%1", str(count))
        return self.tr("%1 models were found.").replace("%1", str(count))

    def _look_soon(self) -> None:
        """Look into what is seen once it has its place."""

        async def work() -> None:
            await aio.settle()
            self._look()

        self._errands.spawn(work(), "look into what is seen")

    def _look(self) -> None:
        if self.isVisible() and not self._halted:
            self._looks.want(self.results.unlooked())

    def _found(self, repo: str, found: Repository | AppError) -> None:
        if isinstance(found, HubBusy | HubDown):
            self._looks.stop()
            self._halted = True
            self.results.show_waiting(looking=False)
            self.trouble.show_error(found, self._go_on)
        else:
            self.results.show_found(repo, found)

    def _go_on(self) -> None:
        self._halted = False
        self.results.show_waiting(looking=True)
        self._look()

    def _state(self, bundle: Bundle) -> tuple[Download | None, bool]:
        found = download_of(bundle, self.core.manager.downloads.all)
        return found, is_here(bundle, self.core.paths.models)

    def _get(self, bundle: Bundle) -> None:
        async def work() -> None:
            try:
                await self.core.manager.orders.take(bundle)
            except AppError as error:
                self.trouble.show_error(error, lambda: self._get(bundle))
            self.results.show_states()

        self._errands.spawn(work(), f"get {bundle.label}")

    def _open_page(self, repo: str) -> None:
        async def work() -> None:
            QDesktopServices.openUrl(QUrl(await self.core.manager.hub.page(repo)))

        self._errands.spawn(work(), "open a page of the hub")

    def _open_details(self, repo: str) -> None:
        async def work() -> None:
            around = Surroundings(self.core, self.theme, self._state)
            self.details = Details(repo, around, self)
            self.details.begin(self.results.found(repo))
            try:
                await aio.ask(self.details)
            finally:
                self.details = None

        if self.details is None:
            self._errands.spawn(work(), f"details of {repo}")

    def _show_row(self, row: QWidget) -> None:
        self._area.ensureWidgetVisible(row)

    def _connect_results(self) -> None:
        self.results.get_wanted.connect(self._get)
        self.results.details_wanted.connect(self._open_details)
        self.results.page_wanted.connect(self._open_page)
        self.results.more_wanted.connect(lambda: self._begin(self._cursor, self._text))
        self.results.row_focused.connect(self._show_row)
        self._area.verticalScrollBar().valueChanged.connect(self._look)

    def _lay_out(self) -> None:
        inside = named(QWidget(), "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(_SIDE, _SIDE, _SIDE, _SIDE)
        column.setSpacing(_GAP)
        column.addWidget(self.set_card)
        column.addWidget(self.bar)
        column.addWidget(self.status)
        column.addWidget(self.results)
        column.addStretch()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.trouble)
        layout.addWidget(self._area, 1)
