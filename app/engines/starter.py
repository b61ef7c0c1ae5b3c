"""From a role to a ready server: spawn, handshake, load progress, proof of identity."""

import asyncio
import os
import secrets
from collections.abc import Callable

from app.domain.errors import AppError, EngineAnswerInvalid, EngineDied, EngineStartFailed
from app.domain.events import ServerState
from app.domain.models import ModelSpec, RoleSpec
from app.engines.base import Capabilities, ModelCard
from app.engines.client import EngineClient
from app.engines.enginelog import EngineLog, log_file
from app.engines.exits import Exit, decode
from app.engines.launch import Launcher, environment
from app.engines.process import EngineProcess
from app.engines.server import Server, obituary
from app.engines.sweep import ChildRegistry
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths

POLL_S = 0.05
# After a failed load the child still writes why, and ends.
LAST_WORDS_S = 5.0

Report = Callable[[ServerState, float | None], None]


class Starter:
    """Makes servers; whatever goes wrong, no process and no connection is left behind."""

    def __init__(
        self, paths: Paths, policy: NetworkPolicy, launcher: Launcher, registry: ChildRegistry
    ) -> None:
        self._paths = paths
        self._policy = policy
        self.launcher = launcher
        self._registry = registry

    async def start(self, role: RoleSpec, report: Report) -> Server | Exit:
        """Return a ready server for the role's model, or why there is none.

        Args:
            role: whose model is loaded, within its `load_s`.
            report: told about every step.
        """
        alias = f"echelon-{secrets.token_hex(8)}"
        token = secrets.token_urlsafe(32)
        log = EngineLog(log_file(self._paths.logs, role.model.name))
        try:
            process = await self._spawn(role, alias, token, log)
        except AppError as error:
            log.close()
            return Exit(error.code, final=False, error=error)
        self._registry.add(process.pid, alias)
        log.add(f"-- process {process.pid} started for {role.model.path}")
        clients: list[EngineClient] = []
        server: Server | None = None
        try:
            async with asyncio.timeout(role.timeouts.load_s):
                client = self._client(role.model, process, await process.handshake(), token)
                clients.append(client)
                card = await _until_ready(client, alias, report)
            server = Server(role.model, process, client, card)
        except TimeoutError:
            return _too_slow(role)
        except AppError as error:
            return await _explain(process, error)
        finally:
            if server is None:
                await self.retire(process, *clients)
        return server

    async def retire(self, process: EngineProcess, *clients: EngineClient) -> None:
        """End a process, wait for it, and give everything back that belonged to it."""
        try:
            returncode = await process.stop()
            process.log.add(f"-- process {process.pid} ended with status {returncode}")
        finally:
            for client in clients:
                await client.aclose()
            process.log.close()
            self._registry.remove(process.pid)

    async def _spawn(self, role: RoleSpec, alias: str, token: str, log: EngineLog) -> EngineProcess:
        env = environment(token, os.environ)
        command = self.launcher.command(role, alias)
        return await EngineProcess.spawn(command, env=env, cwd=self._paths.runtime, log=log)

    def _client(
        self, model: ModelSpec, process: EngineProcess, port: int, token: str
    ) -> EngineClient:
        http = self._policy.client(
            "engine",
            loopback=True,
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
        )
        caps = Capabilities(
            chat=not model.embeddings, embed=model.embeddings, sequences=model.sequences
        )
        return EngineClient(http, caps=caps, obituary=lambda: obituary(process))


async def _until_ready(client: EngineClient, alias: str, report: Report) -> ModelCard:
    shown = -1.0
    while (health := await client.health()).status != "ready":
        if health.status == "failed":
            raise EngineStartFailed(
                "The model could not be loaded.", remedy="Look at the engine's log."
            )
        if health.progress != shown:
            shown = health.progress
            report(ServerState.LOADING, shown)
        await asyncio.sleep(POLL_S)
    name, card = await client.card()
    if name != alias:
        raise EngineAnswerInvalid(
            "Another program answers in the engine's place.", remedy="Try again."
        )
    return card


async def _explain(process: EngineProcess, error: AppError) -> Exit:
    """Return the process's own reason if it ends by itself, else what we saw of it."""
    broken = isinstance(error, EngineDied | EngineStartFailed)
    returncode = await process.ends_within(LAST_WORDS_S) if broken else process.returncode
    if returncode is None:
        return Exit(error.code, final=False, error=error)
    return decode(returncode, process.log.tail(), loading=True)


def _too_slow(role: RoleSpec) -> Exit:
    limit = role.timeouts.load_s
    error = EngineStartFailed(
        f"The model {role.model.name} was not loaded within {limit:g} seconds.",
        remedy="Raise the load timeout in the model registry, or choose a smaller model.",
    )
    return Exit("load_timeout", final=False, error=error)
