"""A child process that misbehaves as told: `python scripted_child.py MODE [MARKER]`."""

import json
import os
import signal
import sys
import threading

LISTENING = json.dumps({"event": "listening", "port": 1, "pid": os.getpid(), "alias": "x"})
FAILED = json.dumps({"event": "failed", "code": "out_of_memory", "message": "1 GB too little"})


def main(mode: str) -> None:
    """Do one thing and wait for a signal, or end."""
    if mode == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if mode == "babble":
        sys.stdout.write("loading, please wait\n")
    elif mode == "mute":
        os.close(1)
    elif mode == "chatty":
        sys.stdout.write(LISTENING + "\nstray output\n")
        sys.stderr.write("half a")
        sys.stderr.flush()
        sys.stderr.write(" line\n")
    elif mode == "fail":
        sys.stderr.write(FAILED + "\n")
        sys.exit(13)
    else:
        sys.stdout.write(LISTENING + "\n")
    if mode != "mute":
        sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
