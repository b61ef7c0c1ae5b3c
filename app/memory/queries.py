"""Requests about memories: what a terminal may ask of the process that owns them.

What is listed or searched is of the scope `everywhere`, unless other scopes are named: what a chat
keeps to itself shows only to who asks for that chat.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.domain.memories import EVERYWHERE, Filter, Memory, MemoryKind, MemoryStatus, NewMemory
from app.domain.memory_errors import MemoryMissing
from app.memory.desk import Memories

Message = dict[str, Any]
Query = Callable[[Message], Awaitable[Message]]

_SEARCHED: int = 4096  # tokens


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore")

    scopes: tuple[str, ...] = (EVERYWHERE,)
    all_scopes: bool = False

    @property
    def wanted(self) -> tuple[str, ...] | None:
        """The scopes that are meant; None for all."""
        return None if self.all_scopes else self.scopes


class _List(_Request):
    text: str = ""
    archived: bool = False
    limit: int = Field(50, ge=1, le=10_000)


class _Search(_Request):
    text: str


class _Add(BaseModel):
    text: str
    scope: str = EVERYWHERE
    kind: MemoryKind = MemoryKind.FACT


class _Ids(BaseModel):
    ids: tuple[int, ...]


class _File(_Request):
    path: Path
    trusted: bool = False


class MemoryDesk:
    """Answers requests about memories."""

    def __init__(self, memories: Memories) -> None:
        """Answer about `memories`."""
        self._memories = memories
        self._store = memories.store

    def queries(self) -> Mapping[str, Query]:
        """Return what can be asked, by operation."""
        return {
            "memory list": self.list,
            "memory search": self.search,
            "memory add": self.add,
            "memory show": self.show,
            "memory forget": self.forget,
            "memory export": self.export,
            "memory import": self.import_,
            "memory rebuild": self.rebuild,
        }

    async def list(self, request: Message) -> Message:
        """Return the newest memories that are wanted."""
        asked = _List.model_validate(request)
        living = (MemoryStatus.ACTIVE, MemoryStatus.PROPOSED)
        found = await self._store.find(
            Filter(
                text=asked.text,
                scopes=asked.wanted,
                statuses=() if asked.archived else living,
                limit=asked.limit,
            )
        )
        return {"memories": [_plain(each) for each in found.memories], "total": found.total}

    async def search(self, request: Message) -> Message:
        """Return what would be recalled for a question, with why."""
        asked = _Search.model_validate(request)
        scopes = tuple((await self._store.meter()).scopes) if asked.all_scopes else asked.scopes
        report = await self._memories.recall.of(asked.text, scopes, _SEARCHED, now=time.time())
        found = [
            _plain(each.memory) | {"why": each.why.model_dump(mode="json")} for each in report.found
        ]
        return {"memories": found, "total": len(found), "lexical": report.lexical}

    async def add(self, request: Message) -> Message:
        """Keep what the user tells."""
        asked = _Add.model_validate(request)
        new = NewMemory(scope=asked.scope, text=asked.text, kind=asked.kind)
        (made,) = await self._store.add((new,))
        return {"memory": _plain(made)}

    async def show(self, request: Message) -> Message:
        """Return memories by their numbers.

        Raises:
            MemoryMissing: there is none of one number.
        """
        asked = _Ids.model_validate(request)
        there = await self._store.many(asked.ids)
        for each in asked.ids:
            if each not in there:
                raise MemoryMissing(f"There is no memory {each}.", remedy="List them again.")
        return {"memories": [_plain(there[each]) for each in dict.fromkeys(asked.ids)]}

    async def forget(self, request: Message) -> Message:
        """Delete memories for good, with the turns that say the same."""
        asked = _Ids.model_validate(request)
        done = await self._memories.writer.forget(asked.ids)
        return {"words": done.words}

    async def export(self, request: Message) -> Message:
        """Write memories to a file."""
        asked = _File.model_validate(request)
        return {"count": await self._store.export(asked.path, Filter(scopes=asked.wanted))}

    async def import_(self, request: Message) -> Message:
        """Take memories from a file."""
        asked = _File.model_validate(request)
        found = await self._store.import_(asked.path, trusted=asked.trusted)
        return found.model_dump(mode="json")

    async def rebuild(self, _request: Message) -> Message:
        """Make anew what memories are found by."""
        await self._memories.index.catch_up()
        await self._memories.index.rebuild()
        return {"lexical": self._memories.index.why_not()}


def _plain(memory: Memory) -> Message:
    return memory.model_dump(mode="json")
