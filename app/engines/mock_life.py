"""Sketch of the child's lifecycle until the runner's is there."""

import ctypes
import json
import os
import signal
import socket
import sys
import threading


def tie_to_parent() -> None:
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(3)

    def watch() -> None:
        while os.read(0, 4096):
            pass
        os._exit(3)

    threading.Thread(target=watch, daemon=True).start()


def listen() -> socket.socket:
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(128)
    return sock


def announce(port: int, alias: str) -> None:
    line = json.dumps({"event": "listening", "port": port, "pid": os.getpid(), "alias": alias})
    os.write(1, line.encode() + b"\n")
    os.dup2(2, 1)


def fail(failure) -> None:
    line = json.dumps({"event": "failed", "code": failure.code, "message": failure.message})
    os.write(2, line.encode() + b"\n")
    os._exit(int(failure.exit_code))
