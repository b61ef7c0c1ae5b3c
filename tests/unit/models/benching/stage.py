"""An engine in numbers, and a memory that loads it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from app.domain.benching import Benchmark, BenchStep, Rates, Verifying
from app.domain.errors import AppError, ModelMissing
from app.domain.events import ServerState, ServerStateChanged
from app.domain.generation import ChatRequest, Chunk, FinalChunk, TextChunk, Timings
from app.domain.models import ModelSpec, RemoteOptions, RoleSpec, Roster, Tier
from app.domain.shelf import Card, Found, Item, Kind, Origin
from app.engines.residency.records import Record
from app.engines.server import Server
from app.models.benching.bench import Bench, BenchGround
from app.models.benching.records import BenchRecords
from app.models.benching.subject import Subjects
from app.models.identity import Identities
from app.platform.bus import Bus
from app.platform.storage import Database
from app.platform.tasks import TaskOwner

FRONT = ModelSpec(name="tiny", path=Path("tiny.gguf"), context=512, threads=3)
AFAR = ModelSpec(name="afar", engine="remote", remote=RemoteOptions(url="http://x"))
ROSTER = Roster(
    roles=(
        RoleSpec(name="front", tier=Tier.A, model=FRONT),
        RoleSpec(name="far", tier=Tier.B, model=AFAR),
    ),
    default_role="front",
    source="test",
)
FILE = Path("/somewhere/other.gguf")


@dataclass
class FakeClient:
    """Reads 1,000 tokens a second and writes 100; a word is a token."""

    writes: int = 100  # tokens of an answer, where nobody limits it
    tells: bool = True
    fails: AppError | None = None
    before: Callable[[int], None] = lambda _: None
    asked: list[str] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        self.asked.append(request.messages[0]["content"])
        self.before(len(self.asked))
        await asyncio.sleep(0)  # as an answer takes time, a cancelled one ends here
        if self.fails is not None:
            raise self.fails
        yield TextChunk(text="a")
        read = await self.count(self.asked[-1])
        written = min(self.writes, request.sampling["max_tokens"])
        timings = Timings(
            prompt_n=read,
            prompt_ms=float(read),
            prompt_per_second=1000.0,
            predicted_n=written,
            predicted_ms=10.0 * max(0, written - 1),
            predicted_per_second=100.0,
        )
        yield FinalChunk(finish_reason="length", timings=timings if self.tells else None)

    async def count(self, text: str) -> int:
        return len(text.split())

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.embedded += texts
        return [[1.0] for _ in texts]

    async def verifying(self) -> Verifying | None:
        return Verifying(milliseconds={1: 10.0, 2: 12.0}, grid=(1, 2))


@dataclass
class FakeMemory:
    """Loads at once and remembers what was asked of it; `notes` are told while it loads."""

    bus: Bus
    client: FakeClient
    refuses: AppError | None = None
    notes: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def lease(
        self,
        role: RoleSpec,
        *,
        on_progress: Callable[[float], None] | None = None,
        anyway: bool = False,
    ) -> AsyncIterator[Server]:
        if self.refuses is not None and not anyway:
            raise self.refuses
        self.done.append("load")
        note = self.notes.pop() if self.notes else ""
        loading = ServerStateChanged(role.model.name, ServerState.LOADING, 0.5, note)
        self.bus.publish(loading)
        if on_progress is not None:
            on_progress(0.5)
        yield cast("Server", SimpleNamespace(client=self.client, context=role.model.context))

    async def weigh(self, model: str) -> None:
        self.done.append(f"weigh {model}")

    async def stop(self, model: str) -> None:
        self.done.append(f"stop {model}")


@dataclass
class Stage:
    """A bench over fakes, and what it has told."""

    bench: Bench
    memory: FakeMemory
    client: FakeClient
    bus: Bus
    records: BenchRecords
    told: list[tuple[str, Rates]]
    crash: dict[str, Any]
    busy: bool = False

    async def run(self, name: str = "front", **wishes: bool) -> tuple[list[BenchStep], Benchmark]:
        """Measure, and return the steps and what was found."""
        found = [step async for step in self.bench.run(name, **wishes)]
        *steps, last = found
        assert isinstance(last, Benchmark)
        return [each for each in steps if isinstance(each, BenchStep)], last


def item(kind: Kind = Kind.TEXT, *, problem: str = "") -> Item:
    """Return a file of the library."""
    card = Card(
        name="Other",
        architecture="llama",
        kind=kind,
        quantisation="Q8_0",
        context=2048,
        parameters=1,
        tokens=1,
        vocabulary="v",
    )
    return Item(Found((FILE,), Origin.OWN), 1, "id", card, problem=problem)


@asynccontextmanager
async def stage(folder: Path, found: Item | None = None) -> AsyncIterator[Stage]:
    """Return a bench whose library has one file."""
    bus, tasks, client = Bus(), TaskOwner(), FakeClient()
    memory, told, crash = FakeMemory(bus, client), list[tuple[str, Rates]](), dict[str, Any]()
    database = Database(folder / "echelon.db", folder / "backups")
    await database.open()
    records = BenchRecords(database, Identities())

    async def locate(_name: str) -> Item:
        return found or item()

    async def seen(_model: ModelSpec) -> Record:
        return Record("key", "kind", 900, 1000, 2.5)

    async def why(model: ModelSpec) -> dict[str, Any]:
        if not crash:
            raise ModelMissing(f"{model.name} never ran.")
        return crash

    ground = BenchGround(
        memory=memory,
        subjects=Subjects(ROSTER, locate),
        records=records,
        seen=seen,
        busy=lambda: built.busy,
        told=lambda model, rates: told.append((model.name, rates)),
        crash=why,
        identify=Identities(),
        bus=bus,
        tasks=tasks,
        clock=lambda: 77.0,
    )
    built = Stage(Bench(ground), memory, client, bus, records, told, crash)
    try:
        yield built
    finally:
        await database.close()
