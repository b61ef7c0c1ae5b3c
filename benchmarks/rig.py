"""Engines to be measured: started with given arguments, asked over HTTP, ended at the end."""

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx
import psutil

from app.domain.models import ModelSpec
from app.engines.llama_server.builds import probe
from app.engines.llama_server.options import arguments, choose

ROOT: Final = Path(__file__).resolve().parents[1]
START_S: Final = 120.0
LOOK_S: Final = 0.1
ANSWER_S: Final = 600.0


@dataclass(frozen=True)
class Answered:
    """One answer: its text, and what it cost."""

    text: str
    tokens: int
    milliseconds: float
    drafted: int
    stood: int
    read: int = 0
    reading_ms: float = 0.0
    steps: int = 0  # evaluations that wrote it, where the engine tells
    processor_ms: float = 0.0  # of writing, where it was measured


class Engine:
    """A running engine behind its HTTP door."""

    def __init__(self, client: httpx.Client, process: psutil.Process) -> None:
        self._client = client
        self._process = process

    def spent(self) -> float:
        """Return the processor's seconds it has used, which other programs hardly change."""
        used = self._process.cpu_times()
        return used.user + used.system

    def health(self) -> dict[str, Any]:
        """Return the body of `/health`."""
        found: dict[str, Any] = self._client.get("/health").json()
        return found

    def vector(self, text: str) -> list[float]:
        """Return the embedding of a text."""
        return self.vectors([text])[0]

    def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the embeddings of texts, in their order."""
        response = self._client.post("/v1/embeddings", json={"input": list(texts)})
        response.raise_for_status()
        return [each["embedding"] for each in response.json()["data"]]

    def tokens(self, text: str) -> list[int]:
        """Return a text's tokens, control tokens among them."""
        body = {"content": text, "parse_special": True, "add_special": False}
        found: list[int] = self._client.post("/tokenize", json=body).json()["tokens"]
        return found

    def written(self, prompt: str, most: int) -> list[tuple[int, ...]]:
        """Return the bytes of each token the model writes after a prompt, greedily."""
        body = {"prompt": prompt, "temperature": 0, "max_tokens": most, "logprobs": True}
        response = self._client.post("/v1/completions", json=body)
        response.raise_for_status()
        content = response.json()["choices"][0]["logprobs"]["content"]
        return [tuple(each["bytes"]) for each in content]

    def complete(self, prompt: str, **fields: object) -> Answered:
        """Continue a text greedily; the time is that of writing, without reading the prompt."""
        body = {"prompt": prompt, "temperature": 0, **fields}
        response = self._client.post("/v1/completions", json=body)
        response.raise_for_status()
        found = response.json()
        return _answered(found["choices"][0]["text"], found["timings"])

    def follow(self, prompt: str, **fields: object) -> Answered:
        """Continue a text as `complete` does, and measure the processor's time of writing."""
        body = {"prompt": prompt, "temperature": 0, "stream": True, **fields}
        text, begun = "", 0.0
        timings: dict[str, Any] = {}
        with self._client.stream("POST", "/v1/completions", json=body) as response:
            response.raise_for_status()
            for line in response.iter_lines():
                if not line.startswith("data: {"):
                    continue
                begun = begun or self.spent()
                found = json.loads(line[6:])
                text += "".join(choice["text"] for choice in found["choices"])
                timings = found.get("timings") or timings
        spent = 1000 * (self.spent() - begun)
        return replace(_answered(text, timings), processor_ms=spent)

    def drafts(self) -> bool:
        """Whether a llama-server speculates, by its own account."""
        return any(slot["speculative"] for slot in self._client.get("/slots").json())


def _answered(text: str, timings: Mapping[str, Any]) -> Answered:
    return Answered(
        text,
        timings["predicted_n"],
        timings["predicted_ms"],
        timings.get("draft_n", 0),
        timings.get("draft_n_accepted", 0),
        timings["prompt_n"],
        timings["prompt_ms"],
        timings.get("predicted_steps", 0),
    )


@contextmanager
def runner(model: Path, *options: str) -> Iterator[Engine]:
    """Start our runner on `model` and wait until it is ready."""
    command = [sys.executable, "-m", "app.engines.runner", "--model", str(model), *options]
    token = secrets.token_urlsafe(16)
    with _process(command, ECHELON_ENGINE_TOKEN=token) as process:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        with _door(port, token, process.pid) as engine:
            yield engine


@contextmanager
def llama_server(model: ModelSpec, program: Path, drafting: Sequence[str] = ()) -> Iterator[Engine]:
    """Start a llama-server as the program would start it, and wait until it is ready.

    `drafting`: other options of speculation than the program's own; `model` itself has none then.
    """
    build = asyncio.run(probe(program))
    token = secrets.token_urlsafe(16)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [str(program), *arguments(model, build, choose(model, build), "bench", port)]
    if drafting:
        at = command.index("--spec-type")
        command[at : at + 2] = drafting
    with _process(command, LLAMA_API_KEY=token) as process, _door(port, token, process.pid) as door:
        yield door


@contextmanager
def _process(command: Sequence[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _door(port: int, token: str, pid: int) -> Iterator[Engine]:
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=ANSWER_S,
        trust_env=False,
    ) as client:
        _wait(client)
        yield Engine(client, psutil.Process(pid))


def _wait(client: httpx.Client) -> None:
    ends, pause = time.monotonic() + START_S, threading.Event()
    while time.monotonic() < ends:
        with suppress(httpx.ConnectError):
            response = client.get("/health")
            if response.is_success:
                return
            if response.json().get("status") == "failed":
                break
        # An engine that measures its costs shares this computer with whoever asks.
        pause.wait(LOOK_S)
    raise SystemExit("the engine did not become ready")


def costs_in(folder: Path) -> dict[int, float]:
    """Return the milliseconds by rows that a runner wrote down in `folder`."""
    file = min(folder.glob("*.json"), key=lambda each: len(each.name))
    found = json.loads(file.read_text("utf-8"))["milliseconds"]
    return {int(rows): float(ms) for rows, ms in found.items()}


def best_ratio(costs: dict[int, float]) -> float:
    """Return the least time of a token by evaluating several, relative to one by one."""
    return min(ms / rows for rows, ms in costs.items()) / costs[1]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table with figures to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *rows))


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return median(values)
