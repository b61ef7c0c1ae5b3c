"""Work that a view has begun and that must not outlive it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from app.domain.errors import AppError
from app.ui import aio

Tell = Callable[[AppError], None]


class Errands:
    """Owns the tasks of one view; `tell` hears what people can act on, else the window does."""

    def __init__(self, tell: Tell | None = None) -> None:
        self._tell = tell
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Begin; its failure is told as every failure of the window is."""
        task = aio.spawn(work if self._tell is None else _told(work, self._tell), name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Who is ended before the first step has never begun with it.
        task.add_done_callback(lambda _: work.close())
        return task

    def stop(self) -> None:
        """End all that runs."""
        for task in tuple(self._tasks):
            task.cancel()


async def _told(work: Coroutine[Any, Any, None], tell: Tell) -> None:
    try:
        await work
    except AppError as error:
        tell(error)
