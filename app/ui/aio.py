"""The bridge between Qt and asyncio; nothing else knows how the two share one thread."""

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, TypeVar

import qasync
from PySide6.QtWidgets import QApplication, QDialog

log = logging.getLogger(__name__)

T = TypeVar("T")

_tasks: set[asyncio.Task[Any]] = set()
_on_failure: list[Callable[[BaseException], None]] = []


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def run(main: Coroutine[Any, Any, int]) -> int:
    """Run the window until `main` returns; that is the only way to quit."""
    _application().setQuitOnLastWindowClosed(False)
    return run_until_complete(main)


def run_until_complete(main: Coroutine[Any, Any, T]) -> T:
    """Run one coroutine on Qt's loop and return its result."""
    loop = qasync.QEventLoop(_application())
    loop.set_exception_handler(_loop_failed)
    asyncio.set_event_loop(loop)
    before = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(finalizer=_closing(loop))
    try:
        result: T = loop.run_until_complete(main)
        return result
    finally:
        sys.set_asyncgen_hooks(*before)
        asyncio.set_event_loop(None)
        loop.close()


def spawn(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Start work from a slot; it is kept alive, and its failure is told to `on_failure`."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _tasks.add(task)
    task.add_done_callback(_finished)
    return task


def on_failure(tell: Callable[[BaseException], None]) -> None:
    """Tell `tell` of every failure that nobody handled."""
    _on_failure[:] = [tell]


async def ask(dialog: QDialog) -> bool:
    """Show a dialog without a nested loop and say whether it was accepted."""
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def answered(result: int) -> None:
        if not answer.done():
            answer.set_result(result)

    dialog.finished.connect(answered)
    dialog.open()
    try:
        return await answer == QDialog.DialogCode.Accepted.value
    finally:
        dialog.close()
        dialog.deleteLater()


async def settle() -> None:
    """Wait until Qt has worked off what is queued now, so that what was shown is painted."""
    for _ in range(3):
        await asyncio.sleep(0)


def _closing(loop: asyncio.AbstractEventLoop) -> Callable[[AsyncGenerator[Any, Any]], None]:
    """Return what closes generators that nobody reads to their end, as asyncio's own loop does.

    Half-read answers of a server are such; Qt's loop would leave them to the collector, where
    they cannot wait for anything.
    """

    def close(left: AsyncGenerator[Any, Any]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(loop.create_task, left.aclose())

    return close


def _finished(task: asyncio.Task[None]) -> None:
    _tasks.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        _tell(error)


def _loop_failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    del loop
    error = context.get("exception")
    _tell(error if isinstance(error, BaseException) else RuntimeError(context["message"]))


def _tell(error: BaseException) -> None:
    log.error("unhandled in the window", exc_info=error)
    for tell in _on_failure:
        tell(error)
