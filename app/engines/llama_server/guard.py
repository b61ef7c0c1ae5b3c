"""Runs a program that ends when its parent does: `python -I -S guard.py PARENT PROGRAM [ARG...]`.

A llama-server does not notice that nobody needs it any more. This becomes it: on Linux after asking
the system to end it with its parent, elsewhere after leaving a small process that watches the pipe.
Standard library only, and no import of the program: it starts before every engine.
"""

import os
import signal
import sys

PARENT_GONE = 3


def die_with_parent(parent: int) -> None:
    """Ask Linux for a kill when the parent ends; end at once if it has already."""
    import ctypes  # noqa: PLC0415 - Linux alone

    ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(PARENT_GONE)


def leave_watcher() -> None:
    """Leave a process that kills this one when the parent's end of the pipe closes."""
    guarded = os.getpid()
    if os.fork():
        return
    for stream in (1, 2):  # the parent waits for these to close
        os.close(stream)
    while os.read(0, 4096):
        pass
    if os.getppid() == guarded:
        os.kill(guarded, signal.SIGKILL)
    os._exit(0)


def main(arguments: list[str]) -> None:
    """Guard this process, then become the program."""
    parent, *command = arguments
    if sys.platform == "linux":
        die_with_parent(int(parent))
    else:
        leave_watcher()
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
