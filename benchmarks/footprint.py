"""Estimated against measured memory of models, by kind: `python -m benchmarks.footprint`.

Every starter, two grown models and the small random models of the tests, with and without a draft
model, each in an engine as the program starts it, filled with a text as long as its window. The
estimate is what residency promises before a load; "after" is what it promises once another model,
or the same with another window, of the same architecture has been loaded. Linux.
"""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

from app.domain.generation import ChatRequest
from app.domain.models import ModelSpec, RoleSpec, Tier
from app.engines.residency.records import Records
from app.engines.residency.residency import Residency, Rules
from app.engines.residency.room import Scales
from app.engines.residency.sizes import Sizes, needed
from app.engines.server import Server
from app.engines.supervisor import COSTS_FOLDER, Supervisor
from app.platform.bus import Bus
from app.platform.memory import memory, usage
from app.platform.net import NetworkPolicy
from app.platform.paths import Paths
from app.platform.tasks import TaskOwner
from benchmarks.grow import MODELS, TARGETS, grow
from benchmarks.rig import table
from installers.setup.engine import cache
from tests.zoo.animals import ZOO

MIB: Final = 1 << 20
DRAFT: Final = MODELS / "draft.gguf"
EMBEDDER: Final = MODELS / "all-MiniLM-L6-v2-q8_0.gguf"
WORDS: Final = ("river", "stone", "house", "garden", "window", "table", "chair", "bread", "water")
WRITTEN: Final = 48
TEXTS: Final = 16
GOAL: Final = 0.1
HEAD: Final = ("model", "before, MiB", "measured, MiB", "error", "after, MiB", "error")


@dataclass(frozen=True)
class Case:
    """A model as it is loaded, and one of the same architecture that was loaded before."""

    name: str
    model: ModelSpec
    first: ModelSpec


@dataclass(frozen=True)
class Found:
    """Bytes: promised before any load, needed in use, promised after a load of its kind."""

    before: int
    measured: int
    after: int

    def row(self, name: str) -> tuple[str, ...]:
        """Return the row of the table."""
        seen = self.measured
        figures = (self.before, seen, self.before / seen - 1, self.after, self.after / seen - 1)
        return (name, *(_shown(figure) for figure in figures))


def _shown(figure: float) -> str:
    return f"{figure:+.1%}" if isinstance(figure, float) else f"{figure / MIB:.1f}"


class Rig:
    """Engines as the program starts them."""

    def __init__(self, folder: Path) -> None:
        paths = replace(Paths.discover(folder), runtime=folder / "run")
        paths.ensure()
        self.bus, self.tasks = Bus(), TaskOwner()
        policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
        self.supervisor = Supervisor(paths, self.bus, self.tasks, policy)
        self._costs = paths.cache / COSTS_FOLDER
        self._learned: dict[ModelSpec, Sizes] = {}

    async def run(self, case: Case) -> Found:
        """Load a model of its kind, then the model itself, and fill it."""
        before = await Sizes(Records(None)).of(case.model)
        sizes = self._learned.get(case.first)
        if sizes is None:
            sizes = self._learned[case.first] = Sizes(Records(None))
            await self._needed(case.first, sizes)
        after = await sizes.of(case.model)
        measured = await self._needed(case.model, Sizes(Records(None)))
        return Found(before.bytes, measured, after.bytes)

    async def _needed(self, model: ModelSpec, sizes: Sizes) -> int:
        """Load a model for the first time here, let it work, and return what it needs then.

        A first load measures what drafts cost, with as many of them as there may ever be.
        """
        shutil.rmtree(self._costs, ignore_errors=True)
        scales = Scales(0, gauge=memory, weigh=usage)
        residency = Residency(self.supervisor, sizes, scales, self.bus, self.tasks, Rules())
        async with residency.lease(RoleSpec(name="case", tier=Tier.C, model=model)) as server:
            await _fill(server, model)
            await residency.weigh(model.name)
            held = usage(server.pid)
            assert held is not None
            found = needed(residency.places[0].size, held)
        await residency.stop(model.name)
        residency.close()
        return found

    async def close(self) -> None:
        """End all engines."""
        await self.supervisor.close()
        await self.tasks.close(5.0)


async def _fill(server: Server, model: ModelSpec) -> None:
    """Let every sequence read its part of the window, and write behind it.

    What makes embeddings reads several texts in one evaluation, as many tokens as there is room.
    """
    random = Random(model.name)
    share = TEXTS if model.embeddings else model.sequences
    tokens = max(8, int(0.85 * model.context / share) - (0 if model.embeddings else WRITTEN))
    sample = random.choices(WORDS, k=50)
    each = await server.client.count(" ".join(sample)) / len(sample)
    texts = [" ".join(random.choices(WORDS, k=int(tokens / each))) for _ in range(share)]
    if model.embeddings:
        await server.client.embed(2 * texts)
        return
    await asyncio.gather(*(_answer(server, text) for text in texts))


async def _answer(server: Server, text: str) -> None:
    message = {"role": "user", "content": text}
    sampling = {"max_tokens": WRITTEN, "temperature": 1.0, "seed": 1}
    request = ChatRequest(messages=(message,), sampling=sampling)
    async with aclosing(server.client.chat(request)) as chunks:
        async for _ in chunks:
            pass


def cases(folder: Path, shapes: Sequence[str], window: int) -> Iterator[Case]:
    """Return all models, the grown and the random ones written to `folder`."""
    front = _spec(MODELS / "front.gguf", 512)
    small = _spec(DRAFT, 512)
    yield Case("starter draft", small, front)
    for name, context in (("front", 512), ("worker", 768), ("coder", 768), ("architect", 768)):
        yield from _pair(f"starter {name}", _spec(MODELS / f"{name}.gguf", context), small)
    embedder = _spec(EMBEDDER, 512).model_copy(update={"embeddings": True})
    yield Case("starter embedder", embedder, embedder.model_copy(update={"context": 511}))
    for shape in shapes:
        path = folder / f"front-{shape}.gguf"
        grow(MODELS / "front.gguf", TARGETS[shape], path)
        yield from _pair(f"grown {shape}", _spec(path, window), small)
    for name, animal in ZOO.items():
        path, twin = folder / f"{name}.gguf", folder / f"{name}-draft.gguf"
        animal.write(path, cache() / "vocabularies")
        model = _spec(path, 512).model_copy(update={"embeddings": not animal.chats})
        first = model.model_copy(update={"context": 384})
        if not animal.chats:
            yield Case(f"random {name}", model, first)
            continue
        twin.write_bytes(path.read_bytes())
        yield from _pair(f"random {name}", model, first, twin)


def _pair(name: str, model: ModelSpec, first: ModelSpec, draft: Path = DRAFT) -> Iterator[Case]:
    yield Case(name, model, first)
    yield Case(f"{name}, with draft", model.model_copy(update={"draft": draft}), first)


def _spec(path: Path, context: int) -> ModelSpec:
    return ModelSpec(name=path.stem, path=path, context=context)


async def measure(folder: Path, only: str, shapes: Sequence[str], window: int) -> str:
    """Return the table, and how many rows are within the goal."""
    rig, rows, within = Rig(folder / "data"), list[tuple[str, ...]](), 0
    try:
        for case in cases(folder, shapes, window):
            if only in case.name:
                found = await rig.run(case)
                rows.append(found.row(case.name))
                within += abs(found.after / found.measured - 1) <= GOAL
                print(" | ".join(rows[-1]), flush=True)
    finally:
        await rig.close()
    return f"\n{table(HEAD, rows)}\n\n{within} of {len(rows)} within {GOAL:.0%} after a first load."


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.footprint")
    parser.add_argument("--only", default="", help="part of the names of the wanted rows")
    parser.add_argument("--shapes", nargs="*", choices=list(TARGETS), default=list(TARGETS))
    parser.add_argument("--window", type=int, default=2048, help="of the grown models, in tokens")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(measure(Path(folder), args.only, args.shapes, args.window)))


if __name__ == "__main__":
    main()
