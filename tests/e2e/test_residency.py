"""Real engines under a budget that holds only one of two models."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.domain.errors import MemoryShort, ModelInvalid
from app.domain.events import ServerState, ServerStateChanged
from app.domain.generation import ChatRequest, TextChunk
from app.domain.models import ModelSpec, RoleSpec, Tier
from app.engines.residency.forecast import forecast
from app.engines.residency.records import Records
from app.engines.residency.residency import Residency, Rules
from app.engines.residency.room import Scales
from app.engines.residency.sizes import Sizes
from app.engines.supervisor import Supervisor
from app.platform.bus import Bus
from app.platform.memory import memory, usage
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.storage import Database
from app.platform.tasks import TaskOwner
from tests.e2e.test_runner_harness import MODELS
from tests.unit.engines.residency.memory_house import Kind, lru_loads

MB = 1 << 20


def file_of(name: str, folder: Path) -> Path:
    """Return a starter model, or under another name one just like it."""
    path = MODELS / f"{name}.gguf"
    if path.exists():
        return path
    found = folder / f"{name}.gguf"
    if not found.exists():
        shutil.copy2(MODELS / "front.gguf", found)
    return found


def spec(path: Path) -> ModelSpec:
    return ModelSpec(name=path.stem, path=path, context=256, speculation=False)


ALONE = forecast(spec(MODELS / "front.gguf"))
ONE_OF_TWO = int(1.55 * (ALONE.weights + ALONE.beside))


class Rig:
    """A residency over real runners; counts loads, and how many were there at once."""

    def __init__(self, folder: Path, database: Database, budget: int) -> None:
        paths = replace(Paths.discover(folder), runtime=folder / "run")
        paths.ensure()
        self.folder = folder
        self.bus, self.tasks = Bus(), TaskOwner()
        policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
        self.supervisor = Supervisor(paths, self.bus, self.tasks, policy)
        self.sizes = Sizes(Records(database))
        scales = Scales(budget, gauge=memory, weigh=usage)
        self.residency = Residency(
            self.supervisor, self.sizes, scales, self.bus, self.tasks, Rules()
        )
        self.loads: list[str] = []
        self.most = 0
        self.bus.on(ServerStateChanged, self._changed)

    def role(self, name: str) -> RoleSpec:
        model = spec(file_of(name, self.folder))
        return RoleSpec(name=name, tier=Tier.C, model=model)

    async def ask(self, role: RoleSpec) -> str:
        question = ChatRequest(
            messages=({"role": "user", "content": "What is 2 + 2?"},), sampling={"max_tokens": 4}
        )
        async with self.residency.lease(role) as server:
            chunks = [chunk async for chunk in server.client.chat(question)]
        return "".join(chunk.text for chunk in chunks if isinstance(chunk, TextChunk))

    def _changed(self, event: ServerStateChanged) -> None:
        if event.state is ServerState.STARTING:
            self.loads.append(event.model)
        if event.state in {ServerState.STARTING, ServerState.READY}:
            self.most = max(self.most, _runners())


def _runners() -> int:
    count = 0
    for child in psutil.Process().children():
        try:
            alive = child.status() != psutil.STATUS_ZOMBIE
            count += alive and "app.engines.runner" in child.cmdline()
        except psutil.NoSuchProcess:
            continue
    return count


@asynccontextmanager
async def rigged(folder: Path, budget: int = ONE_OF_TWO) -> AsyncIterator[Rig]:
    database = Database(folder / "echelon.db", folder / "backups")
    await database.open()
    rig = Rig(folder, database, budget)
    try:
        yield rig
    finally:
        rig.residency.close()
        await rig.tasks.close(5.0)
        await rig.supervisor.close()
        await database.close()
    assert _runners() == 0


async def test_two_hundred_alternating_questions_and_one_place(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        roles = [rig.role("front"), rig.role("twin")] * 100
        answers = await asyncio.gather(*(rig.ask(role) for role in roles))
        assert len(answers) == 200
        kinds = dict.fromkeys(("front", "twin"), Kind(ALONE.weights + ALONE.beside))
        in_order = lru_loads([role.model.name for role in roles], kinds, ONE_OF_TWO)
        assert len(in_order) == 200
        assert len(rig.loads) <= 10
        assert set(rig.loads) == {"front", "twin"}
        assert rig.most == 1


async def test_sizes_are_measured_and_known_the_next_time(tmp_path: Path) -> None:
    async with rigged(tmp_path) as rig:
        role = rig.role("front")
        before = await rig.sizes.of(role.model)
        await rig.ask(role)
        await rig.residency.stop("front")
        after = await rig.sizes.of(role.model)
        assert after.bytes != before.bytes
        assert 0.5 < before.bytes / after.bytes < 2.0
        assert after.reload_s > 0
    async with rigged(tmp_path) as rig:
        assert await rig.sizes.of(role.model) == replace(after, seen=0)


async def test_what_fails_to_load_takes_no_room(tmp_path: Path) -> None:
    whole = (MODELS / "front.gguf").read_bytes()
    (tmp_path / "cut.gguf").write_bytes(whole[: len(whole) // 2])
    async with rigged(tmp_path) as rig:
        with pytest.raises(ModelInvalid):
            await rig.ask(rig.role("cut"))
        assert rig.residency.places == ()
        assert await rig.ask(rig.role("front"))


async def test_what_cannot_fit_is_said_before_anything_is_started(tmp_path: Path) -> None:
    async with rigged(tmp_path, 20 * MB) as rig:
        with pytest.raises(MemoryShort, match=r"front needs \d+ MB of memory, but only 20 MB"):
            await rig.ask(rig.role("front"))
        assert rig.loads == []
        async with rig.residency.lease(rig.role("front"), anyway=True) as server:
            assert server.alive
