"""Embeddings: texts are packed into evaluations, each as a sequence of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.engines.runner.context import Context, Outcome
from app.engines.runner.desk import Desk
from app.engines.runner.outbox import Broken, Outbox, Vectors
from app.engines.runner.status import Counters

BROKEN: Final = "engine_failed"


@dataclass(eq=False, slots=True)
class Embedding:
    """A request for the embeddings of texts, given as tokens."""

    texts: tuple[tuple[int, ...], ...]
    outbox: Outbox
    cancelled: bool = False


def pack(lengths: Sequence[int], rows: int, sequences: int) -> Iterator[range]:
    """Group texts in order so that each group fits into one evaluation."""
    start = taken = 0
    for place, length in enumerate(lengths):
        if place > start and (taken + length > rows or place - start >= sequences):
            yield range(start, place)
            start, taken = place, 0
        taken += length
    if lengths:
        yield range(start, len(lengths))


def normalised(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the vector at length 1; one of zeros stays."""
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length > 0 else vector


class Embedder:
    """Serves embedding requests one after the other; used by the owner's thread."""

    def __init__(
        self, context: Context, desk: Desk[Embedding], counters: Counters, *, sequences: int
    ) -> None:
        self._context = context
        self._desk = desk
        self._counters = counters
        self._sequences = sequences

    def step(self) -> bool:
        """Serve one request; False when there is none."""
        request = self._desk.take()
        if request is None:
            return False
        self._counters.busy = 1
        self._serve(request)
        self._counters.busy = 0
        return True

    def _serve(self, request: Embedding) -> None:
        rows: list[NDArray[np.float32]] = []
        lengths = [len(text) for text in request.texts]
        for group in pack(lengths, self._context.batch.capacity, self._sequences):
            outcome = self._evaluate(request, group)
            if outcome == Outcome.ABORTED:
                return
            if outcome != Outcome.DONE:
                message = f"The evaluation failed (llama.cpp code {outcome})."
                request.outbox.push(Broken(500, BROKEN, message))
                return
            rows += [normalised(self._context.embedding(place)) for place in range(len(group))]
        request.outbox.push(Vectors(tuple(rows)))

    def _evaluate(self, request: Embedding, group: range) -> int:
        batch = self._context.batch
        batch.clear()
        for sequence, place in enumerate(group):
            text = request.texts[place]
            batch.add(sequence, text, 0, len(text))
        self._desk.starting([request])
        self._context.clear()
        outcome = self._context.evaluate()
        self._desk.finished()
        self._counters.steps += 1
        self._counters.evaluated += batch.rows if outcome == Outcome.DONE else 0
        return outcome

    def drain(self) -> None:
        """The process stops: tell everyone who waits."""
        while (request := self._desk.take()) is not None:
            request.outbox.push(Broken(503, "stopping", "The engine is stopping."))
