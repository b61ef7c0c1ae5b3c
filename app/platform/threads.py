"""Work that takes long beside the loop, and is told when nobody waits for it any more."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Asked between two pieces of work: whether somebody still waits for it.
GoOn = Callable[[], bool]


async def in_thread(work: Callable[[GoOn], T]) -> T:
    """Run `work` in a thread; when nobody waits for it any more, it is told to stop."""
    stop = threading.Event()
    try:
        return await asyncio.to_thread(work, lambda: not stop.is_set())
    finally:
        stop.set()
