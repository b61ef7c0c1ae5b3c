"""The page of memories over a real core, and what its tests ask of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.domain.memories import Filter, Memory, NewMemory
from app.ui.memories.list_tab import ListTab
from app.ui.memories.page import MemoriesPage
from app.ui.theme import Theme
from tests.ui.conftest import RESOURCES
from tests.ui.core import Core, running_core
from tests.ui.pages import until

LISBON = "I live in Lisbon."
TEA = "I like green tea."
SHIP = "The ship sails on Friday."


@asynccontextmanager
async def remembering(
    qapp: QApplication, folder: Path, *new: NewMemory, width: int = 1000
) -> AsyncIterator[tuple[Core, MemoriesPage]]:
    """Show the page of a core that remembers these."""
    async with running_core(folder) as core:
        if new:
            await core.app.memories.store.add(new)
        theme = Theme(qapp, RESOURCES, "light")
        page = MemoriesPage(core.app, theme)
        page.resize(width, 760)
        page.show()
        try:
            await until(lambda: page.kept.nothing.text() != "" or bool(texts(page.kept)))
            yield core, page
        finally:
            page.close_core()
            page.hide()
            page.deleteLater()
            theme.deleteLater()


async def listed(tab: ListTab, *expected: str) -> None:
    await until(lambda: texts(tab) == list(expected))


def fact(text: str, **more: object) -> NewMemory:
    return NewMemory.model_validate({"scope": "everywhere", "text": text} | more)


def texts(tab: ListTab) -> list[str]:
    rows = tab.list.rows
    found = [rows.memory(row) for row in range(rows.rowCount())]
    return [memory.text for memory in found if memory is not None]


def choose(tab: ListTab, *wanted: str) -> None:
    found = [tab.list.rows.memory(row) for row in range(tab.list.rows.rowCount())]
    tab.list.choose([each.id for each in found if each and each.text in wanted], 0)


async def of(core: Core, text: str) -> Memory:
    page = await core.app.memories.store.find(Filter(text=text))
    (memory,) = page.memories
    return memory
