"""Fits the curve of item response to a trace of two models: who was right on which question.

The trace is a table with the columns `subject`, `weak_correct` and `strong_correct`. Only what is
fitted is kept: the curve, and the abilities of both models in four grades of subjects.
"""

import csv
import gzip
import io
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import log
from pathlib import Path
from typing import Final

from benchmarks.simulator.curves import Curve

GRADES: Final = 4
_GUESSES: Final = (0.0, 0.05, 0.1, 0.15, 0.2)
_STEEPS: Final = (1.0, 1.5, 2.0, 3.0, 5.0)
_SPREADS: Final = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0)


@dataclass
class Table:
    """How many questions nobody, only one, or both got right."""

    none: int = 0
    strong: int = 0
    weak: int = 0
    both: int = 0

    @property
    def count(self) -> int:
        """All questions."""
        return self.none + self.strong + self.weak + self.both

    def rates(self) -> tuple[float, float]:
        """Return the share each model gets right, drawn a little to the middle."""
        whole = self.count + 2
        return (self.weak + self.both + 1) / whole, (self.strong + self.both + 1) / whole

    def add(self, other: "Table") -> "Table":
        """Return both tables as one."""
        return Table(
            self.none + other.none,
            self.strong + other.strong,
            self.weak + other.weak,
            self.both + other.both,
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """The likeliest curve, and (weak, strong) abilities from the easiest to the hardest quarter.

    `questions`: how many it was fitted to. `only_weak`: the share of the trace that only the weak
    model gets right, and what the curve makes of it.
    """

    curve: Curve
    abilities: tuple[tuple[float, float], ...]
    questions: int
    only_weak: tuple[float, float]


def read(path: Path) -> dict[str, Table]:
    """Return the table of each subject of the trace in `path`, plain or compressed."""
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    tables: dict[str, Table] = {}
    for row in csv.DictReader(io.StringIO(text.decode("utf-8"))):
        table = tables.setdefault(row["subject"], Table())
        weak, strong = row["weak_correct"] == "1", row["strong_correct"] == "1"
        name = {(False, False): "none", (False, True): "strong", (True, False): "weak"}
        cell = name.get((weak, strong), "both")
        setattr(table, cell, getattr(table, cell) + 1)
    return tables


def fit(tables: Iterable[Table]) -> Fit:
    """Return the curve under which the tables are likeliest, over a grid of its three numbers."""
    subjects = sorted(tables, key=lambda each: -sum(each.rates()))
    grid = (Curve(*each) for each in product(_GUESSES, _STEEPS, _SPREADS))
    best = max(grid, key=lambda curve: sum(_likelihood(curve, each) for each in subjects))
    quarters = [_sum(each) for each in _quarters(subjects)]
    whole = _sum(subjects)
    expected = sum(_cells(best, each)[1] * each.count for each in subjects)
    return Fit(
        best,
        tuple(_abilities(best, each) for each in quarters),
        whole.count,
        (whole.weak / whole.count, expected / whole.count),
    )


def _quarters(subjects: list[Table]) -> Iterable[list[Table]]:
    """Yield the subjects in groups of about as many questions each."""
    whole = sum(each.count for each in subjects)
    groups: list[list[Table]] = [[] for _ in range(GRADES)]
    before = 0
    for each in subjects:
        groups[min(GRADES - 1, before * GRADES // whole)].append(each)
        before += each.count
    return groups


def _sum(tables: Iterable[Table]) -> Table:
    total = Table()
    for table in tables:
        total = total.add(table)
    return total


def _abilities(curve: Curve, table: Table) -> tuple[float, float]:
    least = curve.guess + 0.02
    weak, strong = (max(least, rate) for rate in table.rates())
    return curve.ability(weak), curve.ability(strong)


def _cells(curve: Curve, table: Table) -> tuple[float, float, float, float]:
    """Return the expected shares of: nobody, only the weak, only the strong, both."""
    weak, strong = _abilities(curve, table)
    both = curve.both(weak, strong)
    one, other = curve.mean(weak) - both, curve.mean(strong) - both
    return 1 - both - one - other, one, other, both


def _likelihood(curve: Curve, table: Table) -> float:
    counts = (table.none, table.weak, table.strong, table.both)
    cells = _cells(curve, table)
    return sum(count * log(max(1e-9, cell)) for count, cell in zip(counts, cells, strict=True))
