"""A queue of downloads in a folder of its own, with time that never has to be waited for."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from app.domain.downloads import Download, Part, State, Wanted
from app.domain.events import DownloadChanged
from app.models.downloads.patience import Pace
from app.models.downloads.rows import DownloadRows
from app.models.downloads.service import Downloads, Ground
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.storage import Database
from app.platform.tasks import TaskOwner

MIB = 1 << 20


@dataclass
class Queue:
    """What a test works with; `slept` holds the waits that were asked for."""

    downloads: Downloads
    folder: Path
    bus: Bus
    slept: list[float] = field(default_factory=list)
    seen: list[Download] = field(default_factory=list)

    @property
    def states(self) -> list[State]:
        """All states that were told, repetitions left out."""
        states = [download.state for download in self.seen]
        return [state for n, state in enumerate(states) if n == 0 or states[n - 1] is not state]

    async def until(self, wanted: Callable[[Download], bool]) -> Download:
        """Wait until some download is as wanted."""
        found = [each for each in self.downloads.all if wanted(each)]
        if found:
            return found[0]
        told: asyncio.Future[Download] = asyncio.get_running_loop().create_future()

        def hear(event: DownloadChanged) -> None:
            if wanted(event.download) and not told.done():
                told.set_result(event.download)

        leave = self.bus.on(DownloadChanged, hear)
        try:
            return await told
        finally:
            leave()

    async def ended(self, *states: State) -> Download:
        """Wait until a download has come to an end (a certain one, if told)."""
        ends = states or (State.DONE, State.FAILED)
        return await self.until(lambda each: each.state in ends)


@asynccontextmanager
async def queued(
    folder: Path, *, authorise: Callable[[str], str] = lambda _: "", **pace: float
) -> AsyncIterator[Queue]:
    """Yield a queue on the database in `folder`; waits are noted and take no time."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    bus, tasks = Bus(), TaskOwner()
    database = Database(folder / "echelon.db", folder / "backups")
    await database.open()
    numbers = count(1)
    ground = Ground(
        rows=DownloadRows(database),
        bus=bus,
        tasks=tasks,
        policy=NetworkPolicy(local_only=True, clock=lambda: 0.0),
        new_id=lambda: f"{next(numbers)}-{id(database)}",
        authorise=authorise,
    )
    limits: dict[str, float] = {"tick_s": 0.01, **pace}
    downloads = Downloads(ground, Pace(sleep=sleep, jitter=lambda: 0.5, **limits))  # type: ignore[arg-type]
    queue = Queue(downloads, folder / "models", bus, slept)
    bus.on(DownloadChanged, lambda event: queue.seen.append(event.download))
    await downloads.open()
    try:
        yield queue
    finally:
        await downloads.close()
        await tasks.close(5.0)
        await database.close()


def wanted(folder: Path, url: str, body: bytes | None = None, name: str = "model.gguf") -> Wanted:
    """Return the wish for one file, with its hash where the body is given."""
    sha256 = hashlib.sha256(body).hexdigest() if body is not None else None
    return Wanted(name, folder, (Part(url, name, sha256=sha256),))
