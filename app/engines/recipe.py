"""What one kind of engine process needs to be started and understood."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx

from app.domain.models import ModelSpec, RoleSpec
from app.engines.base import Capabilities, ModelCard
from app.engines.client import EngineClient
from app.engines.exits import Exit
from app.engines.launch import Launcher, environment
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


class OwnRecipe:
    """The runner and the mock: children of ours that choose their port and say it."""

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher

    async def launch(self, role: RoleSpec, alias: str, token: str) -> Launch:
        """Return the command of our own child."""
        return Launch(self._launcher.command(role, alias), environment(token, os.environ))

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
