"""The tab of tiers over a real registry file, and hands for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
)

from app.ui.models.fields import Field, NumberField
from app.ui.models.roles import RolesTab
from tests.fakes.manager import GIB, Computer
from tests.ui.core import Core
from tests.ui.managed import managed, shown
from tests.ui.pages import until

OWN = dedent(
    """\
    # What my computer runs.
    default_role: front   # odd order, on purpose
    roles:
      expert: {tier: B, model: big}
      front:
        timeouts: {stall_s: 5}
        tier: A
        model: small
        escalation: [helper, expert]
      helper:
        tier: C   # in between
        model: middle
      far: {tier: B, model: elsewhere}
      draft: {tier: D, model: tiny}
    models:
      big:
        path: starter:architect.gguf
        context: 4096
      middle: {path: "starter:worker.gguf", context: 4096}
      small:
        path: "starter:front.gguf"   # the quick one
        context: 512
      tiny: {path: "starter:draft.gguf", context: 512}
      meaning: {path: "starter:all-MiniLM-L6-v2-q8_0.gguf", embeddings: true}
      elsewhere: {engine: remote, remote: {url: "http://gpu-box:8000/v1"}}
    mode: full
    """
)


@asynccontextmanager
async def tiers(
    qapp: QApplication, folder: Path, text: str = OWN, *, memory: int = GIB, width: int = 1000
) -> AsyncIterator[tuple[Core, RolesTab]]:
    """Show the tab over a registry file with this text; an empty one means the shipped file."""
    async with managed(folder, computer=Computer(memory=memory)) as (core, _):
        if text:
            core.app.manager.editor.target.write_text(text, encoding="utf-8")
        async with shown(qapp, core, RolesTab, width) as tab:
            tab.refresh()
            yield core, tab


async def weighed(tab: RolesTab) -> None:
    """Wait until the chosen role's model was weighed."""
    await until(lambda: bool(tab.load_form.memory.verdict.text().strip()))


def field(tab: RolesTab, key: str) -> Field:
    """Return a field of the chosen role or of its model."""
    return (tab.role_form.fields | tab.load_form.fields)[key]


def write(tab: RolesTab, key: str, text: str) -> NumberField:
    """Type a number over the one that stands in a field."""
    found = field(tab, key)
    assert isinstance(found, NumberField)
    found.line.selectAll()
    QTest.keyClick(found.line, Qt.Key.Key_Delete)
    QTest.keyClicks(found.line, text)
    return found


async def answer(tab: RolesTab, kind: type[QDialog], *, yes: bool, text: str = "") -> list[str]:
    """Wait for a question, answer it, and return what it said, line by line."""
    await until(lambda: any(each.isVisible() for each in tab.findChildren(kind)))
    dialog = next(each for each in tab.findChildren(kind) if each.isVisible())
    if text:
        QTest.keyClicks(dialog.findChildren(QLineEdit)[0], text)
    said = [line for each in dialog.findChildren(QLabel) for line in each.text().splitlines()]
    for lines in dialog.findChildren(QPlainTextEdit):
        said += lines.toPlainText().splitlines()
    role = QDialogButtonBox.ButtonRole
    wanted = role.AcceptRole if yes else role.RejectRole
    buttons = dialog.findChildren(QDialogButtonBox)[0]
    button = next(each for each in buttons.buttons() if buttons.buttonRole(each) == wanted)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await until(lambda: not any(each.isVisible() for each in tab.findChildren(kind)))
    return said
