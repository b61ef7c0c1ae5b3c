"""The whole window: it folds, names everything, tells of trouble, and asks before it deletes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.domain.errors import MemoryShort, NotWritable
from app.domain.events import NoticeRaised, ServerState, WindowRequested
from app.domain.settings import Settings
from app.ui.main_window import FOLD_BELOW_PX, MainWindow
from app.ui.memory import Memory
from app.ui.setting_words import translated
from app.ui.settings_page import SettingsPage
from app.ui.theme import DARK, Theme
from tests.ui.conftest import RESOURCES
from tests.ui.core import FINAL, Core, running_core
from tests.ui.pages import until
from tests.ui.test_chat_page import send, words


@dataclass
class Opened:
    """A window over a core, and how often it asked to quit."""

    core: Core
    window: MainWindow
    theme: Theme
    quits: list[bool]


@asynccontextmanager
async def opened(qapp: QApplication, folder: Path) -> AsyncIterator[Opened]:
    async with running_core(folder) as core:
        theme = Theme(qapp, RESOURCES, "light")
        quits: list[bool] = []
        window = MainWindow(theme, core.app.paths, lambda: quits.append(True))
        at = Opened(core, window, theme, quits)
        window.show()
        window.show_core(core.app)
        await asyncio.sleep(0.02)
        try:
            yield at
        finally:
            window.close_core()
            window.hide()
            window.deleteLater()
            theme.choose("light")
            theme.deleteLater()


async def _dialog(window: QWidget) -> QDialog:
    await until(lambda: any(each.isVisible() for each in window.findChildren(QDialog)))
    return next(each for each in window.findChildren(QDialog) if each.isVisible())


def _press(dialog: QDialog, text: str) -> None:
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == text)
    button.click()


async def test_the_list_folds_away_where_it_would_crowd(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        at.window.resize(FOLD_BELOW_PX, 700)
        assert at.window.sidebar.isVisible()
        at.window.resize(FOLD_BELOW_PX - 1, 700)
        assert not at.window.sidebar.isVisible()
        assert at.window._list_button.isVisible()
        at.window._list_button.click()
        assert at.window.sidebar.isVisible()
        at.window._open("")
        assert not at.window.sidebar.isVisible()
        at.window.resize(1280, 800)
        assert at.window.sidebar.isVisible()


async def test_every_widget_that_takes_keys_has_a_name(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        page = at.window.page
        assert page is not None
        at.core.will_answer("Text and\n\n```python\nprint(1)\n```", FINAL)
        send(page, "Hello")
        await until(lambda: bool(words(page)) and not page.composer._answering)
        nameless = []
        for place in range(4):
            at.window._show_page(place)
            await asyncio.sleep(0.02)
            nameless += [
                f"{type(each).__name__} {each.objectName()}"
                for each in at.window.findChildren(QWidget)
                if each.isVisible()
                and each.focusPolicy() != Qt.FocusPolicy.NoFocus
                and not _name(each)
            ]
        assert not nameless


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


async def test_tab_reaches_list_composer_and_back(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        page = at.window.page
        assert page is not None
        page.composer.write("something to send")
        at.window.activateWindow()
        page.composer.focus()
        names = []
        for _ in range(30):
            focused = qapp.focusWidget()
            assert focused is not None
            names.append(focused.accessibleName() or _name(focused))
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert names[:4] == ["Message", "Memory: everywhere", "Who answers", "Send"]
        assert {"Chat", "Search chats", "+ New chat", "Menu"} <= set(names)
        assert names.count("Message") >= 2  # the way round ends where it began


async def test_who_has_the_keys_can_be_seen(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        page = at.window.page
        assert page is not None
        await at.core.store("Another", "chat.")
        page.open(await at.core.store("Question", "```\ncode\n```"))
        page.composer.write("something to send")
        await asyncio.sleep(0.1)
        at.window.activateWindow()
        unseen = []
        for each in at.window.findChildren(QWidget):
            if (
                each.isVisible()
                and each.isEnabled()
                and each.focusPolicy() & Qt.FocusPolicy.TabFocus
            ):
                at.window.setFocus()
                without = at.window.grab().toImage()
                each.setFocus(Qt.FocusReason.TabFocusReason)
                if each.hasFocus() and at.window.grab().toImage() == without:
                    unseen.append(f"{type(each).__name__} {_name(each)}")
        assert not unseen


async def test_every_command_has_a_shortcut_of_its_own(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        shortcuts = [action.shortcut().toString() for action in at.window.actions()]
        assert all(shortcuts)
        assert len(set(shortcuts)) == len(shortcuts)
        wanted = {"Ctrl+N", "Ctrl+K", "Ctrl+L", "Esc", "Ctrl+Shift+R", "Ctrl+Q"}
        assert wanted <= set(shortcuts)


async def test_shortcuts_do_what_they_say(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        page = at.window.page
        assert page is not None
        at.window.activateWindow()
        by_key = {action.shortcut(): action for action in at.window.actions()}
        by_key[QKeySequence("Ctrl+K")].trigger()
        assert isinstance(qapp.focusWidget(), QLineEdit)
        by_key[QKeySequence("Ctrl+L")].trigger()
        focused = qapp.focusWidget()
        assert focused is not None
        assert page.composer.isAncestorOf(focused)
        by_key[QKeySequence("Ctrl+Q")].trigger()
        assert at.quits == [True]


async def test_closing_hides_and_asks_to_quit(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        at.window.close()
        assert not at.window.isVisible()
        assert at.quits == [True]


async def test_a_chat_is_renamed(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        chat = await at.core.store("Question", "Answer.")
        at.window._open(chat)
        at.window.sidebar.rename_wanted.emit(chat)
        dialog = await _dialog(at.window)
        field = dialog.findChild(QLineEdit)
        assert isinstance(field, QLineEdit)
        assert field.text() == "Question"
        field.setText("  Better title ")
        _press(dialog, "Rename")
        page = at.window.page
        assert page is not None
        await until(lambda: page._title.text() == "Better title")


@pytest.mark.parametrize("sure", [True, False])
async def test_deleting_is_asked_first(qapp: QApplication, tmp_path: Path, sure: bool) -> None:
    async with opened(qapp, tmp_path) as at:
        chat = await at.core.store("Question", "Answer.")
        at.window._open(chat)
        at.window.sidebar.delete_wanted.emit(chat)
        dialog = await _dialog(at.window)
        if sure:
            _press(dialog, "Delete")
            await until(lambda: at.window.sidebar._list.count() == 0)
        else:
            box = dialog.findChild(QDialogButtonBox)
            assert isinstance(box, QDialogButtonBox)
            box.button(QDialogButtonBox.StandardButton.Cancel).click()
            await asyncio.sleep(0.02)
        assert len(await at.core.app.conversations.list()) == (0 if sure else 1)


async def test_servers_are_told_by_their_roles(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        at.core.supervisor.say("front-model", ServerState.READY)
        at.core.supervisor.say("worker-model", ServerState.LOADING, 0.4)
        at.core.supervisor.say("draft-model", ServerState.READY)
        assert at.window._pills.texts == ["front ready", "worker loading 40 %"]


async def test_what_does_not_fit_can_be_loaded_anyway(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        assert at.window.page is not None
        supervisor = at.core.supervisor
        supervisor.failures.append(MemoryShort("It needs 6 GB.", remedy="Close something."))
        at.window.page.composer.submitted.emit("hello", "")
        await until(lambda: "It needs 6 GB." in at.window.notices.text)
        at.core.will_answer("It went well.", FINAL)
        button = next(
            each
            for each in at.window.notices.findChildren(QPushButton)
            if each.text() == "Load anyway"
        )
        button.click()
        await until(lambda: supervisor.anyway == [False, True])
        assert at.window.notices.text == ""


async def test_a_quarantined_model_gets_another_try(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        at.core.supervisor.say("coder-model", ServerState.QUARANTINED, None, "It crashed.")
        assert "It crashed." in at.window.notices.text
        again = next(
            each
            for each in at.window.notices.findChildren(QPushButton)
            if each.text() == "Try again"
        )
        again.click()
        assert at.core.supervisor.forgiven == ["coder-model"]
        assert at.window.notices.text == ""


async def test_what_the_core_raises_is_shown(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        at.core.app.bus.publish(NoticeRaised("disk_full", "The disk is full.", "Free some space."))
        assert at.window.notices.text == "The disk is full. Free some space."


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
async def test_a_second_start_brings_the_window_forward(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        at.window.showMinimized()
        at.core.app.bus.publish(WindowRequested())
        assert not at.window.isMinimized()
        assert at.window.isVisible()


async def test_the_theme_is_remembered(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        settings = at.window.findChild(SettingsPage)
        assert isinstance(settings, SettingsPage)
        settings._choose("dark")
        assert at.theme.tokens is DARK
        assert Memory(at.core.app.paths).theme == "dark"
    async with opened(qapp, tmp_path) as at:
        assert at.theme.wanted == "dark"


async def test_why_it_could_not_start_is_said_until_it_can(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with running_core(tmp_path) as core:
        window = MainWindow(Theme(qapp, RESOURCES, "light"), core.app.paths, lambda: None)
        window.show()
        error = NotWritable("Echelon cannot write to /data.", remedy="Name another folder.")
        waiting = asyncio.create_task(window.show_problem(error))
        await asyncio.sleep(0.02)
        assert window.problem.isVisible()
        assert window.problem.text == "Echelon cannot write to /data. Name another folder."
        window.problem.again.click()
        await waiting
        window.show_core(core.app)
        await asyncio.sleep(0.02)
        assert window.page is not None
        assert window.page.isVisible()
        window.close_core()
        window.hide()
        window.deleteLater()


def test_every_setting_has_words_that_can_be_translated() -> None:
    assert translated() == {
        name: (field.title, field.description) for name, field in Settings.model_fields.items()
    }
