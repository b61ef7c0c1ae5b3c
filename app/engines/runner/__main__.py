"""`python -m app.engines.runner`: one model behind HTTP, for as long as the parent lives."""

import os
import signal
import sys
import threading
import traceback
from types import FrameType

from app.engines.runner import lifecycle
from app.engines.runner.failures import ExitCode, LoadFailed
from app.engines.runner.options import Options, parse

TOKEN_VARIABLE = "ECHELON_ENGINE_TOKEN"  # noqa: S105 - the name of the variable
CRASHED = 1


def main(argv: list[str]) -> int:
    """Run the engine; returns its exit code."""
    lifecycle.die_with_parent()
    stdout = lifecycle.claim_stdout()
    threading.excepthook = _crash
    # Ctrl+C reaches the whole group of processes; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop_at_once)  # until there is something to stop gracefully
    options = parse(argv)
    token = os.environ.pop(TOKEN_VARIABLE, "")
    if not token:
        sys.stderr.write(f"{TOKEN_VARIABLE} is not set\n")
        return 2
    try:
        return _serve(options, token, stdout)
    except LoadFailed as failure:
        lifecycle.confess(failure)
        return failure.exit_code


def _serve(options: Options, token: str, stdout: int) -> int:
    listener = lifecycle.listen()
    lifecycle.announce(stdout, listener.getsockname()[1], options.alias)
    # The parent need not wait for what takes time to import.
    from app.engines.runner.server import Server  # noqa: PLC0415 - after the handshake

    failure = Server(options, token).run(listener)
    if failure is not None:
        raise failure
    return ExitCode.STOPPED


def _stop_at_once(_number: int, _frame: FrameType | None) -> None:
    os._exit(ExitCode.STOPPED)


def _crash(report: threading.ExceptHookArgs) -> None:
    """A thread of ours broke: better no engine than one that never answers."""
    traceback.print_exception(report.exc_type, report.exc_value, report.exc_traceback)
    sys.stderr.flush()
    os._exit(CRASHED)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    # The library's own threads and destructors have nothing left to do that is worth waiting for.
    os._exit(code)
