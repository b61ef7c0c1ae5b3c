"""The bridge from the owner's thread to the coroutine that answers a request."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from app.engines.runner.outbox import Message, Outbox

# Tokens that come faster than this are sent together: a chunk costs more than a token of a small
# model does.
PAUSE_S: Final = 0.005


class Mailbox:
    """Outboxes, one for each choice of an answer, whose one reader is a coroutine."""

    def __init__(self, count: int = 1) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self.outboxes = tuple(Outbox(self._notify) for _ in range(count))

    def _notify(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._arrived.set)
        except RuntimeError:
            # The loop is closed: the process is going down and nobody reads any more.
            return

    async def batches(self) -> AsyncIterator[list[tuple[int, Message]]]:
        """Yield what has come, all at once, for as long as somebody reads."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            yield [
                (place, message)
                for place, outbox in enumerate(self.outboxes)
                for message in outbox.drain()
            ]
            await asyncio.sleep(PAUSE_S)
