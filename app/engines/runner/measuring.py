"""Measures what evaluating several tokens at once costs here, and how much it changes scores."""

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.engines.runner.context import Context, Outcome
from app.engines.speculation.costs import MEASURED, Costs

FORM: Final = 3
# Repetitions of the whole; a computer that is disturbed gets more of them.
FEWEST_ROUNDS: Final = 2
MOST_ROUNDS: Final = 8
PAST: Final = 256  # tokens before the rows that are measured
# Up to so many cells in use the library may compute attention for one row as for several, and
# beyond in another way; behind so few tokens it is seen what changes there.
FEW_CELLS: Final = 256
SHORT_PAST: Final = 64
LONGEST_S: Final = 6.0
VALID_S: Final = 30 * 24 * 3600.0
# Tokens that are first evaluated one by one: all times hang on that of a single one, and what they
# score is what drafts must not change.
ALONE: Final = 16
ALONE_S: Final = LONGEST_S / 4
# The lead of the likeliest token changes a little with the rows of an evaluation. A lead of so many
# standard deviations of that change is no tie: less than one token in a million is another one.
DEVIATIONS: Final = 4.0
# Rounds go on until one lowers the least times by less; where the last still lowers them by more
# than the second figure, the measurement serves, but is not kept.
CALM: Final = 0.04
RESTLESS: Final = 0.25
SEQUENCE: Final = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds by rows, and how close two scores may be before their order is chance.

    `tolerance` is for any number of cells in use, `tolerance_short` for at most `FEW_CELLS`.
    `fixed`: the times stay as they are, whatever use shows, so that the same is drafted each time.
    """

    milliseconds: dict[int, float]
    tolerance: float
    tolerance_short: float
    calm: bool = True
    fixed: bool = False

    def costs(self) -> Costs:
        """Return the costs as the tuner wants them."""
        return Costs(dict(self.milliseconds), fixed=self.fixed)


def measure(
    context: Context, vocabulary: int, rows: int, told: Mapping[int, float] | None = None
) -> Measured | None:
    """Time evaluations of 1 to `rows` rows in an empty context, in turn; None if one fails.

    What the tokens are does not matter for the time. Afterwards the context is empty again.
    `told`: times somebody knows already; then only how much scores change is looked at, which
    nobody can tell for another computer.
    """
    past = min(PAST, context.cells // 2, context.batch.capacity)
    sizes = [size for size in MEASURED if size <= min(rows, context.cells - past)]
    tokens = [(at * 7919 + 11) % vocabulary for at in range(past + max(*sizes, ALONE))]
    trial = _Trial(context, tokens, past)
    short = _Trial(context, tokens, min(SHORT_PAST, past))
    try:
        if not (trial.begin() and (trial.round(sizes) if told else trial.rounds(sizes))):
            return None
        context.clear()
        few = [size for size in sizes if short.past + size < FEW_CELLS]
        if not (short.begin() and short.round(few)):
            return None
    finally:
        context.clear()
    times = dict(told or trial.least)
    return Measured(times, trial.tolerance, short.tolerance, calm=trial.unrest <= RESTLESS)


class _Trial:
    """The least times so far, and how much scores changed; noise only ever adds to a time."""

    def __init__(self, context: Context, tokens: Sequence[int], past: int) -> None:
        self._context = context
        self._tokens = tokens
        self.past = past
        self._leads: list[_Lead] = []
        self._shifts: list[float] = []
        self.least: dict[int, float] = {}
        self.unrest = 0.0  # by how much the last round lowered the times

    @property
    def tolerance(self) -> float:
        """How close two scores may be before their order is chance."""
        seen = np.asarray(self._shifts or [0.0])
        return float(max(DEVIATIONS * np.sqrt(np.mean(seen**2)), np.abs(seen).max()))

    def begin(self) -> bool:
        """Read what comes before and evaluate the first tokens one by one; False if that fails."""
        if not _read(self._context, self._tokens[: self.past], 0):
            return False
        begun = time.perf_counter()
        for at in range(ALONE):
            if not self._time(self.past + at, 1):
                return False
            self._leads.append(_Lead.of(self._context.logits(0)))
            if time.perf_counter() - begun > ALONE_S:
                break
        return self._go_back()

    def rounds(self, sizes: Sequence[int]) -> bool:
        """Evaluate all sizes in turn, until that teaches nothing new; False when one fails."""
        begun = time.perf_counter()
        for number in range(MOST_ROUNDS):
            before = dict(self.least)
            if not self.round(sizes):
                return False
            lowered = [before[size] / self.least[size] - 1 for size in sizes if size in before]
            self.unrest = max(lowered) if number else 0.0
            settled = number + 1 >= FEWEST_ROUNDS and self.unrest <= CALM
            elapsed = time.perf_counter() - begun
            if settled or elapsed * (1 + 1 / (number + 1)) > LONGEST_S:
                break
        return True

    def round(self, sizes: Sequence[int]) -> bool:
        """Evaluate all sizes once, in turn; False when one fails."""
        for size in sizes:
            if not self._time(self.past, size):
                return False
            self._compare(size)
            if not self._go_back():
                return False
        return True

    def _time(self, position: int, size: int) -> bool:
        tokens = self._tokens[position : position + size]
        took = time_rows(self._context, SEQUENCE, tokens, position)
        if took is None:
            return False
        self.least[size] = min(took, self.least.get(size, took))
        return True

    def _go_back(self) -> bool:
        if self._context.keep(SEQUENCE, self.past):
            return True
        self._context.clear()
        return _read(self._context, self._tokens[: self.past], 0)

    def _compare(self, size: int) -> None:
        """See by how much leads differ from those of tokens evaluated one by one."""
        for row, lead in enumerate(self._leads[:size]):
            self._shifts.append(lead.within(self._context.logits(row)) - lead.size)


@dataclass(frozen=True, slots=True)
class _Lead:
    """By how much the likeliest token is ahead of the second."""

    first: int
    second: int
    size: float

    @staticmethod
    def of(scores: NDArray[np.float32]) -> "_Lead":
        """Find the lead in scores."""
        second, first = (int(token) for token in np.argsort(scores)[-2:])
        return _Lead(first, second, float(scores[first] - scores[second]))

    def within(self, scores: NDArray[np.float32]) -> float:
        """Return the lead of the same two tokens in other scores."""
        return float(scores[self.first] - scores[self.second])


def _read(context: Context, tokens: Sequence[int], position: int) -> bool:
    context.batch.clear()
    context.batch.add(SEQUENCE, tokens, position, 1)
    return context.evaluate() == Outcome.DONE


def time_rows(
    context: Context, sequence: int, tokens: Sequence[int], position: int
) -> float | None:
    """Evaluate all rows with scores, look at each as choosing a token does; return milliseconds."""
    started = time.perf_counter()
    context.batch.clear()
    context.batch.add(sequence, tokens, position, len(tokens))
    if context.evaluate() != Outcome.DONE:
        return None
    best = [float(context.logits(row).max()) for row in range(len(tokens))]
    return 1000 * (time.perf_counter() - started) if np.isfinite(best).all() else None


def usable(milliseconds: Mapping[int, float], rows: int) -> dict[int, float]:
    """Return costs that somebody has told, up to so many rows; nothing if they tell nothing."""
    known = {size: milliseconds[size] for size in MEASURED if size in milliseconds}
    kept = {size: ms for size, ms in known.items() if size <= rows}
    return kept if 1 in kept and len(kept) > 1 else {}


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
            tolerances = float(found["tolerance"]), float(found["tolerance_short"])
            return Measured(times, *tolerances, fixed=found.get("fixed") is True)
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
            said = {
                "milliseconds": measured.milliseconds,
                "tolerance": measured.tolerance,
                "tolerance_short": measured.tolerance_short,
            }
            self._save(key, {**said, "fixed": True} if measured.fixed else said)

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
