"""The button that says how far the memory of a chat reaches, and changes it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.domain.memories import ChatScope, ScopeMode


class ReachButton(QToolButton):
    """Shows a scope; `chosen` carries the mode that is wanted instead."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reach")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._modes: dict[ScopeMode, QAction] = {}
        menu, group = QMenu(self), QActionGroup(self)
        for mode, words in (
            (ScopeMode.OFF, self.tr("Off")),
            (ScopeMode.CHAT, self.tr("This chat")),
            (ScopeMode.FOLDER, self.tr("Folder…")),
            (ScopeMode.EVERYWHERE, self.tr("Everywhere")),
        ):
            action = menu.addAction(words)
            action.setCheckable(True)
            action.triggered.connect(lambda _, mode=mode: self.chosen.emit(mode.value))
            group.addAction(action)
            self._modes[mode] = action
        self.setMenu(menu)
        self.show_scope(ChatScope())

    def action(self, mode: ScopeMode) -> QAction:
        """Return what chooses a mode."""
        return self._modes[mode]

    def show_scope(self, scope: ChatScope) -> None:
        """Show how far memory reaches now."""
        self._modes[scope.mode].setChecked(True)
        words = {
            ScopeMode.OFF: self.tr("Memory: off"),
            ScopeMode.CHAT: self.tr("Memory: this chat"),
            ScopeMode.FOLDER: self.tr("Memory: %1").replace("%1", scope.folder),
            ScopeMode.EVERYWHERE: self.tr("Memory: everywhere"),
        }[scope.mode]
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(self.tr("From where this chat recalls, and where it is remembered"))
