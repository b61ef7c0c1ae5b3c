"""The bridge: work kept alive, failures told once, dialogs without nested loops."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from app.ui import aio


@pytest.fixture
def failures() -> Iterator[list[BaseException]]:
    told: list[BaseException] = []
    aio.on_failure(told.append)
    yield told
    aio.on_failure(lambda _: None)


async def test_an_unreferenced_task_survives_the_collector(qapp: QApplication) -> None:
    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.set()

    aio.spawn(work(), "work")
    gc.collect()
    await done.wait()


async def test_a_failure_is_told_once(qapp: QApplication, failures: list[BaseException]) -> None:
    async def work() -> None:
        raise ValueError("broken")

    task = aio.spawn(work(), "work")
    await asyncio.wait({task})
    await aio.settle()
    del task
    gc.collect()
    assert [str(error) for error in failures] == ["broken"]


async def test_a_cancelled_task_is_no_failure(
    qapp: QApplication, failures: list[BaseException]
) -> None:
    task = aio.spawn(asyncio.Event().wait(), "waiting")  # type: ignore[arg-type]
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    await aio.settle()
    assert not failures


async def test_what_is_read_half_is_closed_in_the_loop(qapp: QApplication) -> None:
    closed = asyncio.Event()

    async def pieces() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)  # as an HTTP client does when it gives a connection back
            closed.set()

    async for _ in pieces():
        break
    await closed.wait()


@pytest.mark.parametrize("accepted", [True, False])
async def test_asking_leaves_the_loop_running(qapp: QApplication, accepted: bool) -> None:
    dialog = QDialog()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            if ticks == 5:  # only a loop that runs gets here while the dialog is open
                QTimer.singleShot(0, dialog.accept if accepted else dialog.reject)
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    assert await aio.ask(dialog) is accepted
    assert ticks >= 5
    ticking.cancel()


async def test_who_stops_asking_closes_the_dialog(qapp: QApplication) -> None:
    dialog = QDialog()
    ended: list[int] = []
    dialog.finished.connect(ended.append)
    asking = asyncio.create_task(aio.ask(dialog))
    await asyncio.sleep(0.01)
    assert dialog.isVisible()
    asking.cancel()
    await asyncio.wait({asking})
    assert ended == [QDialog.DialogCode.Rejected.value]


def test_run_returns_what_main_returns_and_closing_windows_does_not_quit(
    qapp: QApplication,
) -> None:
    async def main() -> int:
        dialog = QDialog()
        dialog.show()
        dialog.close()
        await asyncio.sleep(0.02)
        return 3

    assert aio.run(main()) == 3
    assert not qapp.quitOnLastWindowClosed()
