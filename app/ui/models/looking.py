"""Looks into repositories while somebody sees them: a few at the same time, first come first."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from app.domain.errors import AppError
from app.models.hub.prospects import Repository
from app.ui import aio

# A look is some requests to the hub; more at once would not be quicker there.
AT_ONCE: Final = 3

Look = Callable[[str], Awaitable[Repository]]
Told = Callable[[str, Repository | AppError], None]


class Looks:
    """Owns the looks that run. What was found, or why it was not, is told once."""

    def __init__(self, look: Look, told: Told) -> None:
        self._look = look
        self._told = told
        self._waiting: list[str] = []
        self._running: dict[str, asyncio.Task[None]] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is looked at."""
        return bool(self._running)

    def want(self, repos: Iterable[str]) -> None:
        """Look into these next, and into nothing else that has not begun."""
        self._waiting = [repo for repo in repos if repo not in self._running]
        self._go_on()

    def stop(self) -> None:
        """Look into nothing any more; nothing is told of what was begun."""
        self._waiting = []
        running, self._running = self._running, {}
        for task in running.values():
            task.cancel()

    def _go_on(self) -> None:
        while self._waiting and len(self._running) < AT_ONCE:
            repo = self._waiting.pop(0)
            self._running[repo] = aio.spawn(self._one(repo), f"look into {repo}")

    async def _one(self, repo: str) -> None:
        found: Repository | AppError
        try:
            found = await self._look(repo)
        except AppError as error:
            found = error
        if self._running.get(repo) is not asyncio.current_task():
            return  # stopped in its last step
        del self._running[repo]
        self._told(repo, found)
        self._go_on()
