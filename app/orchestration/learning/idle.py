"""What the program does while the user is away and the computer is on mains power.

Any sign of the user ends it at once: what is being asked is dropped, and nobody waits for it. So
does the end of mains power, as soon as it is seen.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from app.domain.doctor import Condition, Mechanism
from app.domain.errors import AppError
from app.domain.events import TurnStarted, UserSeen
from app.domain.routing import LedgerRecord
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

log = logging.getLogger(__name__)

# How long nobody looks whether it is quiet, at most.
LONGEST_LOOK_S: Final = 30.0
# While something is studied, it is looked as often as this whether it still is.
STUDYING_LOOK_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Study:
    """Something to be learned at idle: its name, and what yields rows."""

    name: str
    run: Callable[[], AsyncGenerator[LedgerRecord, None]]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done at idle that teaches nothing: its name, and what does all of it."""

    name: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Quiet:
    """When it is quiet: after so many seconds without the user (0: never), and on mains power.

    `busy`: turns that are on their way. `clock`: seconds that grow. `pause` waits.
    """

    after_s: float
    busy: Callable[[], int]
    on_mains: Callable[[], bool]
    clock: Callable[[], float]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep


class Idle:
    """Owns when studies run. Their rows go where all rows go."""

    def __init__(
        self,
        studies: Sequence[Study],
        quiet: Quiet,
        write: Callable[[LedgerRecord], None],
        bus: Bus,
        tasks: TaskOwner,
        chores: Sequence[Chore] = (),
    ) -> None:
        """Join the parts.

        Args:
            studies: what is done, in this order.
            quiet: when.
            write: takes every row.
            bus: tells of the user.
            tasks: owns the task that waits.
            chores: what is done after the studies, in this order.
        """
        self._studies = studies
        self._chores = chores
        self._quiet = quiet
        self._write = write
        self._tasks = tasks
        self._seen_at = quiet.clock()
        self._pass: asyncio.Task[None] | None = None
        self._passes = 0
        bus.on(TurnStarted, lambda _: self.disturb())
        bus.on(UserSeen, lambda _: self.disturb())

    def start(self) -> None:
        """Begin to look whether it is quiet."""
        if self._quiet.after_s > 0:
            self._tasks.spawn(self._watch(), name="learn at idle")

    def disturb(self) -> None:
        """End what is being studied: the user is there."""
        self._seen_at = self._quiet.clock()
        if self._pass is not None:
            self._pass.cancel()

    @property
    def is_quiet(self) -> bool:
        """Whether nobody needs this computer now, as far as we can tell."""
        quiet = self._quiet
        gone = quiet.clock() - self._seen_at
        return 0 < quiet.after_s <= gone and not quiet.busy() and quiet.on_mains()

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say whether quiet time is used."""
        on = self._quiet.after_s > 0
        reason = f"after {self._quiet.after_s:.0f} s without you, on mains power"
        reason += f"; {self._passes} times since the start" if self._passes else ""
        if on and not self._quiet.on_mains():
            reason += "; this computer is on battery now"
        yield Mechanism(
            area="learning",
            name="work at idle",
            condition=Condition.LIVE if on else Condition.OFF,
            reason=reason if on else "ORCHESTRATOR_IDLE_AFTER_S is 0",
        )

    async def _watch(self) -> None:
        look = min(LONGEST_LOOK_S, self._quiet.after_s)
        while True:
            await self._quiet.pause(look)
            if self.is_quiet:
                self._pass = self._tasks.spawn(self.spend(), name="studies at idle")
                await self._attend(self._pass, min(look, STUDYING_LOOK_S))
                self._pass = None

    async def _attend(self, studying: asyncio.Task[None], look: float) -> None:
        """Wait for the end of a pass, and bring it about when it is quiet no more."""
        while not studying.done():
            pause = asyncio.ensure_future(self._quiet.pause(look))
            try:
                await asyncio.wait([studying, pause], return_when=asyncio.FIRST_COMPLETED)
            finally:
                pause.cancel()
            if not self.is_quiet:
                studying.cancel()

    async def spend(self) -> None:
        """Do once what there is to do."""
        self._passes += 1
        for study in self._studies:
            try:
                await self._studied(study)
            except AppError as error:
                log.info("%s came to nothing: %s", study.name, error)
        for chore in self._chores:
            if self.is_quiet:
                await chore.run()

    async def _studied(self, study: Study) -> None:
        async with aclosing(study.run()) as rows:
            async for row in rows:
                self._write(row)
                if not self.is_quiet:
                    return
