"""Measures what evaluating several tokens at once costs here, and how much it changes scores."""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.engines.runner.context import Context, Outcome
from app.engines.speculation.costs import MEASURED, Costs, least

FORM: Final = 1
ROUNDS: Final = 3
PAST: Final = 256  # tokens before the rows that are measured
LONGEST_S: Final = 6.0
VALID_S: Final = 30 * 24 * 3600.0
# The lead of the likeliest token changes a little with the rows of an evaluation; a lead of so
# many times what was seen is no tie.
MARGIN: Final = 3.0
# Repetitions that differ by more were disturbed: such a measurement serves, but is not kept.
CALM: Final = 0.5
SEQUENCE: Final = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds by rows, and how close two scores may be before their order is chance."""

    milliseconds: dict[int, float]
    tolerance: float
    calm: bool = True

    def costs(self) -> Costs:
        """Return the costs as the tuner wants them."""
        return Costs(dict(self.milliseconds))


def measure(context: Context, vocabulary: int, rows: int) -> Measured | None:
    """Time evaluations of 1 to `rows` rows in an empty context, in turn; None if one fails.

    What the tokens are does not matter for the time. Afterwards the context is empty again.
    """
    past = min(PAST, context.cells // 2, context.batch.capacity)
    sizes = [size for size in MEASURED if size <= min(rows, context.cells - past)]
    tokens = [(at * 7919 + 11) % vocabulary for at in range(past + max(sizes))]
    samples: dict[int, list[float]] = {}
    shift = 0.0
    begun = time.perf_counter()
    try:
        if not _read(context, tokens[:past], 0):
            return None
        for _ in range(ROUNDS):
            lone: NDArray[np.float32] | None = None
            for size in sizes:
                started = time.perf_counter()
                if not _evaluate(context, tokens[past : past + size], past):
                    return None
                samples.setdefault(size, []).append(1000 * (time.perf_counter() - started))
                scores = context.logits(0).copy()
                lone = scores if lone is None else lone
                shift = max(shift, abs(_lead(scores, lone) - _lead(lone, lone)))
                context.keep(SEQUENCE, past)
            if time.perf_counter() - begun > LONGEST_S:
                break
    finally:
        context.clear()
    return Measured(least(samples), MARGIN * shift, calm=_spread(samples) <= CALM)


def _lead(scores: NDArray[np.float32], lone: NDArray[np.float32]) -> float:
    """Return how far the best of `lone` is ahead of its second best, in `scores`."""
    second, first = np.argpartition(lone, lone.size - 2)[-2:]
    return float(scores[first] - scores[second])


def _spread(samples: dict[int, list[float]]) -> float:
    """Return by how much repetitions of the same differ, for the middle one of all sizes."""
    spreads = sorted(max(times) / min(times) - 1 for times in samples.values())
    return spreads[len(spreads) // 2]


def _read(context: Context, tokens: Sequence[int], position: int) -> bool:
    context.batch.clear()
    context.batch.add(SEQUENCE, tokens, position, 1)
    return context.evaluate() == Outcome.DONE


def _evaluate(context: Context, tokens: Sequence[int], position: int) -> bool:
    """Evaluate all rows with scores, and look at each as choosing a token does."""
    context.batch.clear()
    context.batch.add(SEQUENCE, tokens, position, len(tokens))
    if context.evaluate() != Outcome.DONE:
        return False
    return all(np.isfinite(context.logits(row)[_best(context, row)]) for row in range(len(tokens)))


def _best(context: Context, row: int) -> int:
    return int(context.logits(row).argmax())


def key_of(path: Path, circumstances: Sequence[object]) -> str:
    """Return what a measurement depends on, as a part of the name of its file."""
    stat = path.stat()
    parts = (FORM, path.name, stat.st_size, stat.st_mtime_ns, *circumstances)
    return sha256(repr(parts).encode()).hexdigest()[:32]


class Notebook:
    """Keeps what was measured and learned in a folder, a small file for each model and purpose."""

    def __init__(self, folder: Path | None, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now

    def read(self, key: str) -> Measured | None:
        """Return a measurement that is not too old."""
        found = self._load(key)
        if not isinstance(found, dict):
            return None
        try:
            times = {int(rows): float(ms) for rows, ms in found["milliseconds"].items()}
            if min(times) != 1 or min(times.values()) <= 0:
                return None
            return Measured(times, float(found["tolerance"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def recall(self, key: str) -> object:
        """Return what was learned, or nothing."""
        return self._load(f"{key}-learned")

    def remember(self, key: str, learned: object) -> None:
        """Keep what was learned."""
        self._save(f"{key}-learned", learned)

    def _load(self, name: str) -> object:
        if self._folder is None:
            return None
        path = self._folder / f"{name}.json"
        try:
            if self._now() - path.stat().st_mtime > VALID_S:
                return None
            found: object = json.loads(path.read_text("utf-8"))
            return found
        except (OSError, ValueError):
            return None

    def write(self, key: str, measured: Measured) -> None:
        """Keep a calm measurement; without room there is none next time."""
        if measured.calm:
            times = measured.milliseconds
            self._save(key, {"milliseconds": times, "tolerance": measured.tolerance})

    def _save(self, name: str, content: object) -> None:
        if self._folder is None:
            return
        fresh = self._folder / f"{name}.{os.getpid()}.new"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(content), "utf-8")
            fresh.replace(self._folder / f"{name}.json")
        except OSError:
            fresh.unlink(missing_ok=True)
