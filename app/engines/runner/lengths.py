"""What several tokens cost behind a long text: timed at idle, behind a text that is there.

Reading a long text only to measure takes minutes on a slow computer. A conversation that has grown
so long is in memory anyway: rows are evaluated behind it and taken back, and it is what it was.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from app.engines.runner.context import Context
from app.engines.runner.drafting import Drafting
from app.engines.runner.lanes import Lane, Lanes
from app.engines.runner.measuring import time_rows

# Each size is timed so often; noise only ever adds to a time, so the least one counts.
ROUNDS: Final = 3


class Lengths:
    """Times evaluations behind the conversation that was left last; at idle, in small steps."""

    def __init__(self, context: Context, lanes: Lanes, drafting: Drafting) -> None:
        self._context = context
        self._lanes = lanes
        self._drafting = drafting
        self._running: Iterator[None] | None = None
        self._failed = False

    def step(self) -> bool:
        """Evaluate once; False when there is nothing to measure."""
        if self._running is None:
            able = self._context.can_cut and not self._failed
            lane = self._lanes.alone if able else None
            sizes = self._sizes(lane) if lane is not None else []
            if lane is None or not sizes:
                return False
            self._running = self._measure(lane, sizes)
        try:
            next(self._running)
        except StopIteration:
            self._running = None
        return True

    def _sizes(self, lane: Lane) -> list[int]:
        room = self._context.cells - self._lanes.held
        return [size for size in self._drafting.sizes_wanted(lane.past) if size <= room]

    def _measure(self, lane: Lane, sizes: Sequence[int]) -> Iterator[None]:
        past, least = lane.past, dict[int, float]()
        for size in (size for _ in range(ROUNDS) for size in sizes):
            took = time_rows(self._context, lane.sequence, lane.tokens[:size], past)
            self._lanes.rewind(lane)
            if took is None:
                self._failed = True
                return
            least[size] = min(took, least.get(size, took))
            yield
            # Somebody may have gone on with it or taken its place: then another time.
            if self._lanes.alone is not lane or lane.past != past:
                return
        self._drafting.measured(past, least)
