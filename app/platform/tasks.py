"""Background tasks have an owner: it keeps them alive, hears their failures, and ends them."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class TaskOwner:
    """Owns tasks from `spawn` to their end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._last_words: set[asyncio.Task[Any]] = set()

    def spawn(
        self, work: Coroutine[Any, Any, T], *, name: str, last_words: bool = False
    ) -> asyncio.Task[T]:
        """Run `work` in the background; a failure nobody awaits goes to the log.

        `last_words` are never cancelled: closing waits for them, within its grace.
        """
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        if last_words:
            self._last_words.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self, grace: float) -> None:
        """Cancel what runs and wait up to `grace` seconds for all of it to end."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + grace
        cancelled: set[asyncio.Task[Any]] = set()
        # What ends may begin something else, so look again until nobody is left.
        while (pending := self._others()) and loop.time() < deadline:
            for task in pending - self._last_words - cancelled:
                task.cancel()
                cancelled.add(task)
            await asyncio.wait(
                pending, timeout=deadline - loop.time(), return_when=asyncio.FIRST_COMPLETED
            )
        for task in pending:
            log.warning("%s did not end within %.0f s", task.get_name(), grace)

    def _others(self) -> set[asyncio.Task[Any]]:
        return self._tasks - {asyncio.current_task()}

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self._last_words.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)
