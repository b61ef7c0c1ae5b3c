"""The queue of downloads: what waits, what runs, and every wish about them. Lives in the core."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from app.domain.downloads import UNDERWAY, Download, State, Step, Wanted
from app.domain.errors import AppError, DownloadError, DownloadMissing, StorageError
from app.domain.events import DownloadChanged
from app.models.downloads.carrier import Carrier
from app.models.downloads.errand import Errand, said_plainly
from app.models.downloads.item import Item
from app.models.downloads.patience import Pace, Throttle
from app.models.downloads.rows import DownloadRows, Entry
from app.models.downloads.source import Authorise
from app.models.downloads.transfer import Means
from app.models.downloads.wishes import checked, joined
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.tasks import TaskOwner

log = logging.getLogger(__name__)


async def _nobody_asks(_: Mapping[Path, str]) -> None:
    """Let files arrive that nobody waits for."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the queue stands on; `arrived` is told the hashes of files that have just been named."""

    rows: DownloadRows
    bus: Bus
    tasks: TaskOwner
    policy: NetworkPolicy
    new_id: Callable[[], str]
    authorise: Authorise = lambda _: ""
    arrived: Callable[[Mapping[Path, str]], Awaitable[None]] = _nobody_asks


class Downloads:
    """All downloads. Owns the queue, the thread that carries bytes, and a task per running one."""

    def __init__(self, ground: Ground, pace: Pace | None = None) -> None:
        self._ground = ground
        self._pace = pace or Pace()
        self._throttle = Throttle(self._pace)
        self._carrier = Carrier()
        self._items: dict[str, Item] = {}
        self._adding = asyncio.Lock()  # two wishes for one file at a time are still one
        self._closed = False

    async def open(self) -> None:
        """Take up the queue where the last run left it, however that ended.

        Raises:
            StorageError: the queue cannot be read.
        """
        for entry in await self._ground.rows.load():
            item = Item(entry)
            if item.state in UNDERWAY:
                item.entry = item.step(Step.STOP)
            self._items[item.id] = item
        for item in self._items.values():
            await asyncio.to_thread(item.recount)
        self._start_next()

    async def close(self) -> None:
        """Stop what runs; it goes on with the next run of the program."""
        self._closed = True
        await asyncio.gather(*(self._halt(item) for item in self._items.values()))
        await self._carrier.close()

    @property
    def all(self) -> tuple[Download, ...]:
        """Every download, in the order of the queue."""
        ordered = sorted(self._items.values(), key=lambda item: item.entry.position)
        return tuple(item.view for item in ordered)

    def one(self, download_id: str) -> Download:
        """Return one download.

        Raises:
            DownloadMissing: there is none of that id.
        """
        return self._item(download_id).view

    def limit(self, bytes_per_s: float | None) -> None:
        """Limit how fast all downloads together may be; None for no limit."""
        self._throttle.limit(bytes_per_s)

    async def add(self, wanted: Wanted) -> Download:
        """Put a wish into the queue, or join one that is there for the same files.

        Raises:
            DownloadError: the wish cannot be one.
            StorageError: it could not be kept, so it is not in the queue.
        """
        wanted = checked(wanted)
        async with self._adding:
            known = joined(wanted, [item.entry for item in self._items.values()])
            if known is None:
                item = await self._queue(wanted)
            else:
                item = await self._rejoin(self._items[known.id], wanted)
        self._start_next()
        return item.view

    async def pause(self, download_id: str) -> Download:
        """Stop a download until it is resumed; what is here stays."""
        return await self._wish(download_id, Step.PAUSE)

    async def resume(self, download_id: str) -> Download:
        """Let a paused download go on when its turn comes."""
        return await self._wish(download_id, Step.RESUME)

    async def retry(self, download_id: str) -> Download:
        """Try a failed or cancelled download again."""
        return await self._wish(download_id, Step.RETRY)

    async def cancel(self, download_id: str) -> Download:
        """End a download and remove what was fetched of it."""
        item = self._item(download_id)
        await self._wish(download_id, Step.CANCEL)
        with said_plainly(item.entry.wanted.folder):
            await asyncio.to_thread(item.clear)
        item.begin()
        self._tell(item)
        return item.view

    async def move(self, download_id: str, before: str | None) -> None:
        """Put a download before another one in the queue, or at its end."""
        moved = self._item(download_id)
        ordered = sorted(self._items.values(), key=lambda item: item.entry.position)
        ordered.remove(moved)
        at = ordered.index(self._item(before)) if before is not None else len(ordered)
        ordered.insert(at, moved)
        entries = [replace(item.entry, position=n) for n, item in enumerate(ordered, start=1)]
        await self._ground.rows.save(*entries)
        for item, entry in zip(ordered, entries, strict=True):
            item.entry = replace(item.entry, position=entry.position)
            self._tell(item)

    def _item(self, download_id: str) -> Item:
        item = self._items.get(download_id)
        if item is None:
            raise DownloadMissing(
                f"There is no download {download_id}.",
                remedy="`echelon models downloads` lists them.",
            )
        return item

    async def _wish(self, download_id: str, step: Step) -> Download:
        item = self._item(download_id)
        item.entry = item.step(step)  # from here on the task has no say
        await self._halt(item)
        try:
            await self._ground.rows.save(item.entry)
        finally:
            self._tell(item)
            self._start_next()
        return item.view

    async def _queue(self, wanted: Wanted) -> Item:
        position = 1 + max((item.entry.position for item in self._items.values()), default=0)
        item = Item(Entry(self._ground.new_id(), wanted, State.WAITING, position))
        await self._ground.rows.save(item.entry)
        self._items[item.id] = item
        self._tell(item)
        return item

    async def _rejoin(self, item: Item, wanted: Wanted) -> Item:
        """Let a new wish take up what is there; its addresses are the fresher ones."""
        step = {State.PAUSED: Step.RESUME, State.FAILED: Step.RETRY}.get(item.state)
        if step is not None:
            entry = replace(item.step(step), wanted=wanted)
            await self._ground.rows.save(entry)
            item.entry = entry
            self._tell(item)
        return item

    async def _halt(self, item: Item) -> None:
        """End the task of a download and wait until it has let go of its files."""
        task = item.task
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            await asyncio.wait([task])
            item.task = None  # it may have been cancelled before its first step
            await asyncio.to_thread(item.recount)

    def _start_next(self) -> None:
        if self._closed:
            return
        running = sum(item.task is not None for item in self._items.values())
        ordered = sorted(self._items.values(), key=lambda item: item.entry.position)
        waiting = [item for item in ordered if item.state is State.WAITING and item.task is None]
        for item in waiting[: max(0, self._pace.at_once - running)]:
            task = self._ground.tasks.spawn(self._lead(item), name=f"download {item.id}")
            task.add_done_callback(partial(self._ended, item))
            item.task = task

    async def _lead(self, item: Item) -> None:
        ticking = asyncio.create_task(self._tick(item), name=f"figures of {item.id}")
        try:
            await self._carry(item)
        except AppError as error:
            await self._fail(item, error)
        finally:
            ticking.cancel()
            await asyncio.wait([ticking])

    async def _fail(self, item: Item, error: AppError) -> None:
        await asyncio.to_thread(item.recount)
        if item.state in UNDERWAY:  # else somebody's wish came first
            await self._move(item, Step.FAIL, error.code, error.message, error.remedy)

    def _ended(self, item: Item, task: asyncio.Task[None]) -> None:
        """Whatever ended a task, its download gets a state that is seen and can be left."""
        if item.task is task:
            item.task = None
        if item.state in UNDERWAY and not self._closed:
            name = f"end of download {item.id}"
            self._ground.tasks.spawn(self._fail(item, _unforeseen(task)), name=name)
        self._start_next()

    async def _carry(self, item: Item) -> None:
        item.begin()
        await self._move(item, Step.START)
        if not (item.entry.verified and await asyncio.to_thread(item.is_here)):
            means = Means(self._pace, self._throttle, item.gauge, self._teller(item))
            ground, wanted = self._ground, item.entry.wanted
            await self._carrier.run(Errand(wanted, ground.policy, ground.authorise, means).run())
            item.entry = replace(item.entry, verified=True)
        await self._move(item, Step.WHOLE)
        with said_plainly(item.entry.wanted.folder):
            await asyncio.to_thread(item.settle)
        wanted = item.entry.wanted
        told = {wanted.folder / each.name: each.sha256 for each in wanted.parts if each.sha256}
        await self._ground.arrived(told)
        await self._move(item, Step.VERIFIED)

    def _teller(self, item: Item) -> Callable[[Step, str], None]:
        """Return how the carrying thread tells of a step; it is heard in the core's loop."""
        here = asyncio.get_running_loop()

        def hear(step: Step, reason: str) -> None:
            if item.state in UNDERWAY:
                code = "hitch" if step is Step.HITCH else ""
                item.entry = item.step(step, code, reason)
                self._tell(item)

        def tell(step: Step, reason: str) -> None:
            here.call_soon_threadsafe(hear, step, reason)

        return tell

    async def _move(
        self, item: Item, step: Step, code: str = "", message: str = "", remedy: str = ""
    ) -> None:
        """Take a step of the queue's own, kept as well as it can be."""
        item.entry = item.step(step, code, message, remedy)
        try:
            await self._ground.rows.save(item.entry)
        except StorageError as error:
            log.warning("a download's state could not be kept: %s", error)
        self._tell(item)

    async def _tick(self, item: Item) -> None:
        """Tell a few times a second how far a download is."""
        while True:
            await asyncio.sleep(self._pace.tick_s)
            before = item.view
            item.meter.note(self._pace.clock(), item.gauge.done)
            if item.view != before or item.state is State.RUNNING:
                self._tell(item)

    def _tell(self, item: Item) -> None:
        self._ground.bus.publish(DownloadChanged(item.view))


def _unforeseen(task: asyncio.Task[None]) -> DownloadError:
    """Return the words for an end that nobody has thought of; the log holds the rest."""
    error = None if task.cancelled() else task.exception()
    what = f" ({type(error).__name__})" if error else ""
    return DownloadError(
        f"The download ended for a reason Echelon does not know{what}.",
        remedy="Try again; what was fetched is kept. The log file says more.",
    )
