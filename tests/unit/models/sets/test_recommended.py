"""A set from the choice to the registry: what is here is not fetched, what is not is not used."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.domain.downloads import State
from app.domain.errors import HubMissing, ModelMissing
from app.domain.settings import Settings
from app.models.editing import RegistryEditor
from app.models.live import open_roster
from app.models.ordering import Orders
from app.models.sets.desk import SetDesk
from app.models.sets.recommended import Recommended
from app.platform.bus import Bus
from app.platform.paths import Paths
from tests.fakes.downloads import queued
from tests.fakes.hub import FakeHub, FakeRepo, fake_hub
from tests.unit.models.hub.stage import client, starter
from tests.unit.models.shelf.files import library

GIB = 1 << 30
FRONT = FakeRepo(
    "lmstudio-community/Qwen3.5-0.8B-GGUF", {"Qwen3.5-0.8B-Q8_0.gguf": starter("draft")}
)


@asynccontextmanager
async def recommended(folder: Path) -> AsyncIterator[tuple[Recommended, FakeHub, Path]]:
    paths = Paths.discover(folder / "data")
    paths.ensure()

    async def bandwidth() -> float:
        return 30e9

    desk = SetDesk(paths.resources, lambda: 8 * GIB, 4, bandwidth)
    settings = Settings.model_validate({})
    editor, roster = RegistryEditor(settings, paths), open_roster(settings, paths, Bus())
    async with (
        fake_hub(FRONT) as served,
        client(served) as hub,
        queued(folder) as queue,
        library(folder) as shelf,
    ):
        orders = Orders(hub, queue.downloads, folder / "own")
        yield Recommended(desk, shelf, orders, editor, roster, paths), served, folder / "own"


async def test_what_is_missing_is_ordered_part_by_part(tmp_path: Path) -> None:
    async with recommended(tmp_path) as (sets, _, _):
        plan = (await sets.chooser()).best()
        assert plan is not None
        standing = await sets.standing(plan)
        assert [part.entry.name for part in standing.missing] == [e.name for e in plan.files]
        front, other, *_ = standing.parts
        download = await sets.order(front)
        assert front.belongs(download)
        assert not other.belongs(download)
        assert download.state in {State.WAITING, State.RUNNING}
        with pytest.raises(HubMissing):
            await sets.order(other)
        with pytest.raises(ModelMissing, match="Not here yet"):
            await sets.use(plan)


async def test_what_is_here_comes_into_the_registry(tmp_path: Path) -> None:
    async with recommended(tmp_path) as (sets, served, own):
        plan = (await sets.chooser()).best()
        assert plan is not None
        own.mkdir()
        for entry in plan.files:
            name = "all-MiniLM-L6-v2-q8_0" if entry.embeddings else "draft"
            (own / entry.file).write_bytes(starter(name))
        standing = await sets.standing(plan)
        assert (standing.missing, standing.in_use) == ((), False)
        await sets.use(plan)
        front = sets.roster.find("front")
        assert front is not None
        assert front.model.path == own / plan.files[0].file
        assert (await sets.standing(plan)).in_use
        assert served.asked == []
