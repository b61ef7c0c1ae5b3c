"""All engines, wherever they run: processes of this computer and remote models."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from typing import Protocol

from app.domain.events import ServerStateChanged
from app.domain.models import ModelSpec, RoleSpec
from app.engines.base import Engine
from app.engines.residency.residency import Residency

Progress = Callable[[float], None]


class ReadyServer(Protocol):
    """What a turn works with: a model that can answer now."""

    @property
    def model(self) -> ModelSpec:
        """What was asked for."""

    @property
    def client(self) -> Engine:
        """Who is asked."""

    @property
    def context(self) -> int:
        """How many tokens question and answer may have together."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is otherwise than wished, in words."""


class Source(Protocol):
    """One kind of place where engines run."""

    @property
    def states(self) -> Mapping[str, ServerStateChanged]:
        """The last known state of every model that was ever asked for, by model name."""

    async def acquire(self, role: RoleSpec, *, on_progress: Progress | None = None) -> ReadyServer:
        """Return a ready server with the role's model."""

    async def stop(self, model: str) -> None:
        """End the model's server, if there is one."""


class Engines(Protocol):
    """What a turn asks for servers."""

    def lease(
        self,
        role: RoleSpec,
        *,
        on_progress: Progress | None = None,
        on_wait: Callable[[], None] | None = None,
        anyway: bool = False,
    ) -> AbstractAsyncContextManager[ReadyServer]:
        """Return a ready server with the role's model, for as long as the block lasts."""

    def expecting(self, role: RoleSpec) -> AbstractContextManager[None]:
        """Load a model that may be wanted while the block lasts."""

    async def stop(self, model: str) -> None:
        """End the model's server, if there is one."""


class Fleet:
    """Asks the right place for a server; owns nothing itself."""

    def __init__(self, local: Residency, remote: Source) -> None:
        """Join the models in this computer's memory and those elsewhere."""
        self._local = local
        self._remote = remote

    @property
    def states(self) -> dict[str, ServerStateChanged]:
        """The last known state of every model that was ever asked for, by model name."""
        return {**self._local.states, **self._remote.states}

    @asynccontextmanager
    async def lease(
        self,
        role: RoleSpec,
        *,
        on_progress: Progress | None = None,
        on_wait: Callable[[], None] | None = None,
        anyway: bool = False,
    ) -> AsyncIterator[ReadyServer]:
        """Yield a ready server with the role's model; it is there as long as the block lasts.

        Args:
            role: whose model is wanted.
            on_progress: told the loaded fraction.
            on_wait: told when others have to end or to leave memory first.
            anyway: load the model also where it does not fit into memory.

        Raises:
            AppError: there is none; cause and remedy are in the error.
        """
        if role.model.engine == "remote":
            yield await self._remote.acquire(role, on_progress=on_progress)
            return
        async with self._local.lease(
            role, on_progress=on_progress, on_wait=on_wait, anyway=anyway
        ) as server:
            yield server

    @contextmanager
    def expecting(self, role: RoleSpec) -> Iterator[None]:
        """Load a model of this computer that may be wanted while the block lasts."""
        if role.model.engine == "remote":
            yield
            return
        with self._local.expecting(role):
            yield

    async def stop(self, model: str) -> None:
        """End the model's server, if there is one; the next lease starts it anew."""
        await self._local.stop(model)
        await self._remote.stop(model)
