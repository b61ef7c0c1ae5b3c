"""What one kind of engine process needs to be started and understood."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

from app.domain.builds import BuildKind
from app.domain.models import ModelSpec, RoleSpec
from app.engines.base import Capabilities, ModelCard
from app.engines.builds import Builds, OneBuild
from app.engines.client import EngineClient
from app.engines.exits import Exit
from app.engines.launch import LIBRARY_VARIABLE, Launcher, environment
from app.engines.process import EngineProcess
from app.engines.server import obituary


@dataclass(frozen=True, slots=True)
class Launch:
    """One start: command line, environment, and the port unless the child chooses it itself.

    `notes` say what was wished for and is not done, in words for people. `guard` is put before
    the command, so that the engine ends with us.
    """

    command: Sequence[str]
    env: Mapping[str, str]
    port: int | None = None
    notes: tuple[str, ...] = ()
    guard: tuple[str, ...] = ()


class Recipe(Protocol):
    """How engines of one kind are started."""

    async def launch(self, role: RoleSpec, alias: str, token: str) -> Launch:
        """Return how to start the role's model.

        Args:
            role: whose model it is.
            alias: what the server has to call itself, which proves that the right one answers.
            token: the key of its door; it never stands in the command line.

        Raises:
            AppError: it cannot be started here at all.
        """

    def client(
        self, http: httpx.AsyncClient, model: ModelSpec, process: EngineProcess
    ) -> EngineClient:
        """Return the client that speaks to the process through `http`."""

    def review(
        self, model: ModelSpec, card: ModelCard, log: Sequence[str]
    ) -> tuple[str, ...] | Exit:
        """Return what turned out otherwise than wished, or why this start is worth nothing.

        Args:
            model: what was wished for.
            card: what the ready server says of itself.
            log: what it wrote while it started.
        """

    def judge(self, model: ModelSpec, end: Exit | None) -> str:
        """Take note of how a start went; return why another one may go better, or ''."""


class BuildUse:
    """The build that the last start took, and what became of it."""

    def __init__(self, builds: Builds, kind: BuildKind) -> None:
        self._builds = builds
        self._kind = kind
        self._taken: Path | None = None

    async def take(self) -> Path | None:
        """Return the folder of the build to start, or None for what is there anyway."""
        self._taken = await self._builds.place(self._kind)
        return self._taken

    def leave(self) -> None:
        """Note that this start goes without it."""
        self._taken = None

    def judge(self, model: ModelSpec, end: Exit | None) -> str:
        """Tell how it went; return why another start may go better, or ''."""
        if self._taken is None:
            return ""
        if end is not None:
            return self._builds.fell(self._kind, self._taken, model, end)
        self._builds.loaded(self._kind, self._taken, model)
        return ""


class OwnRecipe:
    """The runner and the mock: children of ours that choose their port and say it."""

    def __init__(self, launcher: Launcher, builds: Builds | None = None) -> None:
        """Start children with the library of `builds`, unless the environment names one."""
        self._launcher = launcher
        self._use = BuildUse(builds or OneBuild(), BuildKind.LIBRARY)

    async def launch(self, role: RoleSpec, alias: str, token: str) -> Launch:
        """Return the command of our own child."""
        env = environment(token, os.environ)
        self._use.leave()
        if not env.get(LIBRARY_VARIABLE) and (library := await self._use.take()):
            env[LIBRARY_VARIABLE] = str(library)
        return Launch(self._launcher.command(role, alias), env)

    def client(
        self, http: httpx.AsyncClient, model: ModelSpec, process: EngineProcess
    ) -> EngineClient:
        """Return the plain client; our children speak its language."""
        caps = Capabilities(
            chat=not model.embeddings,
            embed=model.embeddings,
            grammar=True,
            continues=True,
            sequences=model.sequences,
        )
        return EngineClient(http, caps=caps, obituary=lambda: obituary(process))

    def review(self, model: ModelSpec, card: ModelCard, log: Sequence[str]) -> tuple[str, ...]:
        """Return nothing: our children say for themselves what they do."""
        return ()

    def judge(self, model: ModelSpec, end: Exit | None) -> str:
        """Return why another start may go better: the library was another one then."""
        return self._use.judge(model, end)
