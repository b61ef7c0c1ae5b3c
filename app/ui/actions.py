"""Every command of the window once: its words, its shortcut, what it does."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the user can do."""

    text: str
    shortcut: str
    run: Callable[[], object]


def install(commands: list[Command], window: QWidget) -> list[QAction]:
    """Make the commands work anywhere in the window and return their actions for menus."""
    actions = []
    for command in commands:
        action = QAction(command.text, window)
        action.setShortcut(QKeySequence(command.shortcut))
        run = command.run
        action.triggered.connect(lambda _=False, run=run: run())
        window.addAction(action)
        actions.append(action)
    return actions
