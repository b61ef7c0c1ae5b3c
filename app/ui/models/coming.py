"""Downloads: what each is doing, and how long it will take."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.amounts import in_words
from app.domain.downloads import Download
from app.domain.events import DownloadChanged, DownloadLimitChanged
from app.domain.names import printable
from app.ui import aio
from app.ui.dialogs import Confirm
from app.ui.models.coming_buttons import Wish
from app.ui.models.coming_drag import DropLine
from app.ui.models.coming_limit import LimitField
from app.ui.models.coming_row import DownloadRow
from app.ui.models.coming_words import is_open
from app.ui.models.errands import Errands
from app.ui.models.places import show_in_folder
from app.ui.models.shelf_bar import Nothing
from app.ui.models.tab import Tab
from app.ui.named import named
from app.ui.notices import NoticeBar
from app.ui.theme import Theme
from app.wiring import App

# As often as an eye can follow figures.
REFRESH_MS = 250
_SIDE, _GAP = 20, 14


class DownloadsTab(Tab):
    """Downloads: what each is doing, and how long it will take."""

    find_wanted = Signal()
    roles_wanted = Signal()

    def __init__(self, core: App, theme: Theme) -> None:
        super().__init__(core, theme)
        self._downloads = core.manager.downloads
        self._known = {each.id: each for each in self._downloads.all}
        self.rows: dict[str, DownloadRow] = {}
        self.notices = NoticeBar()
        self._errands = Errands(self.notices.tell_error)
        self.limit = LimitField()
        self.nothing = Nothing(self.tr("Nothing is being downloaded."))
        self._stack = QStackedWidget()
        self._area = QScrollArea()
        self._page = named(QWidget(), "page")
        self._column = QVBoxLayout()
        self.line = DropLine(self._page)
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self._show)
        self._lay_out()
        self.limit.limited.connect(self._set_limit)
        self.limit.show_limit(core.manager.allowance.mb)
        self.nothing.find_wanted.connect(self.find_wanted)
        self._leave = (
            core.bus.on(DownloadChanged, self._changed),
            core.bus.on(DownloadLimitChanged, lambda event: self.limit.show_limit(event.mb)),
        )

    @property
    def order(self) -> list[str]:
        """The downloads as they stand below each other, by id."""
        return list(self.rows)

    def refresh(self) -> None:
        """Show the queue, and then what has ended, the newest first."""
        self.count()
        waited_for = [each.id for each in self._known.values() if is_open(each)]
        ended = [each.id for each in self._known.values() if not is_open(each)]
        self._arrange([*waited_for, *reversed(ended)])

    def count(self) -> None:
        """Tell how many downloads somebody may still wait for."""
        self._known = {each.id: each for each in self._downloads.all}
        self._tell_count()

    def close_core(self) -> None:
        """Stop listening: the core is going down."""
        for leave in self._leave:
            leave()
        self._timer.stop()
        self._errands.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what happened while nobody looked."""
        super().showEvent(event)
        self._show()

    def _set_limit(self, mb: float) -> None:
        self._errands.spawn(self.core.manager.allowance.set(mb), "limit downloads")

    def _changed(self, event: DownloadChanged) -> None:
        before = self._known.get(event.download.id)
        self._known[event.download.id] = event.download
        if before is None or is_open(before) != is_open(event.download):
            self._tell_count()
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _tell_count(self) -> None:
        self.counted.emit(sum(is_open(each) for each in self._known.values()))

    def _show(self) -> None:
        """Show how all are now; what is new comes last, so that nothing moves."""
        fresh = [each for each in self._known if each not in self.rows]
        if fresh:
            self._arrange([*self.rows, *fresh])
            return
        for download in self._known.values():
            if self.rows[download.id].download != download:
                self.rows[download.id].show_download(download)

    def _arrange(self, order: list[str]) -> None:
        """Put rows below each other in an order."""
        rows = {each: self.rows.get(each) or self._row(self._known[each]) for each in order}
        for gone in self.rows.keys() - rows:
            self.rows[gone].deleteLater()
        self.rows = rows
        for place, row in enumerate(rows.values()):
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
        above: QWidget = self.limit.line
        for row in rows.values():
            above = row.follow(above)
        self._stack.setCurrentIndex(0 if rows else 1)
        self._show()

    def _row(self, download: Download) -> DownloadRow:
        row = DownloadRow(download)
        row.wished.connect(lambda wish: self._wished(row, Wish(wish)))
        row.stepped.connect(lambda step: self._step(row, step))
        row.dragged.connect(self._dragged)
        row.dropped.connect(lambda put: self._dropped(row, put=put))
        return row

    def _step(self, row: DownloadRow, step: int) -> None:
        """Give the keys to the row above or below."""
        rows = list(self.rows.values())
        place = rows.index(row) + step
        if 0 <= place < len(rows):
            rows[place].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(rows[place])

    def _wished(self, row: DownloadRow, wish: Wish) -> None:
        download = row.download
        queue = self._downloads
        by_queue = {
            Wish.PAUSE: queue.pause,
            Wish.RESUME: queue.resume,
            Wish.RETRY: queue.retry,
        }
        if wish in by_queue:
            self._errands.spawn(self._steer(by_queue[wish], download.id), f"{wish} a download")
        elif wish is Wish.CANCEL:
            self._errands.spawn(self._cancel(download), "cancel a download")
        elif wish in {Wish.UP, Wish.DOWN}:
            self._put(row, -1 if wish is Wish.UP else 1)
        elif wish is Wish.SHOW:
            show_in_folder(download.folder / download.names[0])
        else:
            self.roles_wanted.emit()

    async def _steer(self, wish: Callable[[str], Awaitable[Download]], download_id: str) -> None:
        await wish(download_id)
        self._show()

    async def _cancel(self, download: Download) -> None:
        if download.done:
            words = self.tr("Cancel “%1”? %2 that are here are thrown away.")
            words = words.replace("%1", printable(download.label))
            question = Confirm(
                words.replace("%2", in_words(download.done)), self.tr("Cancel the download"), self
            )
            if not await aio.ask(question):
                return
        await self._steer(self._downloads.cancel, download.id)

    def _waited_for(self) -> list[DownloadRow]:
        """Return the rows that have a place in the queue."""
        return [row for row in self.rows.values() if is_open(self._known[row.download.id])]

    def _dragged(self, where: QPoint) -> None:
        """Show where a row would go, and come along at the edges."""
        self.line.show_at(where, self._waited_for())
        self._area.ensureVisible(0, self._page.mapFromGlobal(where).y(), 0, _GAP)

    def _dropped(self, row: DownloadRow, *, put: bool) -> None:
        self.line.hide()
        rows = self._waited_for()
        if put and row in rows:
            # The gaps below a row are one further up as soon as it is taken out.
            here, gap = rows.index(row), self.line.place
            self._put(row, gap - (here < gap) - here)

    def _put(self, row: DownloadRow, steps: int) -> None:
        """Take a row some steps down the queue, or up."""
        rows = self._waited_for()
        if row in rows:
            work = self._move(row, rows.index(row) + steps)
            self._errands.spawn(work, "move a download")

    async def _move(self, row: DownloadRow, place: int) -> None:
        """Give a download another place among those that are waited for."""
        order = [each.download.id for each in self._waited_for()]
        here = row.download.id
        if not 0 <= place < len(order) or order.index(here) == place:
            return
        slots = iter(order.copy())
        order.remove(here)
        order.insert(place, here)
        below = order[place + 1] if place + 1 < len(order) else None
        await self._downloads.move(here, before=below)
        changed = dict(zip(slots, order, strict=True))
        self._arrange([changed.get(each, each) for each in self.rows])
        self._area.ensureWidgetVisible(row)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addStretch(1)
        head.addWidget(self.limit)
        inside = QVBoxLayout(self._page)
        inside.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)
        inside.addLayout(self._column)
        inside.addStretch()
        self._area.setAccessibleName(self.tr("Downloads"))
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._page)
        for each in (self._area, self.nothing):
            self._stack.addWidget(each)
        column = QVBoxLayout()
        column.setContentsMargins(_SIDE, _GAP, _SIDE, _GAP)
        column.setSpacing(_GAP)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notices)
        whole.addLayout(column, 1)
