"""Views that wait for their vectors: read by the embedding model in batches, newest first.

What is done is kept batch by batch, so nothing is lost when the program ends in the middle. A new
model reads everything anew while the former one's vectors are searched; it takes over at the end.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from typing import Final

from app.domain.errors import AppError, EngineAnswerInvalid
from app.domain.events import IndexWork, MemoriesIndexed, NoticeRaised
from app.memory.index import rows
from app.memory.index.embeddings import Embeddings, vectors_of
from app.memory.index.rows import Embedder, Home, Waiting
from app.memory.index.shelves import Shelves
from app.memory.index.vectors import Matrix
from app.platform.bus import Bus

log = logging.getLogger(__name__)

BATCH: Final = 32
# So many views are looked through at once for some without a vector.
LOOKED_THROUGH: Final = 20_000
# So many vectors of a former model are dropped in one transaction.
DROPPED: Final = 2_000
# After a failure the model is left alone for so long.
REST_S: Final = 60.0
FAULTS: Final = (AppError, OSError, TimeoutError, ValueError, LookupError, TypeError)


class Backlog:
    """Owns which views are still to be embedded."""

    def __init__(
        self,
        database: Home,
        shelves: Shelves,
        embeddings: Embeddings,
        bus: Bus,
        clock: Callable[[], float],
    ) -> None:
        """Join the parts; `clock` counts seconds that grow."""
        self._database = database
        self._shelves = shelves
        self._embeddings = embeddings
        self._bus = bus
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._reader = ""
        self._ranges: list[tuple[int, int]] = []
        self._looked_to = 0
        self._rests_until = float("-inf")
        self._fault = ""
        self._told = False

    def why_not(self) -> str:
        """Return why nothing is embedded now, or ''."""
        if not self._embeddings.id:
            return "there is no embedding model"
        if self._clock() < self._rests_until:
            return f"the embedding model rests: {self._fault}"
        return self._embeddings.why_not()

    async def work(self) -> None:
        """Embed all that waits; a model that fails is left alone for a while, and that is told.

        Raises:
            StorageError: the store cannot be read or written.
        """
        async with self._one_at_a_time:
            if self.why_not():
                return
            try:
                made_by = await self._embed_all(self._embeddings.id)
            except BaseException:
                self._look_again("")
                raise
            if made_by is not None:
                await self._finish(made_by)

    async def _embed_all(self, model: str) -> Embedder | None:
        """Return the model once nothing waits for it; None where it stopped before."""
        made_by = await self._database.read(lambda db: rows.embedder(db, model))
        if model != self._reader or made_by is None:
            self._look_again(model)
        while found := await self._next(made_by):
            vectors = await self._vectors(found, made_by)
            if vectors is None or self._embeddings.id != model:
                self._look_again("")
                return None
            made_by = await self._keep(model, made_by, vectors)
        return made_by

    async def _vectors(
        self, found: list[Waiting], made_by: Embedder | None
    ) -> dict[int, Matrix] | None:
        """Return the vectors of views by their ids, or None where the model failed."""
        texts, views = [each.text for each in found], [each.view for each in found]
        try:
            made = await vectors_of(self._embeddings, texts, views)
            vectors = {
                each.id: row for each, row in zip(found, made, strict=True) if row is not None
            }
            sizes = {len(row) for row in vectors.values()}
            if len(sizes) > 1 or (made_by is not None and not sizes <= {made_by.size}):
                raise EngineAnswerInvalid(
                    f"The embedding model made vectors of {sorted(sizes)} numbers.",
                    remedy="Choose another embedding model.",
                )
        except FAULTS as error:
            self._rest(error)
            return None
        self._told = False
        return vectors

    async def _keep(
        self, model: str, made_by: Embedder | None, vectors: dict[int, Matrix]
    ) -> Embedder | None:
        if not vectors:
            return made_by
        size = len(next(iter(vectors.values())))

        def work(db: sqlite3.Connection) -> tuple[Embedder, tuple[int, int]]:
            known = made_by or rows.register(db, model, size)
            rows.keep(db, known.number, vectors)
            return known, rows.counted(db, known.number)

        known, (done, total) = await self._database.write(work)
        if self._shelves.made_by is None:
            self._shelves.made_by = await self._database.read(rows.serving)
        if self._shelves.made_by == known:
            await self._shelves.follow()
        self._bus.publish(MemoriesIndexed(IndexWork.EMBEDDING, done, total))
        return known

    async def _finish(self, made_by: Embedder) -> None:
        """Let the model serve that has read everything, and drop what others made."""
        if self._shelves.made_by != made_by:
            await self._shelves.switch(made_by, lambda _: None)
        kept, dropped = (made_by.number,), 1
        while dropped:
            dropped = await self._database.write(lambda db: rows.drop_others(db, kept, DROPPED))

    async def _next(self, made_by: Embedder | None) -> list[Waiting]:
        """Return the newest views that wait, and remember how far down was looked."""
        newest = await self._database.read(rows.last_view)
        if newest > self._looked_to:
            self._ranges.append((self._looked_to, newest))
            self._looked_to = newest
        number = made_by.number if made_by else 0
        while self._ranges:
            after, upto = self._ranges.pop()
            begin = max(after, upto - LOOKED_THROUGH)
            found = await self._database.read(
                lambda db: rows.waiting(db, number, begin, upto, BATCH)  # noqa: B023
            )
            rest = found[-1].id - 1 if len(found) == BATCH else begin
            if rest > after:
                self._ranges.append((after, rest))
            if found:
                return found
        return []

    def _look_again(self, reader: str) -> None:
        """Look through everything the next time, for this model."""
        self._reader, self._ranges, self._looked_to = reader, [], 0

    def _rest(self, error: Exception) -> None:
        self._fault = str(error) or type(error).__name__
        self._rests_until = self._clock() + REST_S
        log.info("memories are found by their words for a while: %s", self._fault)
        if not self._told:
            self._told = True
            message = error.message if isinstance(error, AppError) else self._fault
            self._bus.publish(
                NoticeRaised(
                    "memory_embedder",
                    f"The embedding model does not read memories: {message}",
                    "New memories are found by their words until it works again.",
                )
            )
