"""How a llama-server is started under the supervisor, and what it made of our wishes."""

import os
import re
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx

from app.domain.builds import BuildKind
from app.domain.models import ModelSpec, RoleSpec
from app.engines.base import Capabilities, ModelCard
from app.engines.builds import Builds, OneBuild
from app.engines.exits import Exit, failed
from app.engines.launch import TOKEN_VARIABLE, environment
from app.engines.llama_server.builds import Build, find, own_folder, probe
from app.engines.llama_server.client import LlamaServerClient
from app.engines.llama_server.options import HOST, KEY_VARIABLE, arguments, choose
from app.engines.process import EngineProcess
from app.engines.recipe import BuildUse, Launch
from app.engines.server import obituary
from app.platform.net import NetworkPolicy

GUARD = Path(__file__).with_name("guard.py")
_DRAFT_REFUSED = re.compile(r"failed to initialize speculative decoding context: (.+)")


class LlamaServerRecipe:
    """Starts llama-servers. Knows the builds it has probed, for as long as their files stay."""

    def __init__(
        self, policy: NetworkPolicy, own: Path | None = None, builds: Builds | None = None
    ) -> None:
        """Take what `builds` has chosen; else look on the PATH, then in `own`, our own folder."""
        self._policy = policy
        self._own = own or own_folder()
        self._use = BuildUse(builds or OneBuild(), BuildKind.SERVER)
        self._builds: dict[tuple[Path, int, int], Build] = {}

    async def launch(self, role: RoleSpec, alias: str, token: str) -> Launch:
        """Return the command for the build and what it knows.

        Raises:
            EngineUnfit: there is no build, it does not run here, or it is too old.
            NetworkForbidden: layers would go to another computer, and the user said no to that.
        """
        model = role.model
        for worker in model.llama_server.rpc:
            self._policy.check(f"tcp://{worker}", f"layers of {model.name}")
        build = await self._build(await self._wish(model))
        choice = choose(model, build)
        port = _free_port()
        command = [str(build.binary), *arguments(model, build, choice, alias, port)]
        env = environment(token, os.environ)
        env[KEY_VARIABLE] = env.pop(TOKEN_VARIABLE)
        notes = (choice.note,) if choice.note else ()
        return Launch(command, env, port, notes, _guard())

    def client(
        self, http: httpx.AsyncClient, model: ModelSpec, process: EngineProcess
    ) -> LlamaServerClient:
        """Return the client that knows a llama-server's own answers."""
        caps = Capabilities(
            chat=not model.embeddings,
            embed=model.embeddings,
            grammar=True,
            sequences=model.sequences,
        )
        return LlamaServerClient(
            http,
            caps=caps,
            obituary=lambda: obituary(process),
            alive=lambda: process.returncode is None,
        )

    def review(
        self, model: ModelSpec, card: ModelCard, log: Sequence[str]
    ) -> tuple[str, ...] | Exit:
        """Return what the slots show to be otherwise than wished.

        A draft model that does not fit is dropped in silence, and every other drafter with it.
        """
        refused = _DRAFT_REFUSED.search("\n".join(log))
        if refused is not None and not card.speculative:
            return failed("drafting_failed", f"The draft model does not fit: {refused[1]}.")
        notes = []
        if model.llama_server.mmproj is not None and not card.vision:
            notes.append("It cannot see images: its file for that was not used.")
        if card.n_ctx < model.context:
            notes.append(f"It reads {card.n_ctx} tokens instead of {model.context}.")
        return tuple(notes)

    def judge(self, model: ModelSpec, end: Exit | None) -> str:
        """Return why another start may go better: the build was another one then."""
        return self._use.judge(model, end)

    async def _wish(self, model: ModelSpec) -> Path | None:
        """Return the build the model names, else the one that was chosen for all."""
        self._use.leave()
        return model.llama_server.binary or await self._use.take()

    async def _build(self, wish: Path | None) -> Build:
        binary = find(wish, self._own)
        state = binary.stat()
        key = (binary, state.st_mtime_ns, state.st_size)
        if key not in self._builds:
            self._builds[key] = await probe(binary)
        return self._builds[key]


def _guard() -> tuple[str, ...]:
    if sys.platform == "win32":  # our children end with us there, see winjob
        return ()
    return (sys.executable, "-I", "-S", str(GUARD), str(os.getpid()))


def _free_port() -> int:
    """Return a port nobody uses now; the server says later than it should which one it took."""
    with socket.socket() as probe_socket:
        probe_socket.bind((HOST, 0))
        port: int = probe_socket.getsockname()[1]
        return port
