"""A context without a library: it remembers what its sequences hold, and counts on."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.engines.runner.context import Outcome

WORDS = 100


class FakeContext:
    """After a token comes the next number; it is its own batch and its own model."""

    can_cut, walks_over_idle, scores_alone = True, True, False
    cells, outputs, capacity, n_vocab = 9999, 64, 64, WORDS

    def __init__(self, on_evaluation: Callable[[int], int] = lambda _rows: Outcome.DONE) -> None:
        self.batch = self
        self.rows = 0
        self.content: dict[int, list[int]] = {}
        self._tokens: list[int] = []
        self._on_evaluation = on_evaluation

    def clear(self) -> None:
        self.rows, self._tokens = 0, []

    def add(self, sequence: int, tokens: Sequence[int], position: int, _outputs: int) -> int:
        held = self.content.setdefault(sequence, [])
        assert position == len(held)
        held += tokens
        first, self.rows = self.rows, self.rows + len(tokens)
        self._tokens += tokens
        return first

    def evaluate(self) -> int:
        return self._on_evaluation(self.rows)

    def logits(self, row: int) -> NDArray[np.float32]:
        scores = np.zeros(WORDS, np.float32)
        scores[(self._tokens[row] + 1) % WORDS] = 9.0
        return scores

    def keep(self, sequence: int, count: int) -> bool:
        del self.content.setdefault(sequence, [])[count:]
        return True

    def forget(self, sequence: int) -> None:
        self.content[sequence] = []

    def weight(self, _sequence: int) -> int:
        return 1 << 40  # too much to be kept beside
