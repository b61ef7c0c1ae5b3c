"""What every tab of the page of models can do."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.named import named
from app.ui.theme import Theme
from app.wiring import App


class Tab(QWidget):
    """One tab: it tells how many things it has, and shows what there is when it is opened."""

    counted = Signal(int)

    def __init__(self, core: App, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "page")
        self.core = core
        self.theme = theme

    def refresh(self) -> None:
        """Show what there is by now; called when the tab is opened."""

    def close_core(self) -> None:
        """Stop listening: the core is going down."""
