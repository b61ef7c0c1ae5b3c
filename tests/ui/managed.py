"""A window's core whose model manager speaks to the fake hub, and pages over it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication

from app.domain.models import Roster
from app.ui.models.page import ModelsPage
from app.ui.models.tab import Tab
from app.ui.theme import Theme
from app.wiring import App
from tests.fakes.hub import FakeHub, FakeRepo, fake_hub
from tests.fakes.manager import USUAL, Computer, Place
from tests.ui.conftest import RESOURCES
from tests.ui.core import ROSTER, Core, running_core

Page = TypeVar("Page", bound=ModelsPage | Tab)


@asynccontextmanager
async def managed(
    folder: Path,
    *repos: FakeRepo,
    roster: Roster = ROSTER,
    computer: Computer = USUAL,
) -> AsyncIterator[tuple[Core, FakeHub]]:
    """Run a core, and a hub that holds these repositories."""
    async with fake_hub(*repos) as hub:
        place = Place(computer, hub.url, roster)
        async with running_core(folder / "data", place=place) as core:
            yield core, hub


@asynccontextmanager
async def shown(
    qapp: QApplication, core: Core, kind: Callable[[App, Theme], Page], width: int = 1000
) -> AsyncIterator[Page]:
    """Show a page or a tab of a running core, and take it down afterwards."""
    theme = Theme(qapp, RESOURCES, "light")
    page = kind(core.app, theme)
    page.resize(width, 700)
    page.show()
    try:
        yield page
    finally:
        page.close_core()
        page.hide()
        page.deleteLater()
        theme.deleteLater()
