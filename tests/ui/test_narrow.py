"""The page of models in the narrowest window: nothing is cut, in English and in German."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from app.domain.downloads import Part, Wanted
from app.ui import aio
from app.ui.elided import ElidedLabel
from app.ui.models.page import ModelsPage
from app.ui.models.shelf_list import ShelfList
from app.ui.models.shelf_model import NAME
from app.ui.models.tab import Tab
from app.ui.models.tab_bar import TabBar
from tests.fakes.files import Served, content, serving
from tests.ui.conftest import RESOURCES
from tests.ui.finding import opened, searched, small
from tests.ui.managed import managed, shown
from tests.ui.pages import until

# What the rail leaves of the narrowest window.
_NARROWEST_PX = 424
_MIB = 1 << 20


@pytest.fixture(params=["en_GB", "de_AT"])
def _language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    words = QTranslator(qapp)
    if words.load(QLocale(request.param), "echelon", "_", str(RESOURCES / "i18n")):
        qapp.installTranslator(words)
    yield
    QCoreApplication.removeTranslator(words)


@asynccontextmanager
async def filled(qapp: QApplication, folder: Path, width: int) -> AsyncIterator[ModelsPage]:
    """Show the page with models, results and downloads."""
    slow = Served(content(_MIB), rate=_MIB / 100)
    async with (
        serving(a=slow, b=slow) as files,
        managed(folder, small(), small("gated", gated="auto")) as (core, _),
        shown(qapp, core, ModelsPage, width) as page,
    ):
        for name in "ab":
            parts = (Part(files.url(f"/{name}"), f"{name}.gguf"),)
            await core.app.manager.downloads.add(Wanted(name, core.app.paths.models, parts))
        page.open_tab(page.finding)
        await searched(page.finding)
        page.open_tab(page.coming)
        await until(lambda: len(page.coming.rows) == 2)
        page.open_tab(page.installed)
        await until(lambda: bool(page.installed.list.rows.rows))
        page.installed.list.mark(page.installed.list.rows.rows[0].item.path)
        yield page


def cut(view: QWidget) -> list[str]:
    """Return the words of what is narrower than its words, or beyond the edge of the view."""
    found = []
    for each in view.findChildren(QWidget):
        if not isinstance(each, QAbstractButton | QLabel) or not each.isVisible():
            continue
        gives_way = isinstance(each, ElidedLabel) or (isinstance(each, QLabel) and each.wordWrap())
        narrow = not gives_way and each.width() < each.sizeHint().width()
        right = each.mapTo(view, each.rect().topRight()).x()
        if narrow or right >= view.width():
            found.append(each.text())
    return found


@pytest.mark.usefixtures("_language")
async def test_nothing_is_cut_on_any_tab(qapp: QApplication, tmp_path: Path) -> None:
    async with filled(qapp, tmp_path, _NARROWEST_PX) as page:
        tabs: tuple[Tab, ...] = (page.installed, page.finding, page.coming, page.roles)
        for tab in tabs:
            page.open_tab(tab)
            await aio.settle()
            assert cut(page.bar) == []
            assert cut(tab) == []
            for area in tab.findChildren(QScrollArea):
                inside = area.widget()
                assert inside is None or inside.width() <= area.viewport().width()
        page.open_tab(page.finding)
        details = await opened(page.finding, page.finding.results.rows[0])
        assert cut(details) == []


async def test_names_keep_their_room_while_columns_go_and_come_back(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with filled(qapp, tmp_path, _NARROWEST_PX) as page:
        shelf: ShelfList = page.installed.list
        assert shelf.columnWidth(NAME) >= 140
        assert any(shelf.isColumnHidden(at) for at in range(shelf.rows.columnCount()))
        page.resize(1000, 700)
        page.open_tab(page.installed)
        await aio.settle()
        assert not any(shelf.isColumnHidden(at) for at in range(shelf.rows.columnCount()))
        page.open_tab(page.finding)
        await aio.settle()
        row = page.finding.results.rows[0]
        assert row._model.y() == row._verdict.y(), "one line again"


async def test_a_list_stands_for_tabs_that_have_no_room(qapp: QApplication, tmp_path: Path) -> None:
    async with filled(qapp, tmp_path, 1000) as page:
        bar: TabBar = page.bar
        assert bar.title.isVisible()
        assert bar.fact.isVisible()
        assert not bar.choice.isVisible()
        page.setMinimumWidth(1)  # else the words of a tab keep it wider
        page.resize(300, 700)
        assert bar.choice.isVisible()
        assert not any(each.isVisible() for each in bar.buttons.buttons())
        assert bar.choice.currentIndex() == 0
        assert bar.choice.itemText(2) == "Downloads 2"
        bar.choice.setFocus()
        QTest.keyClick(bar.choice, Qt.Key.Key_Down)
        assert page.tab is page.finding
