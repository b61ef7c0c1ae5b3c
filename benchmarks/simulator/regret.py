"""How much is lost by starting elsewhere than where a question of its family is best started.

The best start of a family is the one that was worth most on average, over all runs, between two
lasting events: what somebody could know who has seen everything, except the answer to come. The
loss of a request is the difference between that start and the chosen one on this very question,
with the same answers and the same gate.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.simulator.curves import Vector
from benchmarks.simulator.rows import Row, Run

WINDOW: Final = 100
Z95: Final = 1.96
Group = Callable[[Row], object]


def by_family(row: Row) -> object:
    """Group requests as the program does."""
    return row.epoch, row.family


def by_kind(row: Row) -> object:
    """Group requests by who made them, which the program can only guess from the words."""
    return row.epoch, row.kind, row.grade


def best_starts(runs: Iterable[Run], group: Group = by_family) -> dict[object, str]:
    """Return for each group the start that is worth most."""
    sums: dict[object, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for run in runs:
        for row in run.rows:
            for start, gain in row.gains.items():
                sums[group(row)][start] += gain
    return {key: max(sorted(found), key=found.__getitem__) for key, found in sums.items()}


def losses(run: Run, best: dict[object, str], group: Group = by_family) -> Vector:
    """Return the loss of each request of a run, in order."""
    return np.array([row.gains[best[group(row)]] - row.gains[row.start] for row in run.rows])


@dataclass(frozen=True, slots=True)
class Level:
    """A mean loss per request with its standard error over runs."""

    mean: float
    error: float

    @property
    def most(self) -> float:
        """The upper end of its interval at 95 %."""
        return self.mean + Z95 * self.error


@dataclass(frozen=True, slots=True)
class Recovery:
    """After an event: the first request from which on the next hundred lose no more than before.

    `after`: None if that never happens. `first`: the loss of the first hundred requests.
    """

    steady: Level
    first: Level
    later: Level
    after: int | None


def level(curves: Sequence[Vector], begin: int, end: int) -> Level:
    """Return the mean loss of the requests from `begin` to `end`, runs being independent."""
    means = np.array([curve[begin:end].mean() for curve in curves])
    error = float(means.std(ddof=1) / len(means) ** 0.5) if len(means) > 1 else 0.0
    return Level(float(means.mean()), error)


def recovery(curves: Sequence[Vector], at: int, *, settled: int) -> Recovery:
    """Return how the loss comes back to its level after an event before request `at`.

    Args:
        curves: losses of all runs.
        at: the number of the first request after the event.
        settled: how many requests before the event count as steady.
    """
    steady = level(curves, at - settled, at)
    mean = np.mean(curves, axis=0)
    windows = np.convolve(mean[at:], np.ones(WINDOW) / WINDOW, mode="valid")
    back = np.flatnonzero(windows <= steady.most)
    return Recovery(
        steady,
        level(curves, at, at + WINDOW),
        level(curves, len(mean) - settled, len(mean)),
        int(back[0]) if len(back) else None,
    )
