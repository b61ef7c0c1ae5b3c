"""From the first paint to the last: starting, failing to start, unforeseen errors, quitting."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer, qInstallMessageHandler, qWarning
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.errors import RegistryInvalid
from app.platform.paths import Paths
from app.ui import aio, shell
from app.ui.main_window import MainWindow
from app.wiring import App
from tests.ui.core import FINAL, running_core
from tests.ui.pages import until
from tests.ui.test_chat_page import send, words


@pytest.fixture(autouse=True)
def _hooks_put_back(qapp: QApplication) -> Iterator[None]:
    before = sys.excepthook
    yield
    sys.excepthook = before
    qInstallMessageHandler(None)
    aio.on_failure(lambda _: None)
    for window in _windows():
        window.deleteLater()


def _windows() -> list[MainWindow]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow)]


def _window() -> MainWindow:
    return _windows()[-1]


class Build:
    """Starts a core as often as it is asked to; the first times it may fail."""

    def __init__(self, folder: Path, *failures: Exception) -> None:
        self.folder = folder
        self.failures = list(failures)
        self.said: list[str] = []

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[App]:
        if self.failures:
            self.said.append("failed")
            raise self.failures.pop(0)
        async with running_core(self.folder) as core:
            core.will_answer("Hello.", FINAL)
            self.said.append("started")
            yield core.app
            self.said.append("closed")


def _run(build: Build, story: object) -> int:
    """Run the shell while `story`, a coroutine, uses its window."""

    async def played() -> None:
        await until(lambda: bool(_windows()))
        await story  # type: ignore[misc]

    QTimer.singleShot(0, lambda: aio.spawn(played(), "story"))
    paths = Paths.discover(build.folder)
    paths.ensure()
    return shell.run(build, paths=paths)


async def _usable() -> MainWindow:
    await until(lambda: _window().page is not None)
    return _window()


def test_closing_the_window_ends_the_core_in_order(qapp: QApplication, tmp_path: Path) -> None:
    build = Build(tmp_path)

    async def story() -> None:
        window = await _usable()
        assert window.isVisible()
        assert window.page is not None
        send(window.page, "Hello")
        page = window.page
        await until(lambda: words(page) == ["Hello."])
        window.close()

    assert _run(build, story()) == 0
    assert build.said == ["started", "closed"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(
    qapp: QApplication, tmp_path: Path, number: signal.Signals
) -> None:
    build = Build(tmp_path)

    async def story() -> None:
        await _usable()
        os.kill(os.getpid(), number)

    assert _run(build, story()) == 0
    assert build.said == ["started", "closed"]


def test_the_window_is_there_before_the_core(qapp: QApplication, tmp_path: Path) -> None:
    build = Build(tmp_path)
    seen: list[str] = []

    async def story() -> None:
        seen.extend(build.said)
        assert _window().isVisible()
        (await _usable()).close()

    assert _run(build, story()) == 0
    assert seen == []


def test_what_stops_the_core_from_starting_can_be_mended(
    qapp: QApplication, tmp_path: Path
) -> None:
    wrong = RegistryInvalid("The model registry cannot be used.", remedy="Correct the file.")
    build = Build(tmp_path, wrong, wrong)

    async def story() -> None:
        for tries in (1, 2):
            await until(lambda tries=tries: len(build.said) == tries)  # type: ignore[misc]
            await until(_window().problem.isVisible)
            assert "Correct the file." in _window().problem.text
            QTest.keyClick(_window().problem.again, Qt.Key.Key_Return)
        (await _usable()).close()

    assert _run(build, story()) == 0
    assert build.said == ["failed", "failed", "started", "closed"]


def test_one_can_leave_without_a_core(qapp: QApplication, tmp_path: Path) -> None:
    build = Build(tmp_path, RegistryInvalid("The model registry cannot be used."))

    async def story() -> None:
        await until(_window().problem.isVisible)
        _window().problem.quit_wanted.emit()

    assert _run(build, story()) == 0
    assert build.said == ["failed"]


def test_what_nobody_foresaw_is_told_once_and_the_program_goes_on(
    qapp: QApplication, tmp_path: Path
) -> None:
    build = Build(tmp_path)
    told: list[str] = []

    async def story() -> None:
        window = await _usable()
        for _ in range(2):
            sys.excepthook(ValueError, ValueError("inner thing"), None)
            told.append(window.notices.text)
            window.notices.hide()
        asyncio.get_running_loop().call_exception_handler(
            {"message": "lost", "exception": OSError()}
        )
        told.append(window.notices.text)
        assert window.page is not None
        window.close()

    assert _run(build, story()) == 0
    first, again, other = told
    assert "Something went wrong" in first
    assert "Traceback" not in first
    assert again == ""
    assert other != ""


def test_what_qt_says_goes_to_the_log(
    qapp: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build = Build(tmp_path)

    async def story() -> None:
        window = await _usable()
        qWarning("something about Qt")
        window.close()

    with caplog.at_level(logging.WARNING, "qt"):
        assert _run(build, story()) == 0
    assert "something about Qt" in caplog.text
