"""Start and end of the window: look, hooks, the core behind it, and an orderly way out."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from app.domain.errors import AppError
from app.platform.paths import Paths
from app.ui import aio
from app.ui.garbage import Collector
from app.ui.main_window import MainWindow
from app.ui.memory import Memory
from app.ui.said import speak
from app.ui.theme import Theme, Wanted, load_fonts
from app.wiring import App

log = logging.getLogger(__name__)

Build = Callable[[], AbstractAsyncContextManager[App]]

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}


def run(build: Build, *, theme: Wanted = "system", paths: Paths | None = None) -> int:
    """Show the window, run the core behind it, and return the exit code.

    Args:
        build: starts the core; called again after a failure.
        theme: the look that was set from outside; `system` leaves it to what is remembered.
        paths: where the look is remembered, if that is known before the core starts.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Echelon")
    app.setDesktopFileName("echelon")
    qInstallMessageHandler(_to_log)
    places = paths or Paths.discover()
    if paths is not None and theme == "system":
        theme = Memory(paths).theme
    translate(app, places)
    load_fonts(places.resources)
    Collector(app)
    return aio.run(_main(build, Theme(app, places.resources, theme), places))


def translate(app: QApplication, paths: Paths) -> None:
    """Speak the user's language where there is a translation, Qt's own menus included."""
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("echelon", str(paths.resources / "i18n")), ("qtbase", qt)):
        translator = QTranslator(app)
        if translator.load(QLocale(), name, "_", folder):
            app.installTranslator(translator)
    speak(paths.resources / "i18n", QLocale())


async def _main(build: Build, theme: Theme, paths: Paths) -> int:
    stop = asyncio.Event()
    _listen_for_signals(stop)
    window = MainWindow(theme, paths, stop.set)
    _hook_failures(window)
    window.fit_screen()
    window.show()
    await aio.settle()  # the first paint does not wait for the core
    while not stop.is_set():
        try:
            await _serve(build, window, stop)
        except AppError as error:
            log.warning("the core could not start: %s", error)
            await _first_of(window.show_problem(error), stop.wait())
    window.hide()
    return 0


async def _serve(build: Build, window: MainWindow, stop: asyncio.Event) -> None:
    async with build() as core:
        window.show_core(core)
        try:
            await stop.wait()
        finally:
            window.close_core()


async def _first_of(*waits: Coroutine[Any, Any, object]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _listen_for_signals(stop: asyncio.Event) -> None:
    def asked() -> None:
        if stop.is_set():
            os._exit(130)  # asked twice: at once
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on loops
            loop.add_signal_handler(number, asked)


def _hook_failures(window: MainWindow) -> None:
    """Tell the user of each unforeseen failure once; the log has the rest."""
    told: set[str] = set()

    def tell(error: BaseException) -> None:
        kind = f"{type(error).__name__}: {error}"
        if isinstance(error, AppError):
            window.notices.tell_error(error)
        elif kind not in told:
            told.add(kind)
            window.notices.tell(
                QCoreApplication.translate("Shell", "Something went wrong inside Echelon."),
                QCoreApplication.translate("Shell", "You can go on. The details are in the log.")
                + f" ({kind})",
            )

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("unhandled", exc_info=(kind, error, trace))
        tell(error)

    aio.on_failure(tell)
    sys.excepthook = hook


def _to_log(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    del context
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.ERROR), text)
