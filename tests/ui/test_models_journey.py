"""From a search to an answer: a model is found, judged, fetched, given a role, and asked.

The real window by mouse and keyboard, the real core with llama.cpp; the hub is the fake one.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox

from app.domain.downloads import State
from app.domain.models import Roster
from app.platform.paths import Paths
from app.ui.main_window import MainWindow
from app.ui.models.coming_buttons import Wish
from app.ui.models.save_bar import ChangesDialog
from app.wiring import App
from tests.fakes.hub import FakeRepo, fake_hub
from tests.fakes.manager import USUAL, Place, elsewhere
from tests.ui.finding import said, searched, starter
from tests.ui.pages import until
from tests.ui.roles import answer
from tests.ui.whole import asked, click, opened, picture


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
                said_by = (await asked(core, window, "Hello!")).receipt
                await picture(window, "answered")
                assert said_by is not None
                first = said_by.attempts[0].model if said_by.attempts else said_by.model
                assert first == front.model.name
