"""The model manager: everything between wishing for a model and having it, joined once.

The window reaches its parts, the terminal its `queries`.
"""

import os
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.benching import Rates
from app.domain.models import Measured, ModelSpec, Roles
from app.domain.settings import Settings
from app.engines.residency.records import Record
from app.engines.supervisor import Supervisor
from app.models.benching.bench import Bench, BenchGround
from app.models.benching.desk import BenchDesk, Stream
from app.models.benching.records import BenchRecords
from app.models.benching.session import Memory
from app.models.benching.subject import Subjects
from app.models.builds.desk import BuildsDesk
from app.models.builds.listing import Listing, Places
from app.models.builds.service import BuildGround, EngineBuilds
from app.models.builds.shelf import BuildShelf
from app.models.builds.trial import starter_trial
from app.models.crashes.applying import Remedies
from app.models.crashes.desk import CrashDesk
from app.models.downloads.allowance import Allowance
from app.models.downloads.desk import DownloadsDesk
from app.models.downloads.patience import Pace
from app.models.downloads.rows import DownloadRows
from app.models.downloads.service import Downloads
from app.models.downloads.service import Ground as DownloadsGround
from app.models.editing import RegistryEditor
from app.models.headers import Headers
from app.models.hub.access import with_mirror
from app.models.hub.desk import HubDesk
from app.models.hub.headers import HeaderReader
from app.models.hub.hub import Hub
from app.models.hub.machine import Sources, Surveyor
from app.models.hub.prospects import Prospector
from app.models.hub.token import TokenKeeper
from app.models.hub.wire import Wire
from app.models.identity import Identities
from app.models.live import LiveRoster
from app.models.loads import Loads, LoadsGround
from app.models.ordering import Orders
from app.models.sets.desk import SetDesk
from app.models.shelf.desk import LibraryDesk
from app.models.shelf.records import ShelfRecords
from app.models.shelf.removal import Removals
from app.models.shelf.shelf import Grounds, Shelf
from app.platform.bandwidth import measure
from app.platform.bus import Bus
from app.platform.memory import memory
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.secrets import Secrets
from app.platform.storage import Database
from app.platform.tasks import TaskOwner

Query = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Benching:
    """Who takes part in measurements: who loads models, whether turns run, and who is told."""

    memory: Memory
    records: BenchRecords
    seen: Callable[[ModelSpec], Awaitable[Record | None]]
    busy: Callable[[], bool]
    told: Callable[[ModelSpec, Rates], None]


@dataclass(frozen=True)
class ManagerGround:
    """What the manager stands on.

    `obtainable` is the bytes models could have if all that are in memory left; `meter` tells what
    was measured of a model.
    """

    settings: Settings
    paths: Paths
    roster: LiveRoster
    bus: Bus
    tasks: TaskOwner
    policy: NetworkPolicy
    database: Database
    identities: Identities
    obtainable: Callable[[], int]
    meter: Callable[[ModelSpec], Awaitable[Measured | None]]
    loads: LoadsGround
    benching: Benching
    new_id: Callable[[], str]
    builds: BuildShelf
    supervisor: Supervisor


@dataclass(frozen=True)
class ModelManager:
    """The parts: library, hub and what its files do here, orders, downloads, sets, registry.

    `engines` are the builds of llama.cpp.
    """

    shelf: Shelf
    hub: Hub
    token: TokenKeeper
    prospector: Prospector
    orders: Orders
    downloads: Downloads
    allowance: Allowance
    sets: SetDesk
    editor: RegistryEditor
    loads: Loads
    bench: Bench
    engines: EngineBuilds
    queries: dict[str, Query]
    streams: dict[str, Stream]


async def open_manager(ground: ManagerGround, stack: AsyncExitStack) -> ModelManager:
    """Return the manager with its queue running; it ends with `stack`."""
    secrets = Secrets(ground.paths.config / "secrets.json")
    wire = Wire(ground.policy, secrets.get, with_mirror(os.environ, ground.settings.hub))
    stack.push_async_callback(wire.close)
    hub = Hub(wire)
    headers = Headers()
    sources = Sources(ground.obtainable, lambda: _models(ground.roster), ground.meter, measure)
    surveyor = Surveyor(sources, headers)
    prospector = Prospector(hub, HeaderReader(wire), surveyor)
    shelf = _shelf(ground)
    downloads = await _downloads(ground, wire, shelf, stack)
    allowance = Allowance(
        downloads,
        ground.paths.config / "downloads.json",
        ground.settings.download_limit_mb,
        ground.bus,
    )
    orders = Orders(hub, downloads, ground.paths.models)
    sets = _sets(ground, surveyor)
    engines = _engines(ground, downloads)
    editor = RegistryEditor(ground.settings, ground.paths)
    remedies = Remedies(editor, ground.roster, ground.builds, ground.supervisor.forgive)
    crashes = CrashDesk(ground.paths.logs, ground.roster, remedies)
    bench = _bench(ground, shelf, crashes)
    measuring = BenchDesk(bench)
    desks = (
        LibraryDesk(shelf).queries(),
        HubDesk(hub, prospector).queries(),
        DownloadsDesk(downloads, ground.bus, orders.order).queries(),
        allowance.queries(),
        BuildsDesk(engines).queries(),
        crashes.queries(),
        {"models sets": sets.answer},
        measuring.queries(),
    )
    return ModelManager(
        shelf=shelf,
        hub=hub,
        token=TokenKeeper(secrets, hub),
        prospector=prospector,
        orders=orders,
        downloads=downloads,
        allowance=allowance,
        sets=sets,
        editor=editor,
        loads=Loads(ground.loads, headers),
        bench=bench,
        engines=engines,
        queries={name: query for desk in desks for name, query in desk.items()},
        streams=measuring.streams(),
    )


def _models(roster: Roles) -> list[ModelSpec]:
    return [role.model for role in roster.roles]


def _bench(ground: ManagerGround, shelf: Shelf, crashes: CrashDesk) -> Bench:
    own = ground.benching
    return Bench(
        BenchGround(
            memory=own.memory,
            subjects=Subjects(ground.roster, shelf.locate),
            records=own.records,
            seen=own.seen,
            busy=own.busy,
            told=own.told,
            crash=crashes.of,
            identify=ground.identities,
            bus=ground.bus,
            tasks=ground.tasks,
            clock=time.time,
        )
    )


def _engines(ground: ManagerGround, downloads: Downloads) -> EngineBuilds:
    places = Places(ground.settings.release_api, ground.settings.wheel_index)
    return EngineBuilds(
        BuildGround(
            shelf=ground.builds,
            listing=Listing(ground.policy, places),
            downloads=downloads,
            bus=ground.bus,
            trial=starter_trial(ground.supervisor, ground.paths),
        )
    )


def _sets(ground: ManagerGround, surveyor: Surveyor) -> SetDesk:
    async def bandwidth() -> float | None:
        return (await surveyor.machine()).weights_s

    cores = os.cpu_count() or 1
    return SetDesk(ground.paths.resources, lambda: memory().total, cores, bandwidth)


def _shelf(ground: ManagerGround) -> Shelf:
    paths = ground.paths
    grounds = Grounds(paths.models, paths.resources / "models", Path.home(), os.environ)
    removals = Removals(paths.models, ground.roster, ground.new_id)
    return Shelf(grounds, ShelfRecords(ground.database), ground.identities, removals, time.time)


async def _downloads(
    ground: ManagerGround, wire: Wire, shelf: Shelf, stack: AsyncExitStack
) -> Downloads:
    downloads = Downloads(
        DownloadsGround(
            rows=DownloadRows(ground.database),
            bus=ground.bus,
            tasks=ground.tasks,
            policy=ground.policy,
            new_id=ground.new_id,
            authorise=wire.authorisation,
            arrived=shelf.arrived,
        ),
        Pace(at_once=ground.settings.downloads_at_once),
    )
    stack.push_async_callback(downloads.close)
    await downloads.open()
    return downloads
