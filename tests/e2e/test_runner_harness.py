"""Starts the runner as the supervisor does; the other tests of the runner build on this."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "resources" / "models"
FRONT = MODELS / "front.gguf"
EMBEDDER = MODELS / "all-MiniLM-L6-v2-q8_0.gguf"
TOKEN = "secret-of-this-test"
LIMIT_S = 30.0


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition without sleeping longer than it takes."""
    pause = threading.Event()
    for _ in range(int(LIMIT_S / 0.002)):
        if condition():
            return
        pause.wait(0.002)
    raise AssertionError("the condition did not come about")


class Runner:
    """One runner process and a client for it."""

    def __init__(self, model: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.engines.runner", "--model", str(model), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "ECHELON_ENGINE_TOKEN": TOKEN},
        )
        self.log: list[str] = []
        # A test that fails before it closes its runner must not keep the whole run from ending.
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        self.hello = json.loads(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.hello['port']}"
        self.client = self.new_client()

    def new_client(self, token: str = TOKEN) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=LIMIT_S)

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line.decode("utf-8", "replace"))

    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/health").json()
        return found

    def ready(self) -> "Runner":
        wait_until(lambda: self.health()["status"] != "loading")
        assert self.health()["status"] == "ready"
        return self

    def idle(self) -> dict[str, Any]:
        """Wait until nobody is served, and return the counters."""
        told: dict[str, Any] = {}

        def nobody() -> bool:
            told.update(self.health())
            return not told["busy"] and not told["queued"]

        wait_until(nobody)
        return told

    def chat(self, text: str, **fields: object) -> dict[str, Any]:
        """Ask greedily, unless told otherwise."""
        return self.thread([{"role": "user", "content": text}], **fields)

    def thread(self, messages: list[dict[str, str]], **fields: object) -> dict[str, Any]:
        body = {"messages": messages, "temperature": 0, "max_tokens": 64, **fields}
        response = self.client.post("/v1/chat/completions", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def stream(self, text: str, **fields: object) -> list[dict[str, Any]]:
        """Return all chunks of a streamed answer."""
        with self.streaming(text, **fields) as lines:
            events = [line[6:] for line in lines if line]
        assert events[-1] == "[DONE]"
        return [json.loads(event) for event in events[:-1]]

    @contextmanager
    def streaming(self, text: str, **fields: object) -> Iterator[Iterator[str]]:
        """Open a stream on a connection of its own; leaving it closes the connection."""
        body = {
            "messages": [{"role": "user", "content": text}],
            "temperature": 0,
            "max_tokens": 64,
            "stream": True,
            **fields,
        }
        with (
            self.new_client() as client,
            client.stream("POST", "/v1/chat/completions", json=body) as response,
        ):
            assert response.status_code == 200
            yield response.iter_lines()

    def wait(self) -> int:
        """Wait for the end of the process."""
        return self.process.wait(LIMIT_S)

    def close(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LIMIT_S)
        self._reader.join(LIMIT_S)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


@contextmanager
def running(model: Path, *arguments: str) -> Iterator[Runner]:
    """Start a runner, and make sure that it is gone afterwards."""
    runner = Runner(model, *arguments)
    try:
        yield runner
    finally:
        runner.close()


def text_of(answer: dict[str, Any]) -> str:
    text: str = answer["choices"][0]["message"]["content"]
    return text


def test_the_handshake_is_one_line_and_nothing_follows() -> None:
    with running(FRONT, "--alias", "greeter") as runner:
        assert runner.hello["event"] == "listening"
        assert runner.hello["pid"] == runner.process.pid
        assert runner.hello["alias"] == "greeter"
        runner.ready()
        runner.process.terminate()
        assert runner.wait() == 0
        assert runner.process.stdout is not None
        assert runner.process.stdout.read() == b""
