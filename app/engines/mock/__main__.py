"""`python -m app.engines.mock`: a scripted engine behind HTTP, for as long as the parent lives.

Control words in the last message ask for faults and shapes: `/mock die-mid`, `slow`, `stall`,
`stall-first`, `garbage`, `cut`, `overflow`, `error500`, `error-mid`, `long`, `plain`, `list`,
`code`, `table`. The flag `--fault` asks for faults of the whole process.
"""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import uvicorn

from app.engines.mock import script
from app.engines.mock.engine import crash
from app.engines.mock.server import MockServer, Options
from app.engines.runner import lifecycle
from app.engines.runner.failures import ExitCode, LoadFailed

TOKEN_VARIABLE = "ECHELON_ENGINE_TOKEN"  # noqa: S105  the variable's name, not a secret
LOAD_FAULTS = {
    "model-missing": LoadFailed(ExitCode.MODEL_MISSING, "There is no such file."),
    "model-invalid": LoadFailed(ExitCode.MODEL_INVALID, "This is no GGUF."),
    "engine-unfit": LoadFailed(ExitCode.ENGINE_UNFIT, "The library is of another version."),
    "out-of-memory": LoadFailed(ExitCode.OUT_OF_MEMORY, "The model needs 1 TB."),
}
FAULTS = ("crash-on-load", "never-ready", "silent", *LOAD_FAULTS)


class _Http(uvicorn.Server):
    """uvicorn that leaves signals to the process."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


def parse(argv: Sequence[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="mock", allow_abbrev=False)
    parser.add_argument("--alias", default="mock")
    parser.add_argument("--tier", choices=tuple(script.PERSONAS), default="A")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--sequences", type=int, default=2)
    parser.add_argument("--load-seconds", type=float, default=0.3)
    parser.add_argument("--speed", type=float, default=1.0, help="multiplies the tier's pace")
    parser.add_argument("--thinks", action="store_true", help="it can be told to think first")
    parser.add_argument("--fault", choices=FAULTS, default="")
    return Options(**vars(parser.parse_args(argv)))


def main(argv: Sequence[str]) -> None:
    """Run until told to end."""
    lifecycle.die_with_parent()
    stdout = lifecycle.claim_stdout()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(ExitCode.STOPPED))
    options = parse(argv)
    listener = lifecycle.listen()
    if options.fault != "silent":
        lifecycle.announce(stdout, listener.getsockname()[1], options.alias)
    asyncio.run(_serve(options, listener))


async def _serve(options: Options, listener: socket.socket) -> None:
    async def strike() -> None:
        await _strike(options.fault)

    server = MockServer(options, os.environ[TOKEN_VARIABLE])
    loading = asyncio.create_task(server.load(strike), name="load")
    config = uvicorn.Config(server.app(), log_level="warning", access_log=False, lifespan="off")
    await _Http(config).serve(sockets=[listener])
    loading.cancel()


async def _strike(fault: str) -> None:
    if fault in LOAD_FAULTS:
        lifecycle.confess(LOAD_FAULTS[fault])
        os._exit(LOAD_FAULTS[fault].exit_code)
    if fault == "crash-on-load":
        crash()
    if fault == "never-ready":
        await asyncio.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
