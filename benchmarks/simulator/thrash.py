"""How often models are loaded when many questions come at once, against serving them in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.simulator.clock import now, run
from benchmarks.simulator.dice import chance, stream
from benchmarks.simulator.fitted import Fitted
from benchmarks.simulator.house import BUDGET, Disk, housed
from benchmarks.simulator.people import GB, Model, models, role

REQUESTS: Final = 150
# Seconds between two questions, on average: faster than they can be served in order.
EVERY_S: Final = 2.0
SHARES: Final = {"front": 0.15, "worker": 0.15, "coder": 0.35, "architect": 0.35}
_STOP_S: Final = 0.3


@dataclass(frozen=True, slots=True)
class Want:
    """A model is wanted at a time, for a while."""

    at: float
    model: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Served:
    """How often models were loaded, and how long the longest and the average wait was."""

    loads: int
    longest: float
    mean: float


def wants(seed: int) -> list[Want]:
    """Return the questions of one busy quarter of an hour."""
    random, at, found = stream("line", seed), 0.0, []
    names, weights = list(SHARES), list(SHARES.values())
    for number in range(REQUESTS):
        at += random.expovariate(1 / EVERY_S)
        seconds = 2.0 + 4.0 * chance("line length", seed, number)
        found.append(Want(at, random.choices(names, weights)[0], seconds))
    return found


def grouped(fitted: Fitted, seed: int) -> Served:
    """Serve them as the program's residency does."""
    return run(_grouped(models(fitted, seed), wants(seed)))


async def _grouped(people: dict[str, Model], line: Sequence[Want]) -> Served:
    waits: list[float] = []
    async with housed(people) as house:

        async def serve(want: Want) -> None:
            await asyncio.sleep(want.at)
            async with house.residency.lease(role(people[want.model])):
                waits.append(now() - want.at)
                await asyncio.sleep(want.seconds)

        await asyncio.gather(*(serve(want) for want in line))
        return _served(house.servers.loads.total(), waits)


def in_order(fitted: Fitted, seed: int) -> Served:
    """Serve them in the order in which they come; who was used longest ago leaves."""
    people, disk = models(fitted, seed), Disk()
    free: dict[str, float] = {}  # until when who is there is busy, least lately used first
    loads, turn, waits = 0, 0.0, []
    for want in wants(seed):
        turn = max(turn, want.at)
        if want.model in free:
            turn = max(turn, free.pop(want.model))
        else:
            loads += 1
            turn = _room_for(people, want.model, free, turn) + disk.load_s(people[want.model])
        waits.append(turn - want.at)
        free[want.model] = turn + want.seconds
    return _served(loads, waits)


def _room_for(people: dict[str, Model], name: str, free: dict[str, float], turn: float) -> float:
    """Bring models out until one fits; return when there is room. The first to answer stays."""
    while sum(_size(people, each) for each in (*free, name)) > BUDGET:
        victim = next(each for each in free if people[each].frame.tier != "A")
        turn = max(turn, free.pop(victim)) + _STOP_S
    return turn


def _size(people: dict[str, Model], name: str) -> float:
    return people[name].frame.gigabytes * GB


def _served(loads: int, waits: Sequence[float]) -> Served:
    return Served(loads, max(waits), sum(waits) / len(waits))
