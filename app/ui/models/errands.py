"""What a tab has under way: its errors are told where they belong, and all of it ends in time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from app.domain.errors import AppError
from app.ui import aio


class Errands:
    """Owns the tasks of a tab until they end or the core goes down."""

    def __init__(self, tell: Callable[[AppError], None]) -> None:
        self._tell = tell
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None] | None:
        """Begin; once the core goes down nothing begins any more."""
        if self._closed:
            work.close()
            return None
        task = aio.spawn(self._guarded(work), name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Who is ended before the first step has never begun with it.
        task.add_done_callback(lambda _: work.close())
        return task

    def close(self) -> None:
        """End everything that is under way."""
        self._closed = True
        for task in self._tasks:
            task.cancel()

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except AppError as error:
            self._tell(error)
