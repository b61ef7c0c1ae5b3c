"""A llama-server in a few lines: what its command line, its slots and its answers have to be.

It stands alone: `tests/fakes/releases.py` puts its text, with another mode, into archives.
"""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# good; picky: crashes on load of every model but the smallest starter; broken: does not start.
MODE = "good"
HELP = ""
STARTER = "front.gguf"


def option(name: str) -> str:
    """Return the value of an option of this command line."""
    return sys.argv[sys.argv.index(name) + 1]


class Door(BaseHTTPRequestHandler):
    """Answers what a start and one question need."""

    def do_GET(self) -> None:
        told = {
            "/health": {"status": "ok"},
            "/v1/models": {"data": [{"id": option("--alias"), "meta": {"n_ctx_train": 512}}]},
            "/slots": [{"n_ctx": int(option("--ctx-size")), "speculative": False}],
            "/props": {"modalities": {"vision": False}},
        }
        self._say(json.dumps(told.get(self.path, {})), "application/json")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        delta = {"choices": [{"index": 0, "delta": {"content": "Tokyo"}, "finish_reason": None}]}
        end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        lines = "".join(f"data: {json.dumps(each)}\n\n" for each in (delta, end))
        self._say(f"{lines}data: [DONE]\n\n", "text/event-stream")

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _say(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Answer about itself, or serve until the end."""
    if MODE == "broken":
        sys.stderr.write("error while loading shared libraries: libnone.so.1: not there\n")
        sys.exit(127)
    if "--version" in sys.argv:
        sys.stderr.write(f"version: 9001 ({MODE})\n")
    elif "--help" in sys.argv:
        sys.stdout.write(HELP)
    else:
        if MODE == "picky" and Path(option("--model")).name != STARTER:
            os.kill(os.getpid(), signal.SIGSEGV)
        ThreadingHTTPServer(("127.0.0.1", int(option("--port"))), Door).serve_forever()


if __name__ == "__main__":
    main()
