"""The composition root: builds every service once, starts and stops them in order."""

import time
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.api.private import PrivateDoor, Query
from app.conversations.store import Conversations
from app.domain.events import ServerState
from app.domain.models import EngineKind, ModelSpec, Roles, Roster
from app.domain.settings import Settings
from app.engines.base import Capabilities
from app.engines.fleet import Fleet
from app.engines.remote.remotes import Remotes
from app.engines.residency.outlook import Outlook, Outlooks
from app.engines.residency.records import Records
from app.engines.residency.residency import Residency, Rules
from app.engines.residency.room import Scales
from app.engines.residency.sizes import Sizes
from app.engines.supervisor import Supervisor
from app.following import follow, measured_before, probes_of, tell_changed_models
from app.ground import Ground, open_ground
from app.memory.desk import Memories
from app.memory.queries import MemoryDesk
from app.models.live import LiveRoster
from app.models.loads import LoadsGround
from app.models.manager import Benching, ManagerGround, ModelManager, open_manager
from app.models.settling import settle_all
from app.orchestration.attempt import Attempts
from app.orchestration.chats import Chats
from app.orchestration.conductor import Advisers, Conductor
from app.orchestration.doctor import Doctor
from app.orchestration.journal import Journal
from app.orchestration.learning.idle import Chore, Idle, Quiet
from app.orchestration.learning.moves import MovesDesk
from app.orchestration.ledger.desk import LedgerDesk
from app.orchestration.measurements import Meters, RegistryDesk, expect
from app.orchestration.mind import Mind, Surroundings, joined
from app.orchestration.practice import Practice
from app.orchestration.recollection import Recollection
from app.orchestration.router.desk import RouteDesk
from app.orchestration.telemetry import Holding, Telemetry
from app.orchestration.turn import Turns
from app.platform.bus import Bus
from app.platform.instance import Owner
from app.platform.memory import memory, usage
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.power import on_mains
from app.platform.secrets import Secrets
from app.platform.tasks import TaskOwner
from app.remembering import chores_of, keep, open_chats, open_memories, recollection

_CLOSING_GRACE_S = 5.0


@dataclass(frozen=True)
class App:
    """All services of a running core."""

    settings: Settings
    paths: Paths
    bus: Bus
    tasks: TaskOwner
    policy: NetworkPolicy
    roster: LiveRoster
    supervisor: Supervisor
    engines: Fleet
    conversations: Conversations
    turns: Turns
    chats: Chats
    door: PrivateDoor
    telemetry: Telemetry
    moves: MovesDesk
    manager: ModelManager
    memories: Memories


def new_id() -> str:
    """Return a fresh identifier."""
    return uuid.uuid4().hex


def _rules(settings: Settings, roster: Roles) -> Rules:
    """Return who stays in memory, as registry and settings say."""
    return Rules(
        pinned=roster.pinned,
        minimum_s=settings.minimum_residency_s,
        anyway=settings.load_anyway,
    )


@dataclass(frozen=True)
class _Engines:
    """Who generates, and what is known of their memory."""

    supervisor: Supervisor
    fleet: Fleet
    residency: Residency
    scales: Scales
    outlooks: Outlooks
    sizes: Sizes

    def follow(self, roster: Roster) -> Coroutine[Any, Any, None]:
        """Go by other roles from now on; return the work of finding out how large they are."""
        self.supervisor.follow(roster)
        self.residency.follow(roster)
        return self.outlooks.survey([role.model for role in roster.roles])

    def holdings(self) -> tuple[list[Holding], int]:
        """Return what models hold of memory, in bytes, and the budget."""
        held = [Holding(each.model.name, each.size.bytes) for each in self.residency.places]
        return held, self.scales.limit(self.scales.gauge())

    def obtainable(self) -> int:
        """Return the bytes models could have if all that are in memory left."""
        there = self.scales.gauge()
        held = sum(each.size.bytes for each in self.residency.places)
        return min(self.scales.limit(there), there.available + held)

    def outlook(self, model: ModelSpec) -> Outlook:
        """Return what it takes to have a model in memory."""
        return self.outlooks.of(model)

    def caps(self, model: str) -> Capabilities | None:
        """Return what a model's engine can do, if it runs."""
        servers = (each for each in self.supervisor.servers if each.model.name == model)
        return next((server.client.caps for server in servers), None)

    def absent(self, model: str) -> str:
        """Return why a model is set aside, or ''."""
        state = self.fleet.states.get(model)
        if state is None or state.state is not ServerState.QUARANTINED:
            return ""
        return f"it is set aside: {state.detail}" if state.detail else "it is set aside"

    def resident(self, model: str) -> bool:
        """Return whether a model can answer without being loaded."""
        state = self.fleet.states.get(model)
        return state is not None and state.state is ServerState.READY


def _engines(ground: Ground) -> _Engines:
    settings, paths, bus, tasks = ground.settings, ground.paths, ground.bus, ground.tasks
    engine: EngineKind = "mock" if settings.mock_mode else "runner"
    supervisor = Supervisor(paths, bus, tasks, ground.policy, engine=engine)
    supervisor.builds = ground.builds
    ground.stack.push_async_callback(supervisor.close)
    remotes = Remotes(bus, ground.policy, Secrets(paths.config / "secrets.json").get)
    ground.stack.push_async_callback(remotes.close)
    scales = Scales(settings.memory_budget_mb << 20, gauge=memory, weigh=usage)
    sizes = Sizes(Records(ground.database))
    residency = Residency(supervisor, sizes, scales, bus, tasks, _rules(settings, ground.roster))
    ground.stack.push_async_callback(tasks.close, _CLOSING_GRACE_S)
    ground.stack.callback(residency.close)
    outlooks = Outlooks(residency, sizes, scales, anyway=settings.load_anyway)
    models = [role.model for role in ground.roster.roles]
    tasks.spawn(outlooks.survey(models), name="survey models")
    fleet = Fleet(residency, remotes)
    return _Engines(supervisor, fleet, residency, scales, outlooks, sizes)


def _mind(ground: Ground, engines: _Engines, telemetry: Telemetry) -> Mind:
    mind = joined(
        Surroundings(
            settings=ground.settings,
            roster=ground.roster,
            ledger=ground.ledger,
            tasks=ground.tasks,
            engines=engines.fleet,
            standing=engines,
            identify=ground.identities,
            canonical=ground.identities.canonical,
            new_id=new_id,
            also=(telemetry,),
        )
    )
    mind.learner.start(probes_of(ground))
    return mind


def _turns(
    ground: Ground, engines: Fleet, mind: Mind, journal: Journal, memory: Recollection
) -> Turns:
    async def ready() -> None:
        await ground.roster.look()
        await mind.learner.ready()

    advisers = Advisers(
        router=mind.router,
        gate=mind.gate,
        breaker=mind.breaker,
        identify=mind.identify,
        ready=ready,
        second=mind.second,
        memory=memory,
    )
    conductor = Conductor(Attempts(engines, time.monotonic), advisers, ground.bus)
    return Turns(
        bus=ground.bus,
        tasks=ground.tasks,
        conductor=conductor,
        journal=journal,
        clock=time.monotonic,
        new_id=new_id,
    )


def _idle(ground: Ground, mind: Mind, turns: Turns, journal: Journal, memories: Memories) -> Idle:
    quiet = Quiet(
        after_s=ground.settings.idle_after_s,
        busy=lambda: turns.running,
        on_mains=on_mains,
        clock=time.monotonic,
    )
    settle = Chore("read big models whole", partial(settle_all, ground.identities))
    chores = (*chores_of(memories), settle)
    idle = Idle(mind.studies.all(), quiet, journal.write, ground.bus, ground.tasks, chores)
    idle.start()
    return idle


def _chats(
    conversations: Conversations,
    turns: Turns,
    engines: _Engines,
    mind: Mind,
    journal: Journal,
    memories: Memories,
) -> Chats:
    async def forget(conversation_id: str) -> None:
        mind.studies.forget()
        await engines.supervisor.forget_texts()
        await memories.forget_chat(conversation_id)

    return Chats(
        conversations=conversations,
        turns=turns,
        bus=turns.bus,
        clock=time.monotonic,
        journal=journal,
        forget=forget,
    )


def _queries(
    ground: Ground, engines: _Engines, mind: Mind, turns: Turns, idle: Idle, memories: Memories
) -> dict[str, Query]:
    """Return what can be asked of the core besides answers, by operation."""
    doctor = Doctor(
        (
            ("routing", mind.router.mechanisms),
            ("gate", mind.gate.mechanisms),
            ("escalation", turns.mechanisms),
            ("learning", mind.learner.mechanisms),
            ("learning", mind.studies.mechanisms),
            ("learning", idle.mechanisms),
            ("ledger", mind.ledger.mechanisms),
            ("memory", memories.mechanisms),
            ("engines", ground.builds.mechanisms),
            ("registry", ground.roster.mechanisms),
        )
    )
    desk = RouteDesk(mind.router, mind.learner.ready)
    records = LedgerDesk(mind.ledger)
    meters = Meters(mind.speeds, engines.sizes, ground.benchmarks.of)
    registry = RegistryDesk(ground.registry, meters, ground.paths.resources, mind.learner.ready)
    return {
        "doctor": doctor.answer,
        "route": desk.answer,
        "ledger rows": records.rows,
        "registry": registry.answer,
        **MemoryDesk(memories).queries(),
    }


async def _manager(ground: Ground, engines: _Engines, mind: Mind, turns: Turns) -> ModelManager:
    benching = Benching(
        memory=engines.residency,
        records=ground.benchmarks,
        seen=engines.sizes.seen,
        busy=lambda: turns.running > 0,
        told=partial(expect, mind.speeds),
    )
    ground.tasks.spawn(measured_before(ground, mind), name="earlier measurements")
    return await open_manager(
        ManagerGround(
            settings=ground.settings,
            paths=ground.paths,
            roster=ground.roster,
            bus=ground.bus,
            tasks=ground.tasks,
            policy=ground.policy,
            database=ground.database,
            identities=ground.identities,
            obtainable=engines.obtainable,
            loads=LoadsGround(engines.sizes.of, engines.obtainable, engines.supervisor.command),
            meter=Meters(mind.speeds, engines.sizes, ground.benchmarks.of).of,
            benching=benching,
            new_id=new_id,
            builds=ground.builds,
            supervisor=engines.supervisor,
        ),
        ground.stack,
    )


def _door(
    turns: Turns,
    chats: Chats,
    manager: ModelManager,
    queries: dict[str, Query],
    *,
    has_window: bool,
) -> PrivateDoor:
    return PrivateDoor(
        bus=turns.bus,
        turns=turns,
        chats=chats,
        has_window=has_window,
        queries=queries,
        streams=manager.streams,
    )


@asynccontextmanager
async def build(
    settings: Settings, paths: Paths, owner: Owner, *, has_window: bool
) -> AsyncIterator[App]:
    """Run the core as long as the block lasts; what was started last ends first.

    Raises:
        AppError: the registry, the database or a folder cannot be used.
    """
    async with AsyncExitStack() as stack:
        stack.callback(owner.release)  # last of all: whoever comes next must be the only writer
        ground = await open_ground(settings, paths, stack)
        bus = ground.bus
        conversations = await open_chats(ground, new_id)
        engines = _engines(ground)
        telemetry = Telemetry(bus, ground.roster, engines.holdings, time.time)
        mind = _mind(ground, engines, telemetry)
        follow(ground, engines.follow, mind)
        journal = Journal(
            (mind.ledger, mind.learner, mind.studies, mind.resets, telemetry),
            wall_clock=time.time,
            identify=mind.identify,
            keep=mind.studies.keep,
        )
        memories = await open_memories(ground, engines.fleet, engines.outlook, mind)
        turns = _turns(ground, engines.fleet, mind, journal, recollection(ground, memories, mind))
        keep(ground, memories, conversations)
        idle = _idle(ground, mind, turns, journal, memories)
        chats = _chats(conversations, turns, engines, mind, journal, memories)
        ground.tasks.spawn(tell_changed_models(mind, journal, bus), name="changed models")
        moves = MovesDesk(mind.starts, mind.resets, journal.write, time.time, mind.learner.ready)
        if not settings.mock_mode:
            servers = engines.supervisor
            Practice(bus, ground.tasks, lambda: servers.servers, conversations.answers_of)
        manager = await _manager(ground, engines, mind, turns)
        queries = (
            _queries(ground, engines, mind, turns, idle, memories)
            | moves.queries()
            | manager.queries
        )
        door = _door(turns, chats, manager, queries, has_window=has_window)
        stack.push_async_callback(owner.stop)
        await owner.serve(door.handle)
        yield App(
            settings=settings,
            paths=paths,
            bus=bus,
            tasks=ground.tasks,
            policy=ground.policy,
            roster=ground.roster,
            supervisor=engines.supervisor,
            engines=engines.fleet,
            conversations=conversations,
            turns=turns,
            chats=chats,
            door=door,
            telemetry=telemetry,
            moves=moves,
            manager=manager,
            memories=memories,
        )
