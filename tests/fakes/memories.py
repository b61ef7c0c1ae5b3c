"""A real store of memories in a folder of its own, with a clock that tests turn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.events import MemoriesChanged, NoticeRaised
from app.domain.memories import EVERYWHERE, MemoryKind, NewMemory
from app.memory.file import MemoryFile
from app.memory.store import MemoryStore
from app.platform.bus import Bus


@dataclass
class Kept:
    """A store with what it was told and what it told."""

    store: MemoryStore
    file: MemoryFile
    bus: Bus
    folder: Path
    now: list[float]
    notices: list[NoticeRaised] = field(default_factory=list)
    changes: list[MemoriesChanged] = field(default_factory=list)


@asynccontextmanager
async def memories(folder: Path, now: float = 1_000.0) -> AsyncIterator[Kept]:
    """Open the store of a folder; `now[0]` is what its clock shows."""
    bus = Bus()
    file = MemoryFile(folder / "memory.db", folder / "backups", bus)
    times = [now]
    kept = Kept(MemoryStore(file, lambda: times[0], bus), file, bus, folder, times)
    bus.on(NoticeRaised, kept.notices.append)
    bus.on(MemoriesChanged, kept.changes.append)
    await kept.store.open()
    try:
        yield kept
    finally:
        await kept.store.close()


def fact(text: str, scope: str = EVERYWHERE) -> NewMemory:
    """Return a fact of the user."""
    return NewMemory(scope=scope, text=text, kind=MemoryKind.FACT)
