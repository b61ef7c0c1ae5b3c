"""Builds in a folder of their own: real downloads from a fake place, a trial that is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.builds import BuildKind
from app.domain.errors import AppError
from app.domain.events import NoticeRaised
from app.domain.models import ModelSpec
from app.models.builds.listing import Listing
from app.models.builds.matching import Host
from app.models.builds.service import BuildGround, EngineBuilds
from app.models.builds.shelf import BuildShelf
from app.platform.net import NetworkPolicy
from tests.fakes.downloads import Queue, queued
from tests.fakes.releases import Releases, releasing, server_build

MODEL = ModelSpec(name="big", path=Path("big.gguf"))
CPU = "llama-{}-bin-ubuntu-x64.tar.gz"


@dataclass
class Stage:
    """What a test works with; `failure` is what the trial of a build raises."""

    engines: EngineBuilds
    releases: Releases
    queue: Queue
    failure: AppError | None = None
    tried: list[tuple[BuildKind, Path]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def shelf(self) -> BuildShelf:
        """Where the builds are."""
        return self.engines.shelf

    def publish(self, tag: str, body: bytes | None = None, *, digests: bool = True) -> str:
        """Publish a llama-server for the processor and return its id here."""
        made = body if body is not None else server_build(tag=tag)
        self.releases.publish(tag, {CPU.format(tag): made}, digests=digests)
        return f"server-{tag}-cpu"


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """Yield builds of a Linux computer."""
    async with releasing() as releases, queued(folder) as queue:
        policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
        stage: Stage

        async def trial(kind: BuildKind, place: Path) -> None:
            stage.tried.append((kind, place))
            if stage.failure is not None:
                raise stage.failure

        ground = BuildGround(
            shelf=BuildShelf(folder / "engines", queue.bus),
            listing=Listing(policy, releases.places, Host("linux", "x64")),
            downloads=queue.downloads,
            bus=queue.bus,
            trial=trial,
        )
        stage = Stage(EngineBuilds(ground), releases, queue)
        queue.bus.on(NoticeRaised, lambda event: stage.notices.append(event.message))
        yield stage
