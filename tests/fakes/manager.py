"""The real model manager for tests; it sees nothing of the computer it runs on.

The home folder is empty, memory and speed are told, and secrets lie in a file of the test.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import cast

import pytest

from app.domain.models import Measured, ModelSpec, Roster
from app.domain.settings import Settings
from app.engines.residency.records import Records
from app.engines.residency.sizes import Sizes
from app.engines.supervisor import Supervisor
from app.models import manager
from app.models.benching.records import BenchRecords
from app.models.benching.session import Memory as Loader
from app.models.builds.shelf import BuildShelf
from app.models.editing import RegistryEditor
from app.models.identity import Identities
from app.models.live import LiveRoster
from app.models.loads import LoadsGround
from app.models.manager import Benching, ManagerGround
from app.models.registry import load_registry
from app.platform.bus import Bus
from app.platform.memory import Memory
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.secrets import Secrets
from app.platform.storage import Database
from app.platform.tasks import TaskOwner

GIB = 1 << 30
_FOREIGN = ("HF_", "HUGGINGFACE_", "OLLAMA_", "JAN_", "XDG_")


@dataclass(frozen=True, slots=True)
class Computer:
    """What the manager is told of the computer: bytes, cores, bytes moved in a second."""

    memory: int = 8 * GIB
    cores: int = 4
    bandwidth: float = 40e9


USUAL = Computer()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a core runs: its computer, the address of a hub ('': the real one), its roles."""

    computer: Computer
    endpoint: str
    roster: Roster


async def _unmeasured(model: ModelSpec) -> Measured | None:
    del model
    return None


@contextmanager
def elsewhere(place: Place, home: Path) -> Iterator[None]:
    """Let the manager see this place instead of the computer it runs on."""
    home.mkdir(parents=True, exist_ok=True)
    told = place.computer
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
            if name != "XDG_RUNTIME_DIR":
                patch.delenv(name)
        for name in ("HOME", "USERPROFILE"):
            patch.setenv(name, str(home))
        patch.setenv("HF_ENDPOINT", place.endpoint)
        patch.setattr(manager, "Secrets", lambda file: Secrets(file, use_file=True))
        patch.setattr(manager, "measure", lambda: told.bandwidth)
        patch.setattr(manager, "memory", lambda: Memory(told.memory, told.memory))
        patch.setattr(os, "cpu_count", lambda: told.cores)
        yield


def _nobody_measures(database: Database, sizes: Sizes) -> Benching:
    """Return who takes part in measurements: there is no engine to measure."""
    return Benching(
        memory=cast("Loader", None),
        records=BenchRecords(database, Identities()),
        seen=sizes.seen,
        busy=lambda: False,
        told=lambda _model, _rates: None,
    )


def roster(place: Place, settings: Settings, paths: Paths, bus: Bus) -> LiveRoster:
    """Return the roles of a place; those of a registry once somebody has written one."""
    editor = RegistryEditor(settings, paths)

    def load() -> Roster | None:
        written = paths.registry.exists() or settings.registry is not None
        return load_registry(settings.registry, settings=settings, paths=paths) if written else None

    return LiveRoster(lambda: load() or place.roster, editor, bus)


def ground(
    place: Place,
    *,
    settings: Settings,
    paths: Paths,
    bus: Bus,
    tasks: TaskOwner,
    policy: NetworkPolicy,
    database: Database,
) -> ManagerGround:
    """Return what the manager stands on in a test."""
    numbers, sizes = count(1), Sizes(Records(database))
    engines = Supervisor(paths, bus, tasks, policy)  # it is only asked how it would start one
    return ManagerGround(
        settings=settings,
        paths=paths,
        roster=roster(place, settings, paths, bus),
        bus=bus,
        tasks=tasks,
        policy=policy,
        database=database,
        identities=Identities(paths.cache / "model-ids.json"),
        obtainable=lambda: place.computer.memory,
        meter=_unmeasured,
        loads=LoadsGround(sizes.of, lambda: place.computer.memory, engines.command),
        benching=_nobody_measures(database, sizes),
        builds=BuildShelf(paths.data / "engines", bus),
        supervisor=engines,
        new_id=lambda: f"download-{next(numbers)}",
    )
