"""Pages over a real core, drawn offscreen, and waiting for what they show."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication

from app.ui.chat.page import ChatPage
from app.ui.theme import Theme
from app.ui.tiers.page import TiersPage
from app.wiring import App
from tests.ui.conftest import RESOURCES
from tests.ui.core import Core, running_core

Page = TypeVar("Page", ChatPage, TiersPage)


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition; the limit of the test is the limit."""
    while not true():  # noqa: ASYNC110 - what is seen has no event
        await asyncio.sleep(0.005)


@asynccontextmanager
async def shown(
    qapp: QApplication, folder: Path, kind: Callable[[App, Theme], Page], width: int
) -> AsyncIterator[tuple[Core, Page]]:
    """Show a page of a running core, and take it down after the test."""
    async with running_core(folder) as core:
        theme = Theme(qapp, RESOURCES, "light")
        page = kind(core.app, theme)
        page.resize(width, 700)
        page.show()
        try:
            yield core, page
        finally:
            page.close_core()
            page.hide()
            page.deleteLater()
            theme.deleteLater()
