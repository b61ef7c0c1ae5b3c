"""A thread with an event loop of its own: no byte of a download passes through the window's."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Carrier:
    """Runs coroutines elsewhere. The thread begins with the first and ends with `close`."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` over there; when this is cancelled, wait until it has ended there."""
        there = self._started()
        here = asyncio.get_running_loop()
        ended: asyncio.Future[None] = here.create_future()
        tasks: list[asyncio.Task[T]] = []

        def begin() -> None:
            task = there.create_task(work)
            tasks.append(task)
            task.add_done_callback(lambda _: here.call_soon_threadsafe(ended.set_result, None))

        def cancel() -> None:
            tasks[0].cancel()

        there.call_soon_threadsafe(begin)
        cancelled = False
        while not ended.done():
            try:
                await asyncio.shield(ended)
            except asyncio.CancelledError:
                cancelled = True
                there.call_soon_threadsafe(cancel)
        if cancelled:
            raise asyncio.CancelledError
        return tasks[0].result()

    async def close(self) -> None:
        """End the thread; what still runs there must have been cancelled before."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        await asyncio.to_thread(self._thread.join)
        self._loop = self._thread = None

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=_turn, args=(self._loop,), name="downloads", daemon=True
            )
            self._thread.start()
        return self._loop


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
