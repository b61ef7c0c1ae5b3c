"""The engines under contract: real processes, asked through the clients the program uses."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.domain.errors import AppError
from app.domain.models import ModelSpec, RemoteOptions, RoleSpec, Tier
from app.engines.base import Capabilities, Engine, Health
from app.engines.client import EngineClient
from app.engines.llama_server.builds import probe
from app.engines.llama_server.client import LlamaServerClient
from app.engines.llama_server.options import Choice, arguments
from app.engines.remote.remotes import Remotes
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from tests.e2e.test_runner_harness import FRONT, ROOT, TOKEN, running, wait_until
from tests.fakes.llama_servers import llama_server

CONTEXT, SEQUENCES = 512, 4
KINDS = ("runner", "mock", "llama-server", "remote")
SPEC = ModelSpec(name="contract", path=FRONT, context=CONTEXT, sequences=SEQUENCES, threads=2)


@dataclass(frozen=True)
class Subject:
    """One running engine; `own` is the kind of process, `kind` how it is reached."""

    kind: str
    url: str
    pid: int

    @property
    def real(self) -> bool:
        """Whether a model answers, and not a script."""
        return self.kind != "mock"

    def http(self, token: str = TOKEN) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False)

    def direct(self, token: str = TOKEN) -> EngineClient:
        """Return the client of the process itself."""
        if self.kind == "llama-server":
            caps = Capabilities(sequences=SEQUENCES)
            return LlamaServerClient(
                self.http(token), caps=caps, obituary=_alive, alive=lambda: True
            )
        return EngineClient(self.http(token), caps=Capabilities(sequences=SEQUENCES))

    @asynccontextmanager
    async def engine(self, token: str = TOKEN) -> AsyncIterator[Engine]:
        """Yield the engine as the program would reach it."""
        if self.kind != "remote":
            client = self.direct(token)
            try:
                yield client
            finally:
                await client.aclose()
            return
        policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
        remotes = Remotes(Bus(), policy, {"contract": token}.get)
        options = RemoteOptions(url=f"{self.url}/v1", key="keyring:contract")
        model = ModelSpec(name="contract", engine="remote", context=CONTEXT, remote=options)
        try:
            role = RoleSpec(name="front", tier=Tier.A, model=model)
            yield (await remotes.acquire(role)).client
        finally:
            await remotes.close()

    async def health(self) -> Health:
        """Return how the process behind the engine fares."""
        client = self.direct()
        try:
            return await client.health()
        finally:
            await client.aclose()


async def _alive() -> AppError | None:
    return None


@contextmanager
def started(kind: str, folder: Path) -> Iterator[Subject]:
    """Start one kind of engine, and make sure that it is gone afterwards."""
    limits = ("--context", str(CONTEXT), "--sequences", str(SEQUENCES))
    if kind in {"runner", "remote"}:
        with running(FRONT, *limits, "--threads", "2", "--alias", kind) as runner:
            runner.ready()
            yield Subject(kind, runner.url, runner.process.pid)
    elif kind == "mock":
        command = [sys.executable, "-m", "app.engines.mock", "--load-seconds", "0"]
        with _process([*command, "--speed", "20", *limits], "ECHELON_ENGINE_TOKEN", folder) as mock:
            assert mock.stdout is not None
            hello = httpx.Response(200, content=mock.stdout.readline()).json()
            yield _ready(Subject(kind, f"http://127.0.0.1:{hello['port']}", mock.pid))
    else:
        with _llama_server(folder) as subject:
            yield subject


@contextmanager
def _llama_server(folder: Path) -> Iterator[Subject]:
    build = asyncio.run(probe(llama_server()))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    options = arguments(SPEC, build, Choice("plain"), "contract", port)
    with _process([str(build.binary), *options], "LLAMA_API_KEY", folder) as process:
        yield _ready(Subject("llama-server", f"http://127.0.0.1:{port}", process.pid))


@contextmanager
def _process(command: list[str], variable: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
            env={**os.environ, variable: TOKEN},
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def _ready(subject: Subject) -> Subject:
    def answers() -> bool:
        try:
            return httpx.get(f"{subject.url}/health", trust_env=False).is_success
        except httpx.TransportError:
            return False

    wait_until(answers)
    return subject
