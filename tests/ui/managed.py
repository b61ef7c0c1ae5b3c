"""A core for the window's tests whose model manager is the real one, speaking to the fake hub.

Nothing of the computer it runs on is seen: the home folder is empty, memory and speed are told.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeVar, cast

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.models import Measured, ModelSpec, Roster
from app.engines.residency.records import Records
from app.engines.residency.sizes import Sizes
from app.engines.supervisor import Supervisor
from app.models import manager
from app.models.benching.records import BenchRecords
from app.models.benching.session import Memory as Loader
from app.models.identity import Identities
from app.models.loads import LoadsGround
from app.models.manager import Benching, ManagerGround, open_manager
from app.platform.memory import Memory
from app.platform.secrets import Secrets
from app.ui.models.page import ModelsPage
from app.ui.models.tab import Tab
from app.ui.theme import Theme
from app.wiring import App
from tests.fakes.hub import FakeHub, FakeRepo, fake_hub
from tests.ui.conftest import RESOURCES
from tests.ui.core import ROSTER, Core, running_core

GIB = 1 << 30
_FOREIGN = ("HF_", "HUGGINGFACE_", "OLLAMA_", "JAN_", "XDG_")

Page = TypeVar("Page", bound=ModelsPage | Tab)


@dataclass(frozen=True, slots=True)
class Computer:
    """What the manager is told of the computer: bytes, cores, bytes moved in a second."""

    memory: int = 8 * GIB
    cores: int = 4
    bandwidth: float = 40e9


async def _unmeasured(model: ModelSpec) -> Measured | None:
    del model
    return None


@contextmanager
def _elsewhere(home: Path, endpoint: str, computer: Computer) -> Iterator[None]:
    """Let the manager see an empty home, the fake hub and this computer, and no keyring."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
            if name != "XDG_RUNTIME_DIR":
                patch.delenv(name)
        for name in ("HOME", "USERPROFILE"):
            patch.setenv(name, str(home))
        patch.setenv("HF_ENDPOINT", endpoint)
        patch.setattr(manager, "Secrets", lambda file: Secrets(file, use_file=True))
        patch.setattr(manager, "measure", lambda: computer.bandwidth)
        patch.setattr(manager, "memory", lambda: Memory(computer.memory, computer.memory))
        patch.setattr(os, "cpu_count", lambda: computer.cores)
        yield


def _engines(app: App) -> Supervisor:
    """Return what would start engines; it is only asked how."""
    return Supervisor(app.paths, app.bus, app.tasks, app.policy)


def _nobody_measures(core: Core) -> Benching:
    """Return who takes part in measurements: there is no engine to measure."""
    identities = Identities(core.app.paths.cache / "model-ids.json")
    return Benching(
        memory=cast("Loader", core.supervisor),
        records=BenchRecords(core.database, identities),
        seen=Sizes(Records(core.database)).seen,
        busy=lambda: core.app.turns.running > 0,
        told=lambda _model, _rates: None,
    )


def _ground(core: Core, roster: Roster, computer: Computer) -> ManagerGround:
    app, numbers = core.app, count(1)
    return ManagerGround(
        settings=app.settings,
        paths=app.paths,
        roster=roster,
        bus=app.bus,
        tasks=app.tasks,
        policy=app.policy,
        database=core.database,
        identities=Identities(app.paths.cache / "model-ids.json"),
        obtainable=lambda: computer.memory,
        meter=_unmeasured,
        loads=LoadsGround(
            Sizes(Records(core.database)).of, lambda: computer.memory, _engines(app).command
        ),
        benching=_nobody_measures(core),
        new_id=lambda: f"download-{next(numbers)}",
    )


@asynccontextmanager
async def managed(
    folder: Path,
    *repos: FakeRepo,
    roster: Roster = ROSTER,
    computer: Computer = Computer(),
) -> AsyncIterator[tuple[Core, FakeHub]]:
    """Run a core with a real manager, and a hub that holds these repositories."""
    home = folder / "home"
    home.mkdir(parents=True)
    async with AsyncExitStack() as stack:
        hub = await stack.enter_async_context(fake_hub(*repos))
        stack.enter_context(_elsewhere(home, hub.url, computer))
        core = await stack.enter_async_context(running_core(folder / "data"))
        joined = await open_manager(_ground(core, roster, computer), stack)
        core.app = replace(core.app, manager=joined, roster=roster)
        yield core, hub


@asynccontextmanager
async def shown(
    qapp: QApplication, core: Core, kind: Callable[[App, Theme], Page], width: int = 1000
) -> AsyncIterator[Page]:
    """Show a page or a tab of a running core, and take it down afterwards."""
    theme = Theme(qapp, RESOURCES, "light")
    page = kind(core.app, theme)
    page.resize(width, 700)
    page.show()
    try:
        yield page
    finally:
        page.close_core()
        page.hide()
        page.deleteLater()
        theme.deleteLater()
