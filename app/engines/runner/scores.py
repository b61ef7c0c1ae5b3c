"""The scores of one evaluation, and those of a place scored by itself where a tie needs it."""

import time
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.engines.runner.context import Context, Outcome

Found: TypeAlias = NDArray[np.float32]


class Scores:
    """Owns what the last evaluation scored; stays readable when a place is scored again."""

    def __init__(self, context: Context, rows: Iterable[int]) -> None:
        """Read from `context`; `rows` are those that have scores."""
        self._context = context
        self._rows = tuple(rows)
        self._kept: dict[int, Found] | None = None
        self.seconds = 0.0  # that scoring again took

    def of(self, row: int) -> Found:
        """Return the raw scores after a row."""
        return self._context.logits(row) if self._kept is None else self._kept[row]

    def alone(self, row: int, sequence: int, position: int, token: int) -> Found | None:
        """Return the scores after a row again, its token evaluated by itself; None if that fails.

        What else the evaluation left in the sequence stays as it is. Where the evaluation is
        stopped, nobody waits for this answer any more, and the scores there are will do.
        """
        begun = time.perf_counter()
        if self._kept is None:  # the library has room for the scores of one evaluation
            self._kept = {each: self._context.logits(each).copy() for each in self._rows}
        outcome = self._context.evaluate_alone(sequence, position, token)
        scores = self._kept[row] if outcome == Outcome.ABORTED else None
        scores = self._context.logits(0).copy() if outcome == Outcome.DONE else scores
        self.seconds += time.perf_counter() - begun
        return scores
