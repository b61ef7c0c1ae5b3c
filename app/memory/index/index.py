"""Memories found by meaning: the door to everything in this folder.

The store is the truth. What is kept here can be lost, cut off or exchanged at any time and costs
no more than being made again; nothing is answered from it that the store does not hold.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.domain.errors import EngineAnswerInvalid
from app.domain.events import IndexWork, MemoriesIndexed, NoticeRaised
from app.memory.index import rows
from app.memory.index.backlog import Backlog
from app.memory.index.embeddings import Earlier, Embeddings, unit
from app.memory.index.files import Folder
from app.memory.index.questions import Questions
from app.memory.index.rows import Home
from app.memory.index.shelves import Shelves, Sizes
from app.memory.rows import View
from app.platform.bus import Bus


@dataclass(frozen=True)
class How:
    """From which sizes on something is done; who makes vectors as a former model; the time."""

    sizes: Sizes = field(default_factory=Sizes)
    earlier: Earlier = lambda _: None
    clock: Callable[[], float] = time.monotonic


USUAL: Final = How()


class MemoryIndex:
    """Owns the index of one store. To be closed before the store's database is."""

    def __init__(
        self,
        database: Home,
        folder: Path,
        embeddings: Embeddings,
        bus: Bus,
        how: How = USUAL,
    ) -> None:
        """Join the parts.

        Args:
            database: the store's.
            folder: where index files are kept.
            embeddings: makes vectors now.
            bus: is told of progress and failures.
            how: what may be otherwise.
        """
        self._database = database
        self._folder = Folder(folder)
        self._bus = bus
        self._shelves = Shelves(database, self._folder, how.sizes)
        self._backlog = Backlog(database, self._shelves, embeddings, bus, how.clock)
        self._private = ""
        self._told = False
        self.questions = Questions(embeddings, how.earlier, lambda: self._shelves.made_by)

    async def start(self) -> None:
        """Begin to read what is kept; questions are answered from what is there.

        Raises:
            StorageError: the store cannot be read.
        """
        self._private = self._folder.take()
        await self._shelves.open()

    async def close(self) -> None:
        """Save what is not saved, and let the folder go."""
        await self._shelves.close()
        self._folder.release()

    async def ready(self) -> None:
        """Wait until everything is there that is being read or made."""
        await self._shelves.ready()

    def why_not(self) -> str:
        """Return why memories are not found by meaning now, or ''."""
        why_not = self.questions.why_not()
        return why_not or ("the index is being made" if self._shelves.loading else "")

    @property
    def private(self) -> str:
        """Why the index lives in memory only, '' where it is saved."""
        return self._private or self._shelves.unsaved

    @property
    def bytes(self) -> int:
        """How much the index takes on the disk."""
        return self._folder.bytes()

    async def nearest(
        self, scopes: Sequence[str], vector: Sequence[float], view: View, limit: int
    ) -> list[tuple[int, float]]:
        """Return the memories of these scopes nearest to a vector, with cosines, best first.

        The vector is to be made by `questions`.

        Raises:
            EngineAnswerInvalid: the vector cannot be compared with those that are kept.
            StorageError: the store cannot be read.
        """
        made_by, asked = self._shelves.made_by, unit(vector)
        if made_by is None:
            return []
        if asked is None or len(asked) != made_by.size:
            raise EngineAnswerInvalid(
                f"A vector of {len(vector)} numbers cannot be compared with those of memories,"
                f" which have {made_by.size}.",
                remedy="Memories are found by their words for now.",
            )
        return await self._shelves.nearest(scopes, asked, view, limit)

    async def catch_up(self) -> None:
        """Embed what waits, newest first; then put in order and save what there is.

        Raises:
            StorageError: the store cannot be read or written.
        """
        if self._folder.is_ours:
            await self._backlog.work()
        await self._shelves.gather()
        await self._shelves.follow()
        await self._shelves.improve()
        await self.save()

    async def save(self) -> None:
        """Write what is not saved; where that fails it is told once."""
        await self._shelves.save()
        if self._shelves.unsaved and not self._told:
            self._bus.publish(
                NoticeRaised(
                    "memory_index",
                    f"The index of memories cannot be saved: {self._shelves.unsaved}",
                    "No memory is lost; the index is made again at the next start.",
                )
            )
        self._told = bool(self._shelves.unsaved)

    async def rebuild(self) -> None:
        """Make everything anew from the store, while what is there serves.

        Raises:
            StorageError: the store cannot be read.
        """
        made_by = self._shelves.made_by
        if made_by is None:
            return
        _, total = await self._database.read(lambda db: rows.counted(db, made_by.number))
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            done = min(total, done + more)
            self._bus.publish(MemoriesIndexed(IndexWork.BUILDING, done, total))

        await self._shelves.rebuild(tell)
