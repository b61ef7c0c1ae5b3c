"""The bridge from the owner's thread to the coroutine that answers a request."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from app.engines.runner.outbox import Message, Outbox

# Tokens that come faster than this are sent together: a chunk costs more than a token of a small
# model does.
PAUSE_S: Final = 0.005


class Mailbox:
    """An outbox whose reader is a coroutine."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self.outbox = Outbox(self._notify)

    def _notify(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._arrived.set)
        except RuntimeError:
            # The loop is closed: the process is going down and nobody reads any more.
            return

    async def batches(self) -> AsyncIterator[list[Message]]:
        """Yield what has come, all at once, for as long as somebody reads."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            yield self.outbox.drain()
            await asyncio.sleep(PAUSE_S)
