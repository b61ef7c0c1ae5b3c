"""The process around the engine: its parent, its standard streams, its port, its end."""

import ctypes
import json
import os
import signal
import socket
import sys
import threading
from typing import Final, NoReturn

from app.engines.runner.failures import ExitCode, LoadFailed

PR_SET_PDEATHSIG: Final = 1


def die_with_parent() -> None:
    """Make sure that this process ends when its parent does, however the parent ends."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(ExitCode.PARENT_GONE)
    threading.Thread(target=_watch_stdin, name="parent-watch", daemon=True).start()


def _watch_stdin() -> NoReturn:
    """Read until the parent's end of the pipe is closed; nothing else can stop this thread."""
    while os.read(0, 4096):
        pass
    os._exit(ExitCode.PARENT_GONE)


def claim_stdout() -> int:
    """Send everything printed from now on to stderr; returns the real stdout for the handshake."""
    real = os.dup(1)
    os.set_inheritable(real, False)
    os.dup2(2, 1)
    return real


def listen() -> socket.socket:
    """Return a socket on a free loopback port.

    Raises:
        LoadFailed: no port can be had.
    """
    # Named as TCP: asyncio turns off the waiting for acknowledgements (40 ms) only then.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
    except OSError as error:
        listener.close()
        message = f"No port on this computer can be opened: {error.strerror}."
        raise LoadFailed(ExitCode.PORT_IN_USE, message) from error
    return listener


def announce(stdout: int, port: int, alias: str) -> None:
    """Write the one line the parent waits for."""
    line = {"event": "listening", "port": port, "pid": os.getpid(), "alias": alias}
    os.write(stdout, json.dumps(line).encode() + b"\n")
    os.close(stdout)


def confess(failure: LoadFailed) -> None:
    """Write the last line of the log: why there is no model."""
    line = {"event": "failed", "code": failure.code, "message": failure.message}
    os.write(2, b"\n" + json.dumps(line).encode() + b"\n")
