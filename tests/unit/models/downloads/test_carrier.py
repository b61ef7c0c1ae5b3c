"""The thread that carries bytes: results, failures and cancellation come back in order."""

import asyncio
import threading

import pytest

from app.models.downloads.carrier import Carrier


async def test_work_runs_elsewhere_and_its_result_comes_back() -> None:
    carrier = Carrier()

    async def where() -> str:
        return threading.current_thread().name

    async def fail() -> None:
        raise LookupError("no")

    assert await carrier.run(where()) == "downloads"
    with pytest.raises(LookupError):
        await carrier.run(fail())
    await carrier.close()
    assert "downloads" not in {thread.name for thread in threading.enumerate()}


async def test_who_cancels_waits_until_it_has_ended_there() -> None:
    carrier = Carrier()
    begun, ended = threading.Event(), threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()

    task = asyncio.create_task(carrier.run(work()))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
    await carrier.close()


async def test_closing_what_never_ran_is_fine() -> None:
    await Carrier().close()
