"""Work that a view has begun and that must not outlive it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from app.ui import aio


class Errands:
    """Owns the tasks of one view."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Begin; its failure is told as every failure of the window is."""
        task = aio.spawn(work, name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def stop(self) -> None:
        """End all that runs."""
        for task in tuple(self._tasks):
            task.cancel()
