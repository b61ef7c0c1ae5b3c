"""What all services stand on: settings, roles, the bus, tasks, and the files of the program."""

import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from app.domain.models import Roster
from app.domain.settings import Settings
from app.models.benching.records import BenchRecords
from app.models.builds.shelf import BuildShelf
from app.models.identity import Identities
from app.models.registry import load_registry
from app.orchestration.ledger.ledger import Ledger
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.storage import Database
from app.platform.tasks import TaskOwner


@dataclass(frozen=True)
class Ground:
    """What all services stand on; `late` ends after all tasks, `stack` before."""

    settings: Settings
    paths: Paths
    roster: Roster
    stack: AsyncExitStack
    late: AsyncExitStack
    bus: Bus
    tasks: TaskOwner
    policy: NetworkPolicy
    database: Database
    ledger: Ledger
    identities: Identities
    benchmarks: BenchRecords
    builds: BuildShelf

    def registry(self) -> Roster:
        """Return the roles as their file says, without what the settings change."""
        plain = self.settings.model_copy(update={"threads": 0, "role": ""})
        return load_registry(plain.registry, settings=plain, paths=self.paths)


async def open_ground(settings: Settings, paths: Paths, stack: AsyncExitStack) -> Ground:
    """Open files and begin to listen; all of it ends with `stack`.

    Raises:
        AppError: the registry, the database or a folder cannot be used.
    """
    roster = load_registry(settings.registry, settings=settings, paths=paths)
    policy = NetworkPolicy(local_only=settings.local_only, clock=time.time)
    database = Database(paths.database, paths.backups)
    stack.push_async_callback(database.close)
    await database.open()
    bus, tasks = Bus(), TaskOwner()
    # Before the end of all tasks is arranged: turns that end with them still have rows to write.
    ledger = Ledger(paths.ledger, paths.backups / "ledger", bus, tasks)
    stack.push_async_callback(ledger.close)
    await ledger.open()
    late = await stack.enter_async_context(AsyncExitStack())
    identities = Identities(paths.cache / "model-ids.json")
    benched = BenchRecords(database, identities)
    builds = BuildShelf(paths.data / "engines", bus)
    found = settings, paths, roster, stack, late, bus, tasks, policy, database, ledger, identities
    return Ground(*found, benched, builds)
