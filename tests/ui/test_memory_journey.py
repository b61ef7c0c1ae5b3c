"""Told in one run of the window, known in the next, corrected, forgotten.

The real window by keyboard and mouse, the real core with the starter models.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.memories import Filter, MemoryKind, MemoryStatus
from app.platform.paths import Paths
from app.ui.main_window import MainWindow
from app.wiring import App
from tests.ui.pages import until
from tests.ui.whole import asked, opened, picture

NO_HUB = "http://127.0.0.1:1"


async def facts(core: App) -> list[str]:
    """Return the facts that are kept."""
    page = await core.memories.store.find(
        Filter(kinds=(MemoryKind.FACT,), statuses=(MemoryStatus.ACTIVE,))
    )
    return [each.text for each in page.memories]


def new_chat(window: MainWindow) -> None:
    """Begin a new chat by keyboard."""
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.timeout(120)
async def test_what_is_told_is_known_after_a_restart_is_corrected_and_is_forgotten(
    qapp: QApplication, tmp_path: Path
) -> None:
    paths = Paths.discover(tmp_path / "data")
    paths.ensure()
    async with opened(qapp, paths, NO_HUB) as (core, window):
        assert "Jonas" in (await asked(core, window, "Remember that my name is Jonas")).content
        await picture(window, "told")
        assert await facts(core) == ["My name is Jonas."]
    async with opened(qapp, paths, NO_HUB) as (core, window):
        new_chat(window)
        answer = await asked(core, window, "What is my name?")
        await picture(window, "known")
        assert answer.receipt is not None
        assert answer.receipt.memories
        assert "Jonas" in answer.content
        assert "Nadia" in (await asked(core, window, "Remember that my name is Nadia")).content
        assert await facts(core) == ["My name is Nadia."]
        QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        kept = window.memories.kept.list.rows
        await until(lambda: kept.rowCount() > 0)
        await picture(window, "on-its-page")
        QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        await asked(core, window, "Forget that my name is Nadia")
        assert await facts(core) == []
        new_chat(window)
        answer = await asked(core, window, "What is my name?")
        await picture(window, "forgotten")
        assert "Nadia" not in answer.content
