"""Builds of the engine with real processes: fetched, tried, used, and taken back after a crash."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.domain.builds import BuildKind
from app.domain.errors import EngineUnfit
from app.domain.models import ModelSpec, RoleSpec, Tier
from app.engines.supervisor import Supervisor
from app.models.builds.listing import Listing
from app.models.builds.matching import Host
from app.models.builds.service import BuildGround, EngineBuilds
from app.models.builds.shelf import BuildShelf
from app.models.builds.trial import starter_trial
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from tests.e2e.test_runner_harness import FRONT, MODELS
from tests.fakes.downloads import queued
from tests.fakes.engines import ask
from tests.fakes.releases import Releases, releasing, server_build, zipped

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the builds here are for Linux"),
]
ROOT = Path(__file__).parents[2]
CPU = "llama-{}-bin-ubuntu-x64.tar.gz"


@dataclass
class Bench:
    """Builds, and the engines that use them."""

    engines: EngineBuilds
    supervisor: Supervisor
    releases: Releases

    def publish(self, tag: str, mode: str) -> str:
        self.releases.publish(tag, {CPU.format(tag): server_build(mode, tag)})
        return f"server-{tag}-cpu"


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    paths = replace(Paths.discover(folder), runtime=folder / "run")
    paths.ensure()
    policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
    async with releasing() as releases, queued(folder) as queue:
        tasks = queue.downloads._ground.tasks
        supervisor = Supervisor(paths, queue.bus, tasks, policy)
        shelf = BuildShelf(paths.data / "engines", queue.bus)
        supervisor.builds = shelf
        ground = BuildGround(
            shelf=shelf,
            listing=Listing(policy, releases.places, Host("linux", "x64")),
            downloads=queue.downloads,
            bus=queue.bus,
            trial=starter_trial(supervisor, paths),
        )
        try:
            yield Bench(EngineBuilds(ground), supervisor, releases)
        finally:
            await supervisor.close()


def role(path: Path) -> RoleSpec:
    model = ModelSpec(name="m", path=path, engine="llama-server", context=512, threads=1)
    return RoleSpec(name="front", tier=Tier.A, model=model)


def maps_of(pid: int) -> str:
    return Path(f"/proc/{pid}/maps").read_text("utf-8")


async def test_a_build_that_crashes_on_load_gives_way_to_the_one_before(tmp_path: Path) -> None:
    async with bench(tmp_path) as at:
        for tag, mode in (("b9001", "good"), ("b9002", "picky")):
            assert (await at.engines.get(at.publish(tag, mode))).usable
        server = await at.supervisor.acquire(role(MODELS / "coder.gguf"))
        assert "server-b9002-cpu was taken back" in server.notes[0]
        assert await ask(server.client, "What is the capital of Japan?") == "Tokyo"
        book = at.engines.shelf.book
        assert book.used[BuildKind.SERVER] == "server-b9001-cpu"
        assert at.engines.shelf.named("server-b9001").proven == ("m",)


async def test_a_build_that_does_not_start_is_never_used(tmp_path: Path) -> None:
    async with bench(tmp_path) as at:
        with pytest.raises(EngineUnfit, match=r"libnone\.so\.1"):
            await at.engines.get(at.publish("b9001", "broken"))
        assert await at.engines.shelf.place(BuildKind.SERVER) is None


async def test_a_library_answers_inside_the_runner_or_is_refused(tmp_path: Path) -> None:
    spec = find_spec("llama_cpp")
    assert spec is not None
    assert spec.origin is not None
    shipped = Path(spec.origin).parent / "lib"
    files = {f"llama_cpp/lib/{each.name}": each.read_bytes() for each in shipped.glob("*.so*")}
    async with bench(tmp_path) as at:
        at.releases.offer_wheel("cpu", zipped(files, quick=True))
        at.releases.offer_wheel("vulkan", zipped({"llama_cpp/lib/libllama.so": b"no library"}))
        build = await at.engines.get("library-0.3.36-cpu")
        runner = role(FRONT).model.model_copy(update={"engine": "runner"})
        server = await at.supervisor.acquire(role(FRONT).model_copy(update={"model": runner}))
        assert str(at.engines.shelf.entrance(build) / "libllama") in maps_of(server.pid)
        with pytest.raises(EngineUnfit, match="does not work on this computer"):
            await at.engines.get("library-0.3.36-vulkan")
        assert at.engines.shelf.book.used[BuildKind.LIBRARY] == build.id


@pytest.mark.timeout(400)
def test_it_is_all_there_in_the_terminal(tmp_path: Path) -> None:
    asyncio.run(_in_the_terminal(tmp_path / "田中 Ж"))


async def _in_the_terminal(data: Path) -> None:
    async with releasing() as releases:
        releases.publish("b9001", {CPU.format("b9001"): server_build("good", "b9001")})
        places = releases.places
        kept = {name: text for name, text in os.environ.items() if name[:4] != "ORCH"}
        env = {
            **kept,
            "ORCHESTRATOR_DATA_DIR": str(data),
            "ORCHESTRATOR_RELEASE_API": places.api,
            "ORCHESTRATOR_WHEEL_INDEX": places.index,
        }

        async def engines(*arguments: str) -> tuple[int, str, str]:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app", "engines", *arguments),
                cwd=ROOT,
                env=env,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            out, err = await process.communicate()
            return process.returncode or 0, out.decode(), err.decode()

        code, out, _ = await engines("list")
        assert code == 0
        assert "server-b9001-cpu" in out
        assert "Libraries of version 0.3.36 for linux x64" in out
        code, out, err = await engines("get", "server")
        assert (code, "works here and is used" in out) == (0, True), err
        code, out, _ = await engines("list", "--here", "--json")
        (build,) = json.loads(out)["builds"]
        assert (build["id"], build["in_use"]) == ("server-b9001-cpu", True)
        code, _, err = await engines("rm", "server")
        assert (code, "in use" in err) == (1, True)
        assert (await engines("rollback", "server"))[0] == 0
        code, out, _ = await engines("rm", "server")
        assert (code, "is gone" in out) == (0, True)
