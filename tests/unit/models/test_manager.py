"""What the settings make of the model manager."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from app.domain.downloads import State
from app.domain.events import DownloadChanged
from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.settings import Settings
from app.models import identity
from app.models.manager import ModelManager, open_manager
from app.models.ordering import Order
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.storage import Database
from app.platform.tasks import TaskOwner
from tests.fakes.files import Served, content, serving
from tests.fakes.hub import fake_hub
from tests.fakes.manager import USUAL, Place, ground
from tests.unit.models.hub.stage import repo, starter

MIB = 1 << 20


@asynccontextmanager
async def _managed(folder: Path, bus: Bus, **settings: object) -> AsyncIterator[ModelManager]:
    role = RoleSpec(name="front", tier=Tier.A, model=ModelSpec(name="front"))
    paths = Paths.discover(folder)
    paths.ensure()
    database, tasks = Database(paths.database, paths.backups), TaskOwner()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        await database.open()
        stack.push_async_callback(tasks.close, 5.0)
        yield await open_manager(
            ground(
                Place(USUAL, "", Roster(roles=(role,), default_role="front", source="test")),
                settings=Settings.model_validate(settings),
                paths=paths,
                bus=bus,
                tasks=tasks,
                policy=NetworkPolicy(local_only=True, clock=lambda: 0.0),
                database=database,
            ),
            stack,
        )


async def test_a_mirror_that_was_set_is_asked(tmp_path: Path) -> None:
    async with fake_hub(repo()) as served, _managed(tmp_path, Bus(), hub=served.url) as manager:
        assert (await manager.hub.reach()).endpoint == served.url


async def test_so_many_downloads_run_at_once_as_was_set(tmp_path: Path) -> None:
    served = {"a": Served(content(MIB), stall_after=10), "b": Served(content(MIB))}
    bus, done = Bus(), asyncio.Event()

    def hear(event: DownloadChanged) -> None:
        if (event.download.label, event.download.state) == ("b", State.DONE):
            done.set()

    bus.on(DownloadChanged, hear)
    async with (
        serving(**served) as files,
        _managed(tmp_path, bus, downloads_at_once=2, download_limit_mb=500) as manager,
    ):
        for name in "ab":
            await manager.orders.order(Order(files.url(f"/{name}")))
        await done.wait()
        assert manager.downloads.all[0].state is not State.WAITING


async def test_a_limit_is_as_it_was_said_last(tmp_path: Path) -> None:
    async with _managed(tmp_path, Bus(), download_limit_mb=1.5) as manager:
        assert manager.downloads._throttle._limit == 1_500_000
        assert await manager.queries["download limit"]({"op": "download limit", "mb": 7}) == {
            "mb": 7
        }
        assert manager.downloads._throttle._limit == 7_000_000
    async with _managed(tmp_path, Bus(), download_limit_mb=1.5) as manager:
        assert manager.downloads._throttle._limit == 7_000_000


async def test_a_verified_download_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "WHOLE", 10)
    body, bus, done = starter("draft"), Bus(), asyncio.Event()
    digest = hashlib.sha256(body).hexdigest()

    def hear(event: DownloadChanged) -> None:
        if event.download.state is State.DONE:
            done.set()

    bus.on(DownloadChanged, hear)
    for _ in range(2):
        async with (
            serving(**{"new.gguf": Served(body)}) as files,
            _managed(tmp_path, bus) as manager,
        ):
            await manager.orders.order(Order(files.url("/new.gguf"), digest))
            await done.wait()
            items = (await manager.shelf.survey()).items
            (item,) = [each for each in items if each.found.origin.ours]
            assert item.digests == (digest,)
            assert item.id == f"sha256:{digest}"
            assert item.path not in manager.shelf._identities.provisional()
