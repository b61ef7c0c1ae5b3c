"""From a search to an answer: a model is found, judged, fetched, given a role, and asked.

The real window by mouse and keyboard, the real core with llama.cpp; the hub is the fake one.
`ECHELON_PICTURES=FOLDER` keeps pictures of the way; without `QT_QPA_PLATFORM` it is a real screen.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QPlainTextEdit, QWidget

from app.domain.downloads import State
from app.domain.models import Roster
from app.domain.settings import Settings
from app.platform.instance import Instance, Owner
from app.platform.paths import Paths
from app.ui.main_window import MainWindow
from app.ui.models.coming_buttons import Wish
from app.ui.models.save_bar import ChangesDialog
from app.ui.theme import Theme
from app.wiring import App, build
from tests.fakes.hub import FakeRepo, fake_hub
from tests.fakes.manager import USUAL, Place, elsewhere
from tests.ui.conftest import RESOURCES
from tests.ui.finding import said, searched, starter
from tests.ui.pages import until
from tests.ui.roles import answer
from tests.ui.test_chat_page import words

LEFT = Qt.MouseButton.LeftButton
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


def tab(window: MainWindow, words: str) -> QAbstractButton:
    """Return the button of a tab."""
    buttons = window.models.bar.buttons.buttons()
    return next(each for each in buttons if each.text().startswith(words))


async def fetched(core: App, window: MainWindow) -> None:
    """Search by keyboard, read the verdict, get the model by mouse, and wait for it."""
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    await click(tab(window, "Find"))
    (row,) = await searched(window.models.finding, "talker")
    assert any(each.startswith("runs well") for each in said(row))
    await picture(window, "found")
    await click(row.get)
    await until(lambda: [each.state for each in core.manager.downloads.all] == [State.DONE])
    await click(tab(window, "Downloads"))
    await until(lambda: len(window.models.coming.rows) == 1)
    await picture(window, "fetched")


async def cast(window: MainWindow) -> list[str]:
    """Give the front door the new model, from its download on; return what saving says."""
    (download,) = window.models.coming.rows.values()
    await click(download.buttons.others[Wish.ROLE])
    roles = window.models.roles
    assert window.models.tab is roles
    await until(lambda: any(row.name == "front" for row in roles.list.rows))
    roles.list.choose("front")
    box = roles.role_form.model.box
    await until(lambda: box.isEnabled() and _place(box, "talker") >= 0)
    box.setFocus()
    while "talker" not in box.currentText():  # as somebody who walks through the list
        QTest.keyClick(box, Qt.Key.Key_Down)
    await until(roles.bar.save.isEnabled)
    await picture(window, "cast")
    await click(roles.bar.save)
    told = await answer(roles, ChangesDialog, yes=True)
    await until(lambda: not roles.bar.save.isEnabled())
    return told


def _place(box: QComboBox, name: str) -> int:
    return next((at for at in range(box.count()) if name in box.itemText(at)), -1)


async def asked(core: App, window: MainWindow, question: str) -> str:
    """Ask by keyboard and return the model that answered."""
    page = window.page
    assert page is not None
    page.composer.focus()
    line = page.composer.findChild(QPlainTextEdit)
    assert line is not None
    QTest.keyClicks(line, question)
    QTest.keyClick(line, Qt.Key.Key_Return)
    await until(lambda: bool(words(page)) and not core.turns.running)
    await picture(window, "answered")
    (chat,) = await core.conversations.list()
    thread = await core.conversations.thread(chat.id)
    receipt = thread[-1].message.receipt
    assert receipt is not None
    return receipt.attempts[0].model if receipt.attempts else receipt.model


@pytest.mark.timeout(120)
async def test_a_model_is_found_judged_fetched_cast_and_asked(
    qapp: QApplication, tmp_path: Path
) -> None:
    paths = Paths.discover(tmp_path / "data")
    paths.ensure()
    repo = FakeRepo("ada/talker-GGUF", {"talker-Q8_0.gguf": starter("front")})
    nobody = Roster(roles=(), default_role="", source="")
    async with fake_hub(repo) as hub:
        with elsewhere(Place(USUAL, hub.url, nobody), tmp_path / "home"):
            async with opened(qapp, paths, hub.url) as (core, window):
                await fetched(core, window)
                told = await cast(window)
                assert any("talker" in line for line in told)
            async with opened(qapp, paths, hub.url) as (core, window):
                front = core.roster.find("front")
                assert front is not None
                assert front.model.path == paths.models / "talker-Q8_0.gguf"
                assert await asked(core, window, "Hello!") == front.model.name
