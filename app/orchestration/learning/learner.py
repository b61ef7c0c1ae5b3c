"""Gives every row to those who learn from it, and lets them fit again when enough is new."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from app.domain.doctor import Condition, Mechanism
from app.domain.routing import LedgerRecord, OutcomeRecord, TurnRecord
from app.orchestration.gate.gate import Gate
from app.orchestration.learning.audits import READING
from app.orchestration.ledger.ledger import Ledger
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.router import Router
from app.platform.tasks import TaskOwner

# The newest rows that are read at the start.
TURNS: Final = 2_000
OUTCOMES: Final = 8_000


class Recaller(Protocol):
    """Whoever else goes on from the rows of earlier runs."""

    def recall(self, record: LedgerRecord) -> None:
        """Take in one row."""


class Learner:
    """Owns when gate and predictor are fitted. Nothing else is learned from than rows."""

    def __init__(
        self,
        ledger: Ledger,
        gate: Gate,
        predictor: Predictor,
        router: Router,
        tasks: TaskOwner,
        also: Sequence[Recaller] = (),
    ) -> None:
        """Join the ledger and those who learn; `also` recall the rows of earlier runs."""
        self._also = also
        self._ledger = ledger
        self._gate = gate
        self._predictor = predictor
        self._router = router
        self._tasks = tasks
        self._fitting: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[None] | None = None
        self._shipped: set[str] = set()
        self._outcomes = 0
        self._witnesses: Counter[str] = Counter()
        self._probes = 0

    def start(self, probes: Callable[[], Sequence[OutcomeRecord]]) -> None:
        """Begin to learn from earlier runs, and from what shipped models answered before."""
        self._starting = self._tasks.spawn(self._start(probes), name="learn from earlier runs")

    def begin_with(self, probes: Callable[[], Sequence[OutcomeRecord]]) -> None:
        """Learn also from what shipped models answered that have come into use since the start."""
        self._tasks.spawn(self._begin_with(probes), name="learn of new models")

    async def ready(self) -> None:
        """Wait until what is known already has been taken in; whatever fails, turns go on."""
        if self._starting is not None:
            await asyncio.wait([self._starting])

    async def fitted(self) -> None:
        """Wait until a fit that has begun is done."""
        if self._fitting is not None:
            await asyncio.wait([self._fitting])

    async def _start(self, load: Callable[[], Sequence[OutcomeRecord]]) -> None:
        await self._take_shipped(load)
        for turn in await self._ledger.turns(TURNS):
            self._router.recall(turn)
            self._recall(turn)
        for outcome in await self._ledger.outcomes(OUTCOMES):
            self._count(outcome)
            self._learn(outcome)
            self._recall(outcome)
        for change in await self._ledger.changes():
            self._recall(change)
        await asyncio.to_thread(self._fit)

    async def _begin_with(self, load: Callable[[], Sequence[OutcomeRecord]]) -> None:
        await self.ready()
        if await self._take_shipped(load):
            self._fit_soon()

    async def _take_shipped(self, load: Callable[[], Sequence[OutcomeRecord]]) -> int:
        """Learn from what shipped models answered, once each; return how much was new."""
        found = await asyncio.to_thread(load)
        new = [each for each in found if each.model_id not in self._shipped]
        self._shipped |= {each.model_id for each in new}
        self._probes += len(new)
        for outcome in new:
            self._learn(outcome)
        return len(new)

    def note(self, record: LedgerRecord) -> None:
        """Take in one row."""
        if isinstance(record, TurnRecord):
            self._router.note(record)
        elif isinstance(record, OutcomeRecord):
            self._count(record)
            self._learn(record)
            if self._gate.is_stale or self._predictor.is_stale:
                self._fit_soon()

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what is learned from."""
        yield Mechanism(
            area="learning",
            name="outcomes",
            condition=Condition.LIVE,
            reason=f"{self._outcomes} of your turns, {self._probes} of probes",
        )
        said = ", ".join(f"{count} by {who}" for who, count in sorted(self._witnesses.items()))
        yield Mechanism(
            area="learning",
            name="witnesses",
            condition=Condition.LIVE,
            reason=said or "checks, a stronger model, and what you do with answers",
        )
        yield Mechanism(
            area="learning",
            name="a changed model begins anew",
            condition=Condition.LIVE,
            reason="evidence belongs to the bytes of a model",
        )

    def _count(self, outcome: OutcomeRecord) -> None:
        if outcome.source == "probe":
            self._probes += 1
        else:
            self._outcomes += 1

    def _recall(self, record: LedgerRecord) -> None:
        for each in self._also:
            each.recall(record)

    def _learn(self, outcome: OutcomeRecord) -> None:
        if outcome.source == READING:
            return  # it tells of the reader, not of who answered
        if outcome.source != "probe":
            self._witnesses[outcome.witness.value] += 1
        self._gate.learn(outcome)
        self._predictor.learn(outcome)

    def _fit_soon(self) -> None:
        if self._fitting is None or self._fitting.done():
            self._fitting = self._tasks.spawn(asyncio.to_thread(self._fit), name="fit")

    def _fit(self) -> None:
        self._gate.refit()
        self._predictor.refit()
