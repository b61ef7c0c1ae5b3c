"""The page of models: a bar of tabs and the tab that is open."""

import shutil

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.amounts import in_words
from app.platform.memory import memory
from app.ui.models.bringing import local_paths
from app.ui.models.coming import DownloadsTab
from app.ui.models.find import FindTab
from app.ui.models.installed import InstalledTab
from app.ui.models.roles import RolesTab
from app.ui.models.tab import Tab
from app.ui.models.tab_bar import TabBar
from app.ui.theme import Theme
from app.wiring import App

_HEADER_PX, _SIDE, _GAP = 48, 20, 12


class ModelsPage(QWidget):
    """Holds the tabs; each of them asks the core by itself."""

    def __init__(self, core: App, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._core = core
        self.installed = InstalledTab(core, theme)
        self.finding = FindTab(core, theme)
        self.coming = DownloadsTab(core, theme)
        self.roles = RolesTab(core, theme)
        self._stack = QStackedWidget()
        self._lay_out()
        self.bar.opened.connect(self._open)
        self.bar.show_place(0)
        self.setAcceptDrops(True)
        for line in self.findChildren(QLineEdit):
            line.setAcceptDrops(False)  # a file that is dropped there is for the page
        self.installed.find_wanted.connect(lambda: self.open_tab(self.finding))
        self.coming.find_wanted.connect(lambda: self.open_tab(self.finding))
        self.coming.roles_wanted.connect(lambda: self.open_tab(self.roles))

    @property
    def tab(self) -> Tab:
        """The tab that is open."""
        tab = self._stack.currentWidget()
        assert isinstance(tab, Tab)
        return tab

    def open_tab(self, tab: Tab) -> None:
        """Show a tab."""
        self._open(self._stack.indexOf(tab))

    def close_core(self) -> None:
        """Stop listening: the core is going down."""
        for tab in self._all:
            tab.close_core()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what there is by now."""
        super().showEvent(event)
        for tab in (self.installed, self.coming):
            if tab is not self.tab:
                tab.count()
        self._open(self._stack.currentIndex())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files of this computer, whatever they are: why one cannot be used is told."""
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Make what was dropped part of the library."""
        event.acceptProposedAction()
        self.open_tab(self.installed)
        self.installed.bring(local_paths(event.mimeData()))

    @property
    def _all(self) -> tuple[Tab, ...]:
        return self.installed, self.finding, self.coming, self.roles

    def _open(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.bar.show_place(place)
        self._tell_free()
        self.tab.refresh()

    def _tell_free(self) -> None:
        disk = shutil.disk_usage(self._core.paths.models.parent).free
        words = self.tr("free: %1 memory").replace("%1", in_words(memory().available))
        self.bar.tell(words + " · " + self.tr("%1 disk").replace("%1", in_words(disk)))

    def _lay_out(self) -> None:
        names = (self.tr("Installed"), self.tr("Find"), self.tr("Downloads"), self.tr("Tiers"))
        self.bar = TabBar(self.tr("Models"), list(zip(self._all, names, strict=True)))
        for tab in self._all:
            self._stack.addWidget(tab)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)
