"""From a role to a ready server: spawn, handshake, load progress, proof of identity."""

import asyncio
import secrets
from collections.abc import Callable

from app.domain.errors import (
    AppError,
    EngineAnswerInvalid,
    EngineDied,
    EngineStalled,
    EngineStartFailed,
)
from app.domain.events import ServerState
from app.domain.models import ModelSpec, RoleSpec
from app.engines.base import Health, ModelCard
from app.engines.client import EngineClient
from app.engines.enginelog import EngineLog, log_file
from app.engines.exits import Exit, decode
from app.engines.process import EngineProcess
from app.engines.recipe import Launch, Recipe
from app.engines.server import Server
from app.engines.sweep import ChildRegistry
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths

POLL_S = 0.05
# After a failed load the child still writes why, and ends.
LAST_WORDS_S = 5.0
# Ends of a process that a damaged draft model may have brought about.
BROKEN = frozenset({"aborted", "crashed", "killed", "out_of_memory", "unknown"})
# Between the choice of a free port and its use another program may take it.
PORT_TRIES = 5
LOG_LINES = 2000

Report = Callable[[ServerState, float | None, str], None]


class Starter:
    """Makes servers; whatever goes wrong, no process and no connection is left behind."""

    def __init__(
        self, paths: Paths, policy: NetworkPolicy, recipe: Recipe, registry: ChildRegistry
    ) -> None:
        self._paths = paths
        self._policy = policy
        self._recipe = recipe
        self._registry = registry

    async def start(self, role: RoleSpec, report: Report) -> Server | Exit:
        """Return a ready server for the role's model, or why there is none.

        If a build from elsewhere may be why it does not start, the one before is tried; if
        speculation keeps it from starting, it is tried with less of that. Both are said.

        Args:
            role: whose model is loaded, within its `load_s`.
            report: told about every step.
        """
        notes: tuple[str, ...] = ()
        outcome = await self._with_some_port(role, report, notes)
        while isinstance(outcome, Exit):
            if another := self._recipe.judge(role.model, outcome):
                notes = (*notes, another)
                outcome = await self._with_some_port(role, report, notes)
                continue
            simpler = plainer(role.model, outcome)
            if simpler is None:
                break
            model, note = simpler
            notes = (*notes, note)
            role = role.model_copy(update={"model": model})
            outcome = await self._with_some_port(role, report, notes)
        if not isinstance(outcome, Exit):
            self._recipe.judge(role.model, None)
        return outcome

    async def _with_some_port(
        self, role: RoleSpec, report: Report, notes: tuple[str, ...]
    ) -> Server | Exit:
        for _ in range(PORT_TRIES):
            outcome = await self._attempt(role, report, notes)
            if not (isinstance(outcome, Exit) and outcome.code == "port_in_use"):
                break
        return outcome

    async def _attempt(
        self, role: RoleSpec, report: Report, notes: tuple[str, ...]
    ) -> Server | Exit:
        alias = f"echelon-{secrets.token_hex(8)}"
        token = secrets.token_urlsafe(32)
        log = EngineLog(log_file(self._paths.logs, role.model.name))
        try:
            launch = await self._recipe.launch(role, alias, token)
            process = await self._spawn(launch, log)
        except AppError as error:
            log.close()
            return Exit(error.code, final=False, error=error)
        self._registry.add(process.pid, alias)
        log.add(f"-- process {process.pid} started for {role.model.path}")
        clients: list[EngineClient] = []
        server: Server | None = None
        try:
            async with asyncio.timeout(role.timeouts.load_s):
                port = await _port(process, launch)
                clients.append(self._client(role.model, process, port, token))
                card = await _until_ready(clients[0], alias, report)
            found = self._recipe.review(role.model, card, log.tail(LOG_LINES))
            if isinstance(found, Exit):
                return found
            notes = (*notes, *launch.notes, *found)
            server = Server(role.model, process, clients[0], card, notes)
        except TimeoutError:
            return _too_slow(role)
        except AppError as error:
            return await _explain(process, error)
        finally:
            if server is None:
                await self.retire(process, *clients)
        for note in notes:
            log.add(f"-- {note}")
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

    async def _spawn(self, launch: Launch, log: EngineLog) -> EngineProcess:
        return await EngineProcess.spawn(
            [*launch.guard, *launch.command], env=launch.env, cwd=self._paths.runtime, log=log
        )

    def _client(
        self, model: ModelSpec, process: EngineProcess, port: int, token: str
    ) -> EngineClient:
        http = self._policy.client(
            "engine",
            loopback=True,
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
        )
        return self._recipe.client(http, model, process)


def plainer(model: ModelSpec, end: Exit) -> tuple[ModelSpec, str] | None:
    """Return the model with less speculation, and why, if that may have kept it from starting."""
    refused = end.code == "drafting_failed"
    change: dict[str, object]
    if not model.speculation or not (refused or end.code in BROKEN):
        return None
    if refused and model.llama_server.profile == "mtp":
        options = model.llama_server.model_copy(update={"profile": "auto"})
        words, change = "It drafts in another way.", {"llama_server": options}
    elif model.draft is not None:
        options = model.llama_server.model_copy(update={"profile": "auto"})
        words = "It runs without its draft model."
        change = {"draft": None, "llama_server": options}
    elif refused:
        words, change = "It runs without speculation.", {"speculation": False}
    else:
        return None
    return model.model_copy(update=change), f"{words} {end.error.message}"


async def _port(process: EngineProcess, launch: Launch) -> int:
    if launch.port is None:
        return await process.handshake()
    process.follow_output()
    return launch.port


async def _until_ready(client: EngineClient, alias: str, report: Report) -> ModelCard:
    shown = (-1.0, "")
    while (health := await _health(client)).status != "ready":
        if health.status == "failed":
            raise EngineStartFailed(
                "The model could not be loaded.", remedy="Look at the engine's log."
            )
        if (health.progress, health.note) != shown:
            shown = (health.progress, health.note)
            report(ServerState.LOADING, *shown)
        await asyncio.sleep(POLL_S)
    name, card = await client.card()
    if name != alias:
        raise EngineAnswerInvalid(
            "Another program answers in the engine's place.", remedy="Try again."
        )
    return card


async def _health(client: EngineClient) -> Health:
    """Return how an engine fares; on a busy computer one that loads may say so late.

    How long it may take in all is bounded by the caller.
    """
    while True:
        try:
            return await client.health()
        except EngineStalled:
            continue


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
