"""A hub to try the view of models with, offline: `make demo-hub`.

Small real models in several repositories. Faults are switched while it runs, at the address of
the hub: `/faults` lists them, `/faults/bytes/stall` switches one on, `/faults/none` all off.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, get_args

import numpy as np
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from benchmarks import ggufs
from tests.fakes.hub import TOKEN, FakeHub, FakeRepo, serving_hub
from tests.fakes.hub_faults import Door, Fault

MODELS: Final = Path(__file__).parents[2] / "resources" / "models"
PORT: Final = 8765
_PARTS: Final = 3
# A file of a few MB is then long enough on its way to be watched.
_RATE_MB: Final = 1.0
_CARD: Final = """---
license: mit
---
# {name}

A starter model of Echelon, under another name. It comes from this computer.
"""


def repositories() -> list[FakeRepo]:
    """Return what there is to find: plain ones, a gated one, a split one, a broken one."""
    names = ("front", "worker", "coder", "architect", "draft")
    front, worker, coder, architect, draft = (_starter(name) for name in names)
    found = [
        FakeRepo("demo/talker-GGUF", {"talker-Q8_0.gguf": front}),
        FakeRepo("demo/worker-GGUF", {"small-Q8_0.gguf": worker, "large-Q8_0.gguf": architect}),
        FakeRepo("demo/coder-GGUF", {"coder-Q8_0.gguf": coder, "draft-Q8_0.gguf": draft}),
        FakeRepo("demo/gated-GGUF", {"gated-Q8_0.gguf": front}, gated="manual"),
        FakeRepo("demo/split-GGUF", split(MODELS / "architect.gguf", "split-Q8_0", _PARTS)),
        FakeRepo("demo/broken-GGUF", {"broken-Q8_0.gguf": front[:3000] + bytes(90_000)}),
    ]
    for place, repo in enumerate(found):
        repo.card = _CARD.format(name=repo.repo)
        repo.fields = {"downloads": 12_000 >> place, "likes": 90 >> place}
    return found


def _starter(name: str) -> bytes:
    return (MODELS / f"{name}.gguf").read_bytes()


def split(path: Path, name: str, count: int) -> dict[str, bytes]:
    """Return a model in so many files, as llama.cpp's own tool splits them."""
    whole = ggufs.read(path)
    share = -(-len(whole.tensors) // count)
    parts = {}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "part.gguf"
        for number in range(count):
            tensors = whole.tensors[number * share : (number + 1) * share]
            values = dict(whole.values) if number == 0 else {}
            values |= {
                "split.no": ggufs.uint16(number),
                "split.count": ggufs.uint16(count),
                "split.tensors.count": ggufs.int32(len(whole.tensors)),
            }
            ggufs.write(target, values, [(each, _rows(whole, each)) for each in tensors])
            parts[f"{name}-{number + 1:05}-of-{count:05}.gguf"] = target.read_bytes()
    return parts


def _rows(whole: ggufs.Gguf, tensor: ggufs.Tensor) -> Callable[[], Iterator[ggufs.Bytes]]:
    def pieces() -> Iterator[ggufs.Bytes]:
        yield np.asarray(whole.rows(tensor))

    return pieces


def switches(hub: FakeHub) -> list[Route]:
    """Return the doors through which faults are switched."""

    async def shown(_: Request) -> Response:
        return PlainTextResponse(told(hub))

    async def off(_: Request) -> Response:
        hub.faults.clear()
        return PlainTextResponse(told(hub))

    async def on(request: Request) -> Response:
        door, fault = request.path_params["door"], request.path_params["fault"]
        if not switch(hub, door, fault):
            return PlainTextResponse(f"There is no {door} or no {fault}.\n\n{told(hub)}", 404)
        return PlainTextResponse(told(hub))

    return [
        Route("/faults", shown),
        Route("/faults/none", off),
        Route("/faults/{door}/{fault}", on),
    ]


def switch(hub: FakeHub, door: str, fault: str) -> bool:
    """Switch a fault on; say whether there is such a one."""
    doors = {each: each for each in get_args(Door)}
    faults = {each.replace(" ", "-"): each for each in get_args(Fault)}
    known = door in doors and fault in faults
    if known:
        hub.faults[doors[door]] = faults[fault]
    return known


def told(hub: FakeHub) -> str:
    """Return which faults are on, and which there are."""
    on = ", ".join(f"{door}: {fault}" for door, fault in hub.faults.items())
    faults = " ".join(each.replace(" ", "-") for each in get_args(Fault))
    return (
        f"on      {on or 'nothing'}\n"
        f"doors   {' '.join(get_args(Door))}\n"
        f"faults  {faults}\n"
        f"switch  {hub.url}/faults/DOOR/FAULT, {hub.url}/faults/none\n"
    )


def welcome(hub: FakeHub) -> str:
    """Return how to start Echelon against the hub, and what can be tried."""
    names = "\n".join(f"  {repo.repo}: {', '.join(repo.files)}" for repo in hub.repos)
    return (
        f"A hub with small models is at {hub.url}. Start Echelon in another terminal with\n\n"
        f"  HF_ENDPOINT={hub.url} make run\n\n"
        f"and with HF_TOKEN={hub.token} for the gated one. There are:\n{names}\n\n"
        f"Faults: {hub.url}/faults lists and switches them. Ctrl+C ends it.\n"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="0 takes any free one")
    parser.add_argument(
        "--rate", type=float, default=_RATE_MB, metavar="MB/s", help="of the line; 0 for no limit"
    )
    parser.add_argument(
        "--fault", nargs=2, action="append", default=[], metavar=("DOOR", "FAULT"),
        help="begin with this fault",
    )  # fmt: skip
    return parser.parse_args()


async def _main(args: argparse.Namespace) -> None:
    hub = FakeHub(repositories(), token=TOKEN)
    hub.rate = args.rate * 1e6 or None
    for door, fault in args.fault:
        if not switch(hub, door, fault):
            raise SystemExit(f"There is no {door} or no {fault}.\n{told(hub)}")
    async with serving_hub(hub, port=args.port, also=switches(hub)):
        sys.stdout.write(welcome(hub))
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_main(_arguments()))
