"""The whole window of a real core, driven by mouse and keyboard.

`ECHELON_PICTURES=FOLDER` keeps pictures of the way; without `QT_QPA_PLATFORM` it is a real screen.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.domain.chat import StoredMessage
from app.domain.events import TurnFailed, TurnFinished
from app.domain.settings import Settings
from app.platform.instance import Instance, Owner
from app.platform.paths import Paths
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.wiring import App, build
from tests.ui.conftest import RESOURCES
from tests.ui.pages import until

LEFT = Qt.MouseButton.LeftButton
ANSWER_S = 60.0
_pictures = count(1)


@asynccontextmanager
async def opened(
    qapp: QApplication, paths: Paths, hub: str
) -> AsyncIterator[tuple[App, MainWindow]]:
    """Show the whole window of a core that starts engines."""
    owner = Instance.acquire(paths)
    assert isinstance(owner, Owner)
    settings = Settings.model_validate({"hub": hub, "idle_after_s": 0})
    theme = Theme(qapp, RESOURCES, "light")
    window = MainWindow(theme, paths, lambda: None)
    window.show()
    try:
        async with build(settings, paths, owner, has_window=True) as core:
            window.show_core(core)
            try:
                yield core, window
            finally:
                window.close_core()
    finally:
        window.hide()
        window.deleteLater()
        theme.deleteLater()


async def click(widget: QWidget) -> None:
    """Click as soon as there is something to click on."""
    await until(lambda: widget.isVisible() and widget.isEnabled() and widget.width() > 0)
    QTest.mouseClick(widget, LEFT)


async def picture(window: QWidget, name: str) -> None:
    """Keep what the window shows, where somebody wants to look at it."""
    folder = os.environ.get("ECHELON_PICTURES")
    if folder:
        await asyncio.sleep(0.3)
        window.grab().save(f"{folder}/{next(_pictures)}-{name}.png")


async def asked(core: App, window: MainWindow, question: str) -> StoredMessage:
    """Ask by keyboard in the newest chat and return the answer."""
    page = window.page
    assert page is not None
    page.composer.focus()
    line = page.composer.findChild(QPlainTextEdit)
    assert line is not None
    QTest.keyClicks(line, question)
    ended = asyncio.Event()
    leave = [core.bus.on(kind, lambda _: ended.set()) for kind in (TurnFinished, TurnFailed)]
    QTest.keyClick(line, Qt.Key.Key_Return)
    await asyncio.wait_for(ended.wait(), ANSWER_S)
    for each in leave:
        each()
    answers = await _answers(core)
    assert answers
    return answers[-1]


async def _answers(core: App) -> list[StoredMessage]:
    """Return what the newest chat has been answered so far."""
    if not (chats := await core.conversations.list()):
        return []
    thread = await core.conversations.thread(chats[0].id)
    found = [each.message for each in thread if each.message.role == "assistant"]
    return [each for each in found if each.receipt is not None]
