"""Engines to be measured: started with given arguments, asked over HTTP, ended at the end."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx

ROOT: Final = Path(__file__).resolve().parents[1]
START_S: Final = 120.0
ANSWER_S: Final = 600.0


@dataclass(frozen=True)
class Answered:
    """One answer: its text, and what it cost."""

    text: str
    tokens: int
    milliseconds: float
    drafted: int
    stood: int


class Engine:
    """A running engine behind its HTTP door."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def health(self) -> dict[str, Any]:
        """Return the body of `/health`."""
        found: dict[str, Any] = self._client.get("/health").json()
        return found

    def complete(self, prompt: str, **fields: object) -> Answered:
        """Continue a text greedily; the time is that of writing, without reading the prompt."""
        body = {"prompt": prompt, "temperature": 0, **fields}
        response = self._client.post("/v1/completions", json=body)
        response.raise_for_status()
        found = response.json()
        timings = found["timings"]
        return Answered(
            found["choices"][0]["text"],
            timings["predicted_n"],
            timings["predicted_ms"],
            timings.get("draft_n", 0),
            timings.get("draft_n_accepted", 0),
        )


@contextmanager
def runner(model: Path, *arguments: str) -> Iterator[Engine]:
    """Start our runner on `model` and wait until it is ready."""
    token = secrets.token_urlsafe(16)
    process = subprocess.Popen(
        [sys.executable, "-m", "app.engines.runner", "--model", str(model), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "ECHELON_ENGINE_TOKEN": token},
    )
    assert process.stdout is not None
    try:
        port = json.loads(process.stdout.readline())["port"]
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=ANSWER_S,
            trust_env=False,
        ) as client:
            _wait(client)
            yield Engine(client)
    finally:
        process.kill()
        process.communicate()


def _wait(client: httpx.Client) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends:
        state = client.get("/health").json()["status"]
        if state == "ready":
            return
        if state == "failed":
            break
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
