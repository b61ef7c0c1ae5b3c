"""A core for the window's tests: real bus, store and turns; the engines are scripted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from app.api.private import PrivateDoor
from app.conversations.store import Conversations
from app.domain.chat import ChatMessage, MessageState, Receipt
from app.domain.events import ServerState, ServerStateChanged
from app.domain.generation import FinalChunk, TextChunk, Timings
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.routing import LedgerRecord
from app.domain.settings import Settings
from app.engines.fleet import Fleet
from app.engines.residency.outlook import ELSEWHERE
from app.engines.supervisor import Supervisor
from app.memory.desk import Home, Memories, Thinkers
from app.models.manager import open_manager
from app.orchestration.chats import Chats
from app.orchestration.journal import Journal
from app.orchestration.learning.moves import MovesDesk
from app.orchestration.learning.resets import Resets
from app.orchestration.plan import Plan
from app.orchestration.question import Question
from app.orchestration.router.router import Router
from app.orchestration.router.starts import Starts
from app.orchestration.skills import Skills
from app.orchestration.telemetry import Holding, Telemetry
from app.orchestration.vectors import Vectors
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.storage import Database
from app.platform.tasks import TaskOwner
from app.wiring import App
from tests.fakes.manager import USUAL, Place, elsewhere, ground
from tests.unit.orchestration.fakes import FakeEngine, Step, turns_on

# 2026-11-23 12:00:00 UTC
NOON = 1_795_435_200.0
FINAL = FinalChunk(
    finish_reason="stop",
    timings=Timings(predicted_n=12, predicted_ms=150, predicted_per_second=80.0),
)


def role(name: str, tier: Tier) -> RoleSpec:
    return RoleSpec(name=name, tier=tier, model=ModelSpec(name=f"{name}-model", path=Path("none")))


ROSTER = Roster(
    roles=(
        role("front", Tier.A),
        role("worker", Tier.C),
        role("coder", Tier.B),
        role("draft", Tier.D),
    ),
    default_role="front",
    source="model_registry.yaml",
)
# No hub, and the roles above.
NOWHERE = Place(USUAL, "", ROSTER)
RECEIPT = Receipt(
    role="front",
    tier=Tier.A,
    model="front-model",
    reason="the default role",
    first_token_ms=180.0,
    total_ms=1300.0,
    finish_reason="stop",
    timings=FINAL.timings,
)


class PlainRouter(Router):
    """Asks the default role alone: words show as they come, and nobody else takes over."""

    def plan(
        self,
        thread: Sequence[ChatMessage],
        *,
        role: str = "",
        question: Question | None = None,
    ) -> Plan:
        """Plan as if the default role had been chosen."""
        wanted = role or ROSTER.default_role
        plan = super().plan(thread, role=wanted, question=question)
        return plan if role else replace(plan, reason="the default role")


class ScriptedSupervisor:
    """Hands out the one scripted engine, and says of servers what a test wants said."""

    def __init__(self, engine: FakeEngine, bus: Bus) -> None:
        self.engine = engine
        self.states: dict[str, ServerStateChanged] = {}
        self.forgiven: list[str] = []
        self.forgotten = 0
        self.anyway: list[bool] = []
        self.failures: list[Exception] = []
        self.fractions: Sequence[float] = ()
        self.loaded = asyncio.Event()
        self.loaded.set()
        self._bus = bus

    def say(
        self, model: str, state: ServerState, progress: float | None = None, detail: str = ""
    ) -> None:
        """Move a server to another state."""
        self.states[model] = ServerStateChanged(model, state, progress, detail)
        self._bus.publish(self.states[model])

    @asynccontextmanager
    async def lease(
        self,
        role: RoleSpec,
        *,
        on_progress: Callable[[float], None] | None = None,
        on_wait: Callable[[], None] | None = None,
        anyway: bool = False,
    ) -> AsyncIterator[Any]:
        """Yield the engine once `loaded` is set; `failures` come first."""
        self.anyway.append(anyway)
        for fraction in self.fractions:
            if on_progress:
                on_progress(fraction)
        await self.loaded.wait()
        if self.failures:
            raise self.failures.pop(0)
        yield SimpleNamespace(client=self.engine, context=4096)

    @contextmanager
    def expecting(self, role: RoleSpec) -> Iterator[None]:
        """Be told who may be wanted next."""
        yield

    async def stop(self, model: str) -> None:
        """Be stopped."""

    async def forget_texts(self) -> None:
        """Remember how often texts were to be forgotten."""
        self.forgotten += 1

    def forgive(self, model: str) -> None:
        """Remember who was forgiven."""
        self.forgiven.append(model)


class Core:
    """A running core and the strings a test pulls."""

    def __init__(
        self,
        app: App,
        engine: FakeEngine,
        supervisor: ScriptedSupervisor,
        journal: Journal,
        rows: list[LedgerRecord],
    ) -> None:
        self.app = app
        self.journal = journal
        self.rows = rows
        self.engine = engine
        self.supervisor = supervisor
        self.now = NOON

    def will_answer(self, *steps: Step | str) -> None:
        """Script the next answer: words, chunks, errors, and events that are waited for."""
        self.engine.scripts.append([_chunk(step) for step in steps])

    async def ended(self, turn_id: str) -> None:
        """Wait for the end of a turn."""
        turn = self.app.turns.find(turn_id)
        if turn is not None:
            await turn.wait()

    async def store(
        self,
        *messages: str,
        receipt: Receipt | None = RECEIPT,
        state: MessageState = MessageState.COMPLETE,
        error: str = "",
    ) -> str:
        """Store a finished conversation of questions and answers in turn; return its id."""
        conversation_id = None
        for question, answer in zip(messages[::2], messages[1::2], strict=True):
            opened = await self.app.conversations.ask(conversation_id, question)
            conversation_id = opened.conversation_id
            await self.app.conversations.save_answer(
                opened.id, content=answer, state=state, receipt=receipt, error=error
            )
        assert conversation_id is not None
        return conversation_id


async def at_once() -> None:
    """Be ready from the beginning."""


def _chunk(step: Step | str) -> Step:
    return TextChunk(text=step) if isinstance(step, str) else step


async def _opened(file: Path, paths: Paths) -> Database:
    database = Database(file, paths.backups)
    await database.open()
    return database


async def _memories(paths: Paths, engines: Fleet, bus: Bus, settings: Settings) -> Memories:
    """Return what is remembered; it is found by words only."""
    nobody = Thinkers(Vectors(None, engines, lambda _: ELSEWHERE, str))
    home = Home(paths.memories, paths.backups / "memory", paths.data / "memory-index")
    memories = Memories(home, nobody, bus, settings)
    await memories.open()
    return memories


@asynccontextmanager
async def running_core(
    folder: Path, settings: Settings | None = None, place: Place = NOWHERE
) -> AsyncIterator[Core]:
    """Run a core as long as the block lasts; `place` is what its model manager sees."""
    bus, tasks, engine = Bus(), TaskOwner(), FakeEngine()
    settings = settings or Settings.model_validate({})
    paths = Paths.discover(folder)
    paths.ensure()
    supervisor = ScriptedSupervisor(engine, bus)
    ids = iter(range(1_000_000))
    database = await _opened(paths.database, paths)
    passing = await _opened(Path(":memory:"), paths)
    core: Core
    conversations = Conversations(
        database, bus, clock=lambda: core.now, new_id=lambda: f"id-{next(ids)}", passing=passing
    )
    resets = Resets(lambda: ROSTER.answering, lambda role: role.model.name, lambda: "reset", str)
    starts = Starts(
        lambda: ROSTER.answering, Skills(), lambda role: role.model.name, lambda: "undo"
    )
    telemetry = Telemetry(
        bus, ROSTER, lambda: ([Holding("front-model", 300 << 20)], 8 << 30), lambda: core.now
    )
    rows: list[LedgerRecord] = []
    noted = SimpleNamespace(note=rows.append)
    journal = Journal(
        (starts, resets, telemetry, noted),
        wall_clock=lambda: 0.0,
        identify=lambda model: model.name,
    )
    turns = turns_on(
        cast("Fleet", supervisor),
        PlainRouter(ROSTER),
        bus,
        tasks,
        clock=lambda: core.now,
        journal=journal,
    )
    memories = await _memories(paths, cast("Fleet", supervisor), bus, settings)

    async def forget(conversation_id: str) -> None:
        await supervisor.forget_texts()
        await memories.forget_chat(conversation_id)

    chats = Chats(
        conversations=conversations,
        turns=turns,
        bus=bus,
        journal=journal,
        clock=lambda: core.now,
        forget=forget,
    )
    policy = NetworkPolicy(local_only=True, clock=lambda: core.now)
    stack = AsyncExitStack()
    stack.enter_context(elsewhere(place, folder / "home"))
    stands = ground(
        place,
        settings=settings,
        paths=paths,
        bus=bus,
        tasks=tasks,
        policy=policy,
        database=database,
    )
    manager = await open_manager(stands, stack)
    app = App(
        settings=settings,
        paths=paths,
        bus=bus,
        tasks=tasks,
        policy=policy,
        roster=stands.roster,
        supervisor=cast("Supervisor", supervisor),
        engines=cast("Fleet", supervisor),
        conversations=conversations,
        turns=turns,
        chats=chats,
        telemetry=telemetry,
        moves=MovesDesk(starts, resets, journal.write, lambda: core.now, at_once),
        door=PrivateDoor(queries={}, bus=bus, turns=turns, chats=chats, has_window=True),
        manager=manager,
        memories=memories,
    )
    core = Core(app, engine, supervisor, journal, rows)
    try:
        yield core
    finally:
        await stack.aclose()
        await tasks.close(1)
        await memories.close()
        await passing.close()
        await database.close()
