"""Quiet time: when it begins, what ends it, and that one study harms no other."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from app.domain.doctor import Condition
from app.domain.errors import EngineDied
from app.domain.events import TurnStarted, UserSeen
from app.domain.routing import ChangeRecord, LedgerRecord
from app.orchestration.learning.idle import STUDYING_LOOK_S, Chore, Idle, Quiet, Study
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

ROW = ChangeRecord(at=0, id="x", kind="move", subject="math")


class Bench:
    """An idle core on a clock that stands still until it is moved."""

    def __init__(
        self, *studies: Study, after_s: float = 60.0, chores: Sequence[Chore] = ()
    ) -> None:
        self.now, self.busy, self.mains = 1000.0, 0, True
        self.rows: list[LedgerRecord] = []
        self.bus, self.tasks = Bus(), TaskOwner()
        self.looks: asyncio.Queue[float] = asyncio.Queue()
        self.looked = asyncio.Event()
        quiet = Quiet(
            after_s=after_s,
            busy=lambda: self.busy,
            on_mains=lambda: self.mains,
            clock=lambda: self.now,
            pause=self._pause,
        )
        self.idle = Idle(studies, quiet, self.rows.append, self.bus, self.tasks, chores)

    async def _pause(self, seconds: float) -> None:
        self.looked.set()
        self.now += await self.looks.get()

    async def look(self, seconds: float) -> None:
        """Let time pass and wait until it was looked again."""
        self.looked.clear()
        self.looks.put_nowait(seconds)
        await self.looked.wait()


def study(*rows: LedgerRecord) -> Study:
    async def run() -> AsyncGenerator[LedgerRecord, None]:
        for row in rows:
            yield row

    return Study("a study", run)


async def test_it_begins_when_the_user_is_away_and_only_on_mains_power() -> None:
    bench = Bench(study(ROW))
    bench.idle.start()
    await bench.look(59)
    assert bench.rows == []
    bench.mains = False
    await bench.look(2)
    bench.mains, bench.busy = True, 1
    await bench.look(1)
    assert bench.rows == []
    bench.busy = 0
    await bench.look(1)
    assert bench.rows == [ROW]
    bench.bus.publish(UserSeen())
    await bench.look(59)
    assert bench.rows == [ROW]
    (said,) = bench.idle.mechanisms()
    assert said.condition is Condition.LIVE
    assert "1 times" in said.reason
    await bench.tasks.close(1)


async def test_chores_come_after_studies_and_end_when_the_user_is_back() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    bench = Bench(study(ROW), chores=[Chore("endless", endless)])
    bench.idle.start()
    bench.looks.put_nowait(61)
    await begun.wait()
    assert bench.rows == [ROW]
    bench.bus.publish(UserSeen())
    await ended.wait()
    await bench.tasks.close(1)


class Endless:
    """A study that never comes to a row."""

    def __init__(self) -> None:
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def run(self) -> AsyncGenerator[LedgerRecord, None]:
        try:
            self.begun.set()
            await asyncio.Event().wait()
            yield ROW
        finally:
            self.ended.set()


@pytest.mark.parametrize("reason", ["mains", "busy"])
async def test_the_end_of_mains_power_ends_it_in_the_middle(reason: str) -> None:
    endless = Endless()
    bench = Bench(Study("endless", endless.run))
    bench.idle.start()
    bench.looks.put_nowait(61)
    await endless.begun.wait()
    await bench.look(STUDYING_LOOK_S)
    assert not endless.ended.is_set()
    setattr(bench, reason, reason == "busy")
    bench.looks.put_nowait(STUDYING_LOOK_S)
    await endless.ended.wait()
    endless.begun.clear()
    await bench.look(61)  # still no power
    assert not endless.begun.is_set()
    setattr(bench, reason, reason == "mains")
    bench.looks.put_nowait(1)
    await endless.begun.wait()  # and again
    await bench.tasks.close(1)


async def test_a_question_ends_it_in_the_middle() -> None:
    endless = Endless()
    begun, ended = endless.begun, endless.ended
    bench = Bench(Study("endless", endless.run))
    bench.idle.start()
    bench.looks.put_nowait(61)
    await begun.wait()
    bench.bus.publish(TurnStarted("t"))
    await ended.wait()
    await bench.looked.wait()
    assert bench.rows == []
    await bench.tasks.close(1)


async def test_a_study_that_breaks_leaves_the_others_their_turn() -> None:
    async def broken() -> AsyncGenerator[LedgerRecord, None]:
        yield ROW
        raise EngineDied("gone", remedy="")

    bench = Bench(Study("broken", broken), study(ROW))
    bench.now += 61
    await bench.idle.spend()
    assert bench.rows == [ROW, ROW]


async def test_the_next_row_is_not_waited_for_when_somebody_came() -> None:
    bench = Bench(study(ROW, ROW))
    await bench.idle.spend()  # nobody has been away
    assert bench.rows == [ROW]


async def test_a_clock_that_jumps_back_is_not_quiet() -> None:
    bench = Bench(study(ROW))
    bench.now -= 5000
    assert not bench.idle.is_quiet


async def test_it_can_be_switched_off() -> None:
    bench = Bench(study(ROW), after_s=0)
    bench.idle.start()
    bench.now += 10_000
    assert not bench.idle.is_quiet
    (said,) = bench.idle.mechanisms()
    assert said.condition is Condition.OFF
    assert "ORCHESTRATOR_IDLE_AFTER_S" in said.reason
