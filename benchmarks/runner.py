"""How fast the runner is on this machine: `python -m benchmarks.runner [MODEL.gguf]`.

Medians of several rounds on one started runner; a fresh prompt each time, so nothing is reused.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import aclosing
from pathlib import Path

from app.domain.generation import ChatRequest, FinalChunk, TextChunk
from app.domain.models import ModelSpec, RoleSpec, Tier
from app.engines.supervisor import Server, Supervisor
from app.platform.bus import Bus
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.tasks import TaskOwner

ROUNDS = 9
WORDS = ["river", "stone", "house", "garden", "window", "table", "chair", "bread", "water"]


def _request(number: int, words: int, tokens: int) -> ChatRequest:
    text = " ".join(WORDS[(number * 7 + at) % len(WORDS)] for at in range(words))
    message = {"role": "user", "content": f"{number}: tell me a story about {text}."}
    return ChatRequest(messages=(message,), sampling={"temperature": 0, "max_tokens": tokens})


async def _measure(server: Server, number: int) -> dict[str, float]:
    began = time.perf_counter()
    first = 0.0
    figures: dict[str, float] = {}
    async with aclosing(server.client.chat(_request(number, 150, 64))) as chunks:
        async for chunk in chunks:
            if isinstance(chunk, TextChunk) and not first:
                first = time.perf_counter() - began
            if isinstance(chunk, FinalChunk) and chunk.timings:
                figures["prefill, tokens/s"] = chunk.timings.prompt_per_second
                figures["decode, tokens/s"] = chunk.timings.predicted_per_second
    return {**figures, "first token at 150 words, ms": first * 1000}


async def _cancel(server: Server, number: int) -> float:
    """Return the milliseconds from leaving a running answer until the engine is idle."""
    chunks = server.client.chat(_request(number, 20, 400))
    async with aclosing(chunks):
        async for chunk in chunks:
            if isinstance(chunk, TextChunk):
                break
        began = time.perf_counter()
    while (await server.client.health()).busy:
        pass  # asking is what is waited with: one round trip is well below a millisecond
    return (time.perf_counter() - began) * 1000


async def _run(model: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths.discover(Path(folder))
        paths.ensure()
        tasks = TaskOwner()
        policy = NetworkPolicy(local_only=True, clock=time.time)
        supervisor = Supervisor(paths, Bus(), tasks, policy)
        spec = ModelSpec.model_validate({"name": "bench", "path": model, "context": 512})
        began = time.perf_counter()
        server = await supervisor.acquire(RoleSpec(name="bench", tier=Tier.A, model=spec))
        rows = {"start to ready, ms": [(time.perf_counter() - began) * 1000]}
        for number in range(ROUNDS):
            for name, value in (await _measure(server, number)).items():
                rows.setdefault(name, []).append(value)
            rows.setdefault("cancel to idle, ms", []).append(await _cancel(server, number))
        await tasks.close(5)
        await supervisor.close()
    print(f"| {model.name} | median | worst |\n|---|---:|---:|")
    for name, values in rows.items():
        worst = min(values) if name.endswith("/s") else max(values)
        print(f"| {name} | {statistics.median(values):.0f} | {worst:.0f} |")


if __name__ == "__main__":
    shipped = Path(__file__).resolve().parents[1] / "resources" / "models" / "front.gguf"
    asyncio.run(_run(Path(sys.argv[1]) if len(sys.argv) > 1 else shipped))
