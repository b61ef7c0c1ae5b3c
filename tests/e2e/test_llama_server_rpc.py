"""Layers on another computer: here a worker process on this one, which the program cannot tell."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.errors import EngineUnfit, NetworkForbidden
from installers.setup.llama_server import WORKER
from tests.e2e.test_llama_server import QUESTION, role, supervised
from tests.e2e.test_runner_harness import wait_until
from tests.fakes.engines import ask
from tests.fakes.llama_servers import llama_server


@contextmanager
def worker(log: Path) -> Iterator[str]:
    """Run a worker and yield its address."""
    program = llama_server().with_name(WORKER)
    if not program.exists():
        pytest.skip(f"no {WORKER} beside the llama-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [str(program), "--host", "127.0.0.1", "--port", str(port), "--threads", "1"]
    with log.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=file) as process:
        try:
            wait_until(lambda: _listens(port))
            yield f"127.0.0.1:{port}"
        finally:
            process.kill()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_layers_on_a_worker_say_the_same(tmp_path: Path) -> None:
    with worker(tmp_path / "worker.log") as address:
        async with supervised(tmp_path) as supervisor:
            server = await supervisor.acquire(role(options={"rpc": [address]}, gpu_layers=99))
            assert await ask(server.client, QUESTION)
        assert b"Accepted client connection" in (tmp_path / "worker.log").read_bytes()


async def test_local_only_forbids_workers_elsewhere(tmp_path: Path) -> None:
    async with supervised(tmp_path) as supervisor:
        with pytest.raises(NetworkForbidden, match=r"worker\.example"):
            await supervisor.acquire(role(options={"rpc": ["worker.example:50052"]}))


def test_a_build_without_rpc_is_named_as_such() -> None:
    from app.engines.exits import decode

    end = decode(1, ["error: failed to find RPC backend"], loading=True)
    assert isinstance(end.error, EngineUnfit)
    assert "without RPC" in end.error.message
