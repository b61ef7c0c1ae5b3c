"""Everything about one repository before any of it is downloaded; Esc closes it."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import AppError
from app.domain.events import DownloadChanged
from app.domain.hub import Bundle
from app.models.hub.prospects import Repository
from app.models.hub.verdict import CONTEXT
from app.ui import aio
from app.ui.chat.answer_body import AnswerBody
from app.ui.chat.prose import Prose
from app.ui.dialogs import Confirm
from app.ui.models import find_words as words
from app.ui.models.errands import Errands
from app.ui.models.folding import Folding
from app.ui.models.hub_trouble import HubTrouble
from app.ui.models.profile_words import about_lines
from app.ui.models.sizes import Sizes, State
from app.ui.named import choice_box, named
from app.ui.said import told
from app.ui.theme import Theme
from app.wiring import App

_CONTEXTS = (4096, CONTEXT, 16384, 32768, 65536, 131072)
_SIDE, _GAP = 20, 14
_SIZE = QSize(980, 720)
# Longer cards take longer to lay out than anybody reads here.
_CARD_MOST = 48 << 10


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the dialog stands on; `state` tells how a model is: its download, and if it is here."""

    core: App
    theme: Theme
    state: State


class Details(QDialog):
    """Asks the hub while it is open, and for nothing afterwards."""

    def __init__(self, repo: str, around: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.repo = repo
        self._core = around.core
        self._theme = around.theme
        self._errands = Errands()
        self._found: Repository | None = None
        self.trouble = HubTrouble(around.core.manager.hub, self._errands)
        self.status = _words("statusLine")
        self.about = _words("describes")
        self.context = self._context_box()
        self.page = QPushButton(self.tr("Open its page"))
        self.page.clicked.connect(self._open_page)
        self.sizes = Sizes(around.theme, around.state)
        self.sizes.get_wanted.connect(self._get)
        self.sizes.hide()
        self.card = AnswerBody(around.theme.tokens)
        self.card.link_wanted.connect(self._open_link)
        self.card_note = _words("describes")
        self._lay_out()
        around.theme.changed.connect(self._restyle)
        self._leave = self._core.bus.on(DownloadChanged, lambda _: self.sizes.show_states())
        self.finished.connect(self._ended)

    def begin(self, found: Repository | None) -> None:
        """Show what has been found already, or look now; the card comes after it."""
        if found is None:
            self._look()
        else:
            self._show(found)
            self._errands.spawn(self._fetch_card(found), f"card of {self.repo}")

    def _look(self) -> None:
        _say(self.status, self.tr("Looking at its files…"))
        self._errands.spawn(self._run(int(self.context.currentData())), f"details of {self.repo}")

    async def _run(self, context: int) -> None:
        try:
            found = await self._core.manager.prospector.look(self.repo, context)
        except AppError as error:
            _say(self.status, "")
            self.trouble.show_error(error, self._look)
            return
        if context != int(self.context.currentData()):
            return  # another one was chosen meanwhile, and is looked for
        self._show(found)
        if not self.card.views:
            await self._fetch_card(found)

    def _show(self, found: Repository) -> None:
        self._found = found
        _say(self.status, "" if found.prospects else self.tr("It holds no GGUF model."))
        _say(self.about, "\n".join(about_lines(found)))
        self.sizes.show_repository(found, int(self.context.currentData()))

    async def _fetch_card(self, found: Repository) -> None:
        try:
            card = await self._core.manager.hub.card(found.model)
        except AppError as error:
            words = self.tr("Its card could not be had: %1")
            _say(self.card_note, words.replace("%1", told(error)))
            return
        if not card:
            _say(self.card_note, self.tr("Its author has written nothing about it."))
            return
        self.card.show_whole(_beginning(card))
        for view in self.card.views:
            if isinstance(view, Prose):
                view.setAccessibleName(self.tr("What its author says"))
        cut = len(card) > _CARD_MOST
        _say(self.card_note, self.tr("The rest stands on its page.") if cut else "")

    def _get(self, bundle: Bundle) -> None:
        async def work() -> None:
            try:
                await self._core.manager.orders.take(bundle)
            except AppError as error:
                self.trouble.show_error(error, lambda: self._get(bundle))
            self.sizes.show_states()

        self._errands.spawn(work(), f"get {bundle.label}")

    def _open_page(self) -> None:
        async def work() -> None:
            QDesktopServices.openUrl(QUrl(await self._core.manager.hub.page(self.repo)))

        self._errands.spawn(work(), "open a page of the hub")

    def _open_link(self, target: str) -> None:
        async def work() -> None:
            question = self.tr("Open this link in your browser?") + f"\n\n{target}"
            if await aio.ask(Confirm(question, self.tr("Open"), self)):
                QDesktopServices.openUrl(QUrl(target))

        self._errands.spawn(work(), "open a link of a card")

    def _restyle(self) -> None:
        self.card.restyle(self._theme.tokens)
        if self._found is not None:
            self.sizes.show_repository(self._found, int(self.context.currentData()))

    def _ended(self) -> None:
        self._leave()
        self._errands.stop()

    def _context_box(self) -> QComboBox:
        box = choice_box(self.tr("Context the verdicts are for"))
        for context in _CONTEXTS:
            told = self.tr("%1 context").replace("%1", words.context_words(context))
            box.addItem(told, context)
        box.setCurrentIndex(_CONTEXTS.index(CONTEXT))
        box.activated.connect(self._look)
        return box

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons below the name where it is narrow."""
        super().resizeEvent(event)
        self._top.fit(self.width())

    def _lay_out(self) -> None:
        self.setWindowTitle(words.name_of(self.repo))
        around = self.parentWidget()
        room = around.window().size() if around is not None else _SIZE
        self.resize(_SIZE.boundedTo(room - QSize(2 * _SIDE, 2 * _SIDE)))
        inside = named(QWidget(), "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(_SIDE, _SIDE, _SIDE, _SIDE)
        column.setSpacing(_GAP)
        for part in (self.about, self.status, self.sizes, self.card, self.card_note):
            column.addWidget(part)
        column.addStretch()
        area = QScrollArea()
        area.setAccessibleName(self.tr("Details"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        self._top = self._head()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._top)
        layout.addWidget(self.trouble)
        layout.addWidget(area, 1)

    def _head(self) -> Folding:
        title = named(QLabel(self.repo), "title")
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        close.setDefault(True)  # else Enter would press the first button there is
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for part in (self.context, self.page, close):
            buttons.addWidget(part)
        row = Folding(8)
        row.setContentsMargins(_SIDE, _GAP, _SIDE, 0)
        row.addWidget(title, 1)
        row.addLayout(buttons)
        return row


def _words(name: str) -> QLabel:
    label = named(QLabel(), name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.hide()
    return label


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _beginning(card: str) -> str:
    """Return as much of a card as is shown, cut at the end of a line."""
    if len(card) <= _CARD_MOST:
        return card
    return card[:_CARD_MOST].rpartition("\n")[0] or card[:_CARD_MOST]
