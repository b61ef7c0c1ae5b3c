"""A claim becomes a memory: with dates for relative time, and beside what is kept already."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from app.domain.errors import AppError
from app.domain.memories import (
    Memory,
    MemoryKind,
    MemorySource,
    MemoryStatus,
    NewMemory,
    Trust,
)
from app.domain.memory_errors import MemoriesError
from app.memory.store import MemoryStore
from app.memory.writing import marks
from app.memory.writing.claims import Claim, hints
from app.memory.writing.dates import dated, dates
from app.memory.writing.saying import Alike
from app.memory.writing.settling import Course, settled

log = logging.getLogger(__name__)

# How long a task stands after its day.
_KEPT_DAYS: Final = 7
_NO_ALIKE: Final[Mapping[int, float]] = {}
_STRANGERS: Final = frozenset(
    (MemorySource.TOOL, MemorySource.WEB, MemorySource.DOCUMENT, MemorySource.IMPORT)
)


class Told(NamedTuple):
    """A claim, the memory it becomes but for its words, and when it was made."""

    claim: Claim
    origin: NewMemory
    at: float


def described(claim: Claim, origin: NewMemory, at: datetime) -> NewMemory:
    """Return a claim as a memory, as it was said at this local time. Pure."""
    found = dates(claim.text, at.date())
    fields: dict[str, object] = {
        "text": dated(claim.text, at.date()),
        "kind": claim.kind,
        "confidence": claim.sure,
    }
    if found:
        begin = datetime.combine(found[0].first, time(), at.tzinfo)
        fields["event_at"] = begin.timestamp()
        if claim.kind is MemoryKind.TASK:
            over = datetime.combine(found[-1].last, time(), at.tzinfo)
            fields["expires_at"] = (over + timedelta(days=1 + _KEPT_DAYS)).timestamp()
    if origin.source in _STRANGERS:
        fields |= {"status": MemoryStatus.PROPOSED, "trust": Trust.UNTRUSTED}
    return origin.model_copy(update=fields)


class Learner:
    """Owns how claims are taken into the store: known, new, or in place of what was true."""

    def __init__(
        self, store: MemoryStore, local: Callable[[float], datetime], alike: Alike | None = None
    ) -> None:
        """Keep claims in `store`.

        Args:
            store: where memories are.
            local: turns seconds since the epoch into local time.
            alike: finds what means nearly the same, where meanings are known.
        """
        self._store = store
        self._local = local
        self._alike = alike

    async def learn(self, told: Iterable[Told]) -> list[Memory]:
        """Keep what is claimed; return the memories that stand for it.

        Raises:
            StorageError: the rest was not kept.
        """
        learned = []
        new = [
            (each.claim, described(each.claim, each.origin, self._local(each.at))) for each in told
        ]
        for _, run in groupby(new, key=lambda each: (each[1].scope, each[1].text, each[1].kind)):
            (claim, first), *again = run
            try:
                learned.append(await self._learn(claim, first))
                if again:  # one write for all of them: it is only counted
                    await self._store.add([each for _, each in again])
            except MemoriesError as error:  # it went away meanwhile, or cannot be kept
                log.info("something was not learned: %s", error.message)
        return learned

    async def _learn(self, claim: Claim, new: NewMemory) -> Memory:
        if new.status is not MemoryStatus.ACTIVE:
            (made,) = await self._store.add((new,))
            return made
        told = hints(claim)
        near = await self._store.read(lambda db: marks.near(db, (new.scope,), told))
        alike = await self._alike_to(new)
        missing = [each for each in alike if each not in {old.id for old in near}]
        more = [
            each
            for each in (await self._store.many(missing)).values()
            if each.kind in marks.TOLD_FACTS
            and each.scope == new.scope
            and each.status is MemoryStatus.ACTIVE
        ]
        found = settled(claim, (*near, *more), alike)
        (made,) = await self._store.add((_replacing(new, found.course, found.beside),))
        known = found.beside
        if found.course is Course.AGAIN and known is not None and known.id != made.id:
            return await self._store.merge(made.id, (known.id,))
        return made

    async def _alike_to(self, new: NewMemory) -> Mapping[int, float]:
        if self._alike is None:
            return _NO_ALIKE
        try:
            return dict(await self._alike(new.scope, new.text))
        except AppError as error:
            log.info("nothing is known of meanings now: %s", error.message)
            return _NO_ALIKE


def _replacing(new: NewMemory, course: Course, old: Memory | None) -> NewMemory:
    if course is not Course.INSTEAD or old is None:
        return new
    kept = {"pinned": old.pinned, "importance": max(old.importance, new.importance)}
    return new.model_copy(update={"supersedes": old.id, **kept})
