"""All remote models: who was reached, how they want to be asked, and in which state they are."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.domain.errors import AppError, EngineStartFailed, RemoteDown
from app.domain.events import ServerState, ServerStateChanged
from app.domain.models import ModelSpec, RemoteOptions, RoleSpec
from app.engines.base import ModelCard
from app.engines.remote.keys import Keyring, find_key
from app.engines.restarts import Pace
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy

if TYPE_CHECKING:
    from app.engines.remote.client import RemoteClient
    from app.engines.remote.probe import Findings


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A remote model that was reached; valid until it is stopped or cannot be reached any more."""

    model: ModelSpec
    client: "RemoteClient"
    card: ModelCard
    notes: tuple[str, ...] = ()

    @property
    def context(self) -> int:
        """How many tokens question and answer may have together."""
        return self.card.n_ctx or self.model.context


class Remotes:
    """Reaches remote models when they are asked for. A remote has no quarantine: asking is cheap.

    One that stopped answering is explored anew the next time, because another server may have
    taken its place.
    """

    def __init__(
        self, bus: Bus, policy: NetworkPolicy, keyring: Keyring, *, pace: Pace | None = None
    ) -> None:
        """Reach nobody yet.

        Args:
            bus: told about every change of state.
            policy: makes the connections.
            keyring: where keys lie that the registry names; it may block.
            pace: time for the pauses between tries.
        """
        self._bus = bus
        self._policy = policy
        self._keyring = keyring
        self._pace = pace or Pace()
        self._clients: dict[tuple[str, RemoteOptions], RemoteClient] = {}
        self._reached: dict[str, RemoteServer] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self.states: dict[str, ServerStateChanged] = {}

    async def acquire(
        self, role: RoleSpec, *, on_progress: Callable[[float], None] | None = None
    ) -> RemoteServer:
        """Return the reached remote; many callers share one exploration.

        Args:
            role: whose model is wanted; its `load_s` limits the exploration.
            on_progress: told once when it is done, as nobody knows more.
        """
        name = role.model.name
        async with self._locks.setdefault(name, asyncio.Lock()):
            server = self._reached.get(name)
            if server is None or not server.model.starts_like(role.model):
                server = await self._reach(role)
        if on_progress is not None:
            on_progress(1.0)
        return server

    async def stop(self, model: str) -> None:
        """Forget what was found out about a remote; its other answers go on."""
        if self._reached.pop(model, None) is not None:
            self._announce(model, ServerState.STOPPED)

    async def close(self) -> None:
        """Close all connections."""
        for (model, _), client in self._clients.items():
            await self.stop(model)
            await client.aclose()

    async def _reach(self, role: RoleSpec) -> RemoteServer:
        model = role.model
        self._announce(model.name, ServerState.STARTING)
        try:
            async with asyncio.timeout(role.timeouts.load_s):
                server = await self._explored(model)
        except TimeoutError:
            error = _too_slow(role)
            self._announce(model.name, ServerState.CRASHED, error.message)
            raise error from None
        except AppError as error:
            self._announce(model.name, ServerState.CRASHED, error.message)
            raise
        self._reached[model.name] = server
        self._announce(model.name, ServerState.READY, " ".join(server.notes))
        return server

    async def _explored(self, model: ModelSpec) -> RemoteServer:
        # With it comes the HTTP library, which the first paint of a window need not wait for.
        from app.engines.remote.probe import explore  # noqa: PLC0415

        options = model.remote
        if options is None:
            raise EngineStartFailed(
                f"The model {model.name} has no address.", remedy="Name one in the model registry."
            )
        # Where it is reached otherwise by now, those who asked before still have their connections.
        place = model.name, options
        client = self._clients.get(place) or await self._client(model, options)
        self._clients[place] = client
        found = await explore(client, model, options)
        client.wording = found.wording
        client.caps = replace(
            client.caps,
            chat=not model.embeddings,
            embed=model.embeddings,
            logprobs=found.logprobs,
            tools=found.tools,
            vision=options.vision,
            sequences=model.sequences,
        )
        return RemoteServer(model, client, found.card, _notes(model, found))

    async def _client(self, model: ModelSpec, options: RemoteOptions) -> "RemoteClient":
        from app.engines.remote.client import PROBE_TIMEOUT, RemoteClient  # noqa: PLC0415
        from app.engines.remote.faults import Place  # noqa: PLC0415

        key = await asyncio.to_thread(find_key, model.name, options.key, os.environ, self._keyring)
        http = self._policy.client(
            f"remote model {model.name}",
            base_url=f"{options.url}/",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=PROBE_TIMEOUT,
        )

        def lost(error: AppError) -> None:
            self._reached.pop(model.name, None)
            self._announce(model.name, ServerState.CRASHED, error.message)

        place = Place(model.name, urlsplit(options.url).netloc)
        return RemoteClient(http, place, pace=self._pace, lost=lost)

    def _announce(self, model: str, state: ServerState, detail: str = "") -> None:
        self.states[model] = ServerStateChanged(model, state, None, detail)
        self._bus.publish(self.states[model])


def _notes(model: ModelSpec, found: "Findings") -> tuple[str, ...]:
    if model.gated and not found.logprobs:
        return ("It does not tell the log-probability of every token: no gate can judge it.",)
    return ()


def _too_slow(role: RoleSpec) -> RemoteDown:
    return RemoteDown(
        f"The remote model {role.model.name} did not answer within {role.timeouts.load_s:g} "
        "seconds.",
        remedy="Look whether it is still loading there, or raise `load_s` in the model registry.",
    )
