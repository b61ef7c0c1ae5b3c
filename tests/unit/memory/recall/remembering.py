"""A store with memories, and a search by meaning that knows the vectors it is given."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, cast

from app.domain.memories import Memory, MemoryKind, MemorySource, MemoryStatus, NewMemory, Trust
from app.memory import store as store_module
from app.memory.file import MemoryFile
from app.memory.recall.embedders import Taste
from app.memory.recall.recall import Reads, Recall
from app.memory.rows import View
from app.memory.store import MemoryStore
from app.platform.bus import Bus
from app.platform.migrations import Migration
from app.platform.storage import Database

DAY: Final = 86_400.0
NOW: Final = 400 * DAY
# Everything that was found is related enough: what is tested is something else.
OPEN: Final = Taste(opens=0.0, keeps=0.0, cosine=1.0)


def migrations() -> tuple[Migration, ...]:
    """Return the shapes of the memories' database."""
    files = sorted(Path(store_module.__file__).parent.glob("[0-9]*.sql"))
    return tuple(
        Migration(at, each.stem, each.read_text("utf-8")) for at, each in enumerate(files, 1)
    )


@asynccontextmanager
async def database(folder: Path) -> AsyncIterator[Database]:
    """Return an empty database of memories."""
    opened = Database(folder / "memory.db", folder / "backups", migrations())
    await opened.open()
    try:
        yield opened
    finally:
        await opened.close()


async def filled(database: Database, new: Iterable[NewMemory], at: float = NOW) -> list[Memory]:
    """Return memories that were added one after the other, a second apart."""
    made: list[Memory] = []
    for number, each in enumerate(new):
        made += await _store(database, at + number).add([each])
    return made


class Meaning:
    """Finds what it is told, in the scopes it is told; `why` is why it cannot."""

    def __init__(self, near: Sequence[tuple[Memory, float]] = (), why: str = "") -> None:
        self.near = near
        self.why = why
        self.asked: list[str] = []

    @property
    def id(self) -> str:
        return "model"

    def why_not(self) -> str:
        return self.why

    async def of(self, texts: Sequence[str]) -> list[Sequence[float]]:
        self.asked += texts
        return [(1.0,) for _ in texts]

    async def nearest(
        self, scopes: Sequence[str], vector: Sequence[float], view: View, limit: int
    ) -> list[tuple[int, float]]:
        found = [(memory.id, cosine) for memory, cosine in self.near if memory.scope in scopes]
        return found[:limit]


NOTHING: Final = Meaning(why="The embedding model is not loaded.")


def recall(database: Reads, meaning: Meaning = NOTHING, taste: Taste = OPEN) -> Recall:
    """Return a recall whose tokens are characters."""
    return Recall(database, meaning, meaning, count=len, tastes=lambda _: taste)


def fact(text: str, scope: str = "everywhere", **fields: object) -> NewMemory:
    """Return a fact."""
    return NewMemory.model_validate({"scope": scope, "text": text, **fields})


def memory(number: int, text: object = "", **fields: object) -> Memory:
    """Return a memory as it would be read."""
    values: dict[str, object] = {
        "id": number,
        "scope": "everywhere",
        "text": text or f"memory {number}",
        "kind": MemoryKind.FACT,
        "source": MemorySource.USER,
        "trust": Trust.USER,
        "status": MemoryStatus.ACTIVE,
        "speaker": "",
        "conversation_id": "",
        "message_id": "",
        "place": "",
        "created": NOW,
        "changed": NOW,
        "event_at": None,
        "expires_at": None,
        "pinned": False,
        "importance": 0.5,
        "confidence": 1.0,
        "uses": 0,
        "used_at": None,
        "supersedes": None,
    }
    return Memory.model_validate({**values, **fields})


def _store(database: Database, at: float) -> MemoryStore:
    return MemoryStore(cast("MemoryFile", database), lambda: at, Bus())
