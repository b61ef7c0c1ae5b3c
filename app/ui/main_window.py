"""The window: rail, list, page. It assembles; the pages work."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import AppError
from app.domain.events import (
    ConversationChanged,
    NoticeRaised,
    RosterChanged,
    ServerState,
    ServerStateChanged,
    WindowRequested,
)
from app.platform.paths import Paths
from app.ui import aio
from app.ui.actions import Command, install
from app.ui.chat.page import ChatPage
from app.ui.chat.sidebar import Sidebar
from app.ui.dialogs import AskText, Confirm
from app.ui.icons import SIZE, icon
from app.ui.memories.page import MemoriesPage
from app.ui.memory import Memory
from app.ui.models.page import ModelsPage
from app.ui.named import named, text_button
from app.ui.notices import NoticeBar
from app.ui.said import said
from app.ui.server_pills import ServerPills
from app.ui.set_aside import SetAside
from app.ui.settings_page import SettingsPage
from app.ui.start_problem import StartProblem
from app.ui.theme import Theme
from app.ui.tiers.page import TiersPage
from app.wiring import App

FOLD_BELOW_PX = 900
_PILLS_FROM_PX = 640
_RAIL_PX = 56
# What the desktop may draw around the window.
_FRAME_PX = 48
_CHAT, _MODELS, _TIERS, _MEMORY, _SETTINGS = range(5)


class MainWindow(QMainWindow):
    """The whole window; `show_core` fills it, `close_core` empties it, closing asks to quit."""

    def __init__(self, theme: Theme, paths: Paths, quit_wanted: Callable[[], None]) -> None:
        super().__init__()
        self.setWindowTitle("Echelon")
        self.setWindowIcon(QIcon(str(paths.resources / "icons" / "echelon.svg")))
        self.resize(1280, 800)
        self.setMinimumSize(480, 400)
        self._theme = theme
        self._resources = paths.resources
        self._memory = Memory(paths)
        self.restoreGeometry(self._memory.geometry)
        self._quit_wanted = quit_wanted
        self._core: App | None = None
        self._leave: list[Callable[[], None]] = []
        self.notices = NoticeBar()
        self.sidebar = Sidebar()
        self.page: ChatPage | None = None
        self._list_wanted = True
        self._pages = QStackedWidget()
        self.problem = StartProblem()
        self.problem.quit_wanted.connect(quit_wanted)
        self._list_button = self._make_list_button()
        self._rail = self._make_rail()
        self._rail.setEnabled(False)
        self._lay_out()
        self._connect_sidebar()
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def fit_screen(self) -> None:
        """Be no larger than the screen has room for."""
        room = self.screen().availableSize() - QSize(0, _FRAME_PX)
        self.resize(self.size().boundedTo(room))

    def show_core(self, core: App) -> None:
        """Show what the core has; from now on the window works."""
        self._core = core
        self._pages.removeWidget(self.problem)
        self._rail.setEnabled(True)
        self._memory = Memory(core.paths)
        if core.settings.theme == "system":
            self._theme.choose(self._memory.theme)
        self.page = ChatPage(core, self._theme)
        self.page.header.insertWidget(0, self._list_button)
        self.page.opened.connect(self.sidebar.select)
        self.page.memory_short.connect(self._offer_to_load)
        self._pills = ServerPills(core.roster, self._theme)
        for state in core.engines.states.values():
            self._pills.show_state(state)
        self.page.header.addWidget(self._pills)
        self.page.header.addWidget(self._menu_button())
        self._pages.addWidget(self.page)
        self.models = ModelsPage(core, self._theme)
        self.tiers = TiersPage(core, self._theme)
        self.memories = MemoriesPage(core, self._theme)
        self.memories.origin_wanted.connect(self._show_origin)
        self.page.memory.show_wanted.connect(self._show_memory)
        for page in (self.models, self.tiers, self.memories):
            self._pages.addWidget(page)
        self._settings = SettingsPage(core, self._theme, self._memory)
        self._pages.addWidget(self._settings)
        self._set_aside = SetAside(core, self.notices, self._find_model, self)
        self._leave = [
            core.bus.on(ConversationChanged, lambda _: self._list_changed()),
            core.bus.on(NoticeRaised, self._notice_raised),
            core.bus.on(ServerStateChanged, self._server_changed),
            core.bus.on(RosterChanged, lambda _: self._roles_changed()),
            core.bus.on(WindowRequested, lambda _: self.come_forward()),
        ]
        self._list_changed()
        self._fold()
        self.page.composer.focus()

    def _notice_raised(self, event: NoticeRaised) -> None:
        self.notices.tell(said(event.message), said(event.remedy))

    def close_core(self) -> None:
        """Forget the core; it is going down."""
        for leave in self._leave:
            leave()
        if self.page is not None:
            for page in (self.page, self.models, self.tiers, self.memories):
                page.close_core()
        self._core = None

    async def show_problem(self, error: AppError) -> None:
        """Say why the core could not start, and wait until the user wants another try."""
        self._pages.addWidget(self.problem)
        self._pages.setCurrentWidget(self.problem)
        self.problem.tell(error)
        self._fold()
        again = asyncio.Event()
        self.problem.again_wanted.connect(again.set)
        await again.wait()

    def come_forward(self) -> None:
        """Come to the front: somebody started the program again."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide at once and let the program end in order."""
        event.ignore()
        if self._core is not None:
            self._memory.geometry = self.saveGeometry()
        self.hide()
        self._quit_wanted()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the list away where it would crowd the page."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        chat = self._pages.currentIndex() == _CHAT and self.problem.isHidden()
        wide = self.width() >= FOLD_BELOW_PX
        self._show_list(shown=chat and self._list_wanted and wide)
        if self._core is not None:
            self._pills.setVisible(self.width() >= _PILLS_FROM_PX)

    def _show_list(self, *, shown: bool) -> None:
        self.sidebar.setVisible(shown)
        self._list_button.setVisible(not shown)

    def _make_rail(self) -> QFrame:
        rail = named(QFrame(), "rail")
        rail.setFixedWidth(_RAIL_PX)
        column = QVBoxLayout(rail)
        column.setContentsMargins(8, 14, 8, 14)
        column.setSpacing(8)
        self._tabs = QButtonGroup(rail)
        for place, (name, words) in enumerate(
            (
                ("chat", self.tr("Chat")),
                ("models", self.tr("Models")),
                ("tiers", self.tr("Tiers")),
                ("memory", self.tr("Memory")),
                ("settings", self.tr("Settings")),
            )
        ):
            button = QToolButton(rail)
            button.setCheckable(True)
            button.setIconSize(QSize(SIZE, SIZE))
            button.setFixedSize(38, 38)
            button.setToolTip(words)
            button.setAccessibleName(words)
            button.setProperty("drawing", name)
            self._tabs.addButton(button, place)
            column.addWidget(button)
        column.addStretch()
        self._tabs.button(_CHAT).setChecked(True)
        self._tabs.idClicked.connect(self._show_page)
        return rail

    def _make_list_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setIconSize(QSize(SIZE, SIZE))
        button.setToolTip(self.tr("Show the list of chats"))
        button.setAccessibleName(self.tr("Show the list of chats"))
        button.clicked.connect(self._toggle_list)
        return button

    def _lay_out(self) -> None:
        right = named(QWidget(), "page")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self._pages, 1)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for part in (self._rail, self.sidebar):
            row.addWidget(part)
        row.addWidget(right, 1)
        self.setCentralWidget(middle)

    def _menu_button(self) -> QToolButton:
        page = self.page
        assert page is not None
        commands = [
            Command(self.tr("New chat"), "Ctrl+N", lambda: self._open("")),
            Command(self.tr("New temporary chat"), "Ctrl+Shift+N", self._open_temporary),
            Command(self.tr("Search chats"), "Ctrl+K", self._search),
            Command(self.tr("Write a message"), "Ctrl+L", self._write),
            Command(self.tr("Stop the answer"), "Esc", page.stop),
            Command(self.tr("Answer again"), "Ctrl+Shift+R", page.again),
            Command(self.tr("Show or hide the list"), "Ctrl+B", self._toggle_list),
            Command(self.tr("Models"), "Ctrl+M", lambda: self._show_page(_MODELS)),
            Command(self.tr("Tiers"), "Ctrl+T", lambda: self._show_page(_TIERS)),
            Command(self.tr("Memory"), "Ctrl+Y", lambda: self._show_page(_MEMORY)),
            Command(self.tr("Settings"), "Ctrl+,", lambda: self._show_page(_SETTINGS)),
            Command(self.tr("Quit"), "Ctrl+Q", self._quit_wanted),
        ]
        button = text_button("⋯")
        button.setAccessibleName(self.tr("Menu"))
        button.setToolTip(self.tr("Menu"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addActions(install(commands, self))
        button.setMenu(menu)
        return button

    def _connect_sidebar(self) -> None:
        self.sidebar.chosen.connect(lambda chosen: self._open(chosen, write=False))
        self.sidebar.clicked.connect(self._write)
        self.sidebar.new_wanted.connect(lambda: self._open(""))
        self.sidebar.rename_wanted.connect(
            lambda wanted: aio.spawn(self._rename(wanted), "rename chat")
        )
        self.sidebar.delete_wanted.connect(
            lambda wanted: aio.spawn(self._delete(wanted), "delete chat")
        )

    def _draw_icons(self) -> None:
        tokens = self._theme.tokens
        self._list_button.setIcon(icon(self._resources, "list", tokens.dim))
        for button in self._tabs.buttons():
            name = str(button.property("drawing"))
            button.setIcon(
                icon(self._resources, name, tokens.accent if button.isChecked() else tokens.dim)
            )

    def _show_page(self, place: int) -> None:
        self._tabs.button(place).setChecked(True)
        self._pages.setCurrentIndex(place)
        self._draw_icons()
        self._fold()

    def _open(self, conversation_id: str, *, write: bool = True) -> None:
        if self.page is not None:
            self._show_page(_CHAT)
            self.page.open(conversation_id)
            if write:
                self._write()

    def _open_temporary(self) -> None:
        if self.page is not None:
            self.page.open_temporary()
            self._write()

    def _show_origin(self, conversation_id: str, message_id: str) -> None:
        self._open(conversation_id, write=False)
        if self.page is not None:
            self.page.transcript.look_at(message_id)

    def _write(self) -> None:
        if self.page is not None:
            self._show_page(_CHAT)
            self.page.composer.focus()

    def _search(self) -> None:
        self._show_page(_CHAT)
        self._show_list(shown=True)
        self.sidebar.search()

    def _toggle_list(self) -> None:
        shown = not self.sidebar.isVisible()
        if self.width() >= FOLD_BELOW_PX:
            self._list_wanted = shown
        self._show_list(shown=shown)

    def _list_changed(self) -> None:
        aio.spawn(self._fill_list(), "list chats")

    async def _fill_list(self) -> None:
        if self._core is not None:
            self.sidebar.show_conversations(await self._core.conversations.list())

    def _roles_changed(self) -> None:
        assert self._core is not None
        assert self.page is not None
        self._pills.follow()
        self.page.composer.offer_roles(self._core.roster.answering)
        self._settings.follow()

    def _server_changed(self, event: ServerStateChanged) -> None:
        self._pills.show_state(event)
        if event.state is ServerState.QUARANTINED:
            self._set_aside.tell(event)

    def _find_model(self, name: str) -> None:
        self._show_page(_MODELS)
        self.models.open_tab(self.models.finding)
        self.models.finding.search_for(name)

    def _show_memory(self, memory_id: int) -> None:
        self._show_page(_MEMORY)
        self.memories.show_memory(memory_id)

    def _offer_to_load(self, message: str, message_id: str) -> None:
        if (page := self.page) is not None:
            self.notices.tell(
                message,
                button=self.tr("Load anyway"),
                action=lambda: page.regenerate(message_id, load_anyway=True),
            )

    async def _rename(self, conversation_id: str) -> None:
        if self._core is None:
            return
        title = (await self._core.conversations.get(conversation_id)).title
        dialog = AskText(self.tr("Title of this chat"), title, self.tr("Rename"), self)
        if await aio.ask(dialog) and dialog.text:
            await self._core.conversations.rename(conversation_id, dialog.text)

    async def _delete(self, conversation_id: str) -> None:
        if self._core is None:
            return
        title = (await self._core.conversations.get(conversation_id)).title
        question = self.tr("Delete “%1” with all its messages?").replace("%1", title)
        if await aio.ask(Confirm(question, self.tr("Delete"), self)):
            await self._core.chats.delete(conversation_id)
