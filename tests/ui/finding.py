"""The tab that finds models over the fake hub, and what tests do with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.ui.models.details import Details
from app.ui.models.find import FindTab
from app.ui.models.find_rows import Row
from tests.fakes.hub import FakeHub, FakeRepo
from tests.ui.conftest import RESOURCES
from tests.ui.core import Core
from tests.ui.managed import managed, shown
from tests.ui.pages import until


def starter(name: str) -> bytes:
    return (RESOURCES / "models" / f"{name}.gguf").read_bytes()


def small(name: str = "small", **fields: Any) -> FakeRepo:
    return FakeRepo(f"ada/{name}-GGUF", {f"{name}-Q8_0.gguf": starter("draft")}, **fields)


@asynccontextmanager
async def finding(
    qapp: QApplication, folder: Path, *repos: FakeRepo, width: int = 1200
) -> AsyncIterator[tuple[FindTab, Core, FakeHub]]:
    """Show the tab over a hub with these repositories."""
    async with managed(folder, *repos) as (core, hub), shown(qapp, core, FindTab, width) as tab:
        yield tab, core, hub


async def searched(tab: FindTab, text: str = "") -> list[Row]:
    """Search with the keyboard; return the rows once all of them have been looked into."""
    tab.bar.line.setText(text)
    QTest.keyClick(tab.bar.line, Qt.Key.Key_Return)
    await until(
        lambda: "…" not in tab.status.text() and all(row.looked for row in tab.results.rows)
    )
    return tab.results.rows


def said(row: Row) -> list[str]:
    return [label.text() for label in row.findChildren(QLabel) if label.isVisible()]


async def opened(tab: FindTab, row: Row) -> Details:
    """Open the details of a row with the keyboard, and wait until all of them are there."""
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    await until(lambda: tab.details is not None and bool(tab.details.sizes.rows))
    assert tab.details is not None
    return tab.details
