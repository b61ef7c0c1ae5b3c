"""Benchmark here: one model is loaded, asked and weighed as turns do it, and nobody else is.

A question always goes first: while one is answered nothing is measured, and one that comes ends a
measurement.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.benching import Benchmark, BenchStep, Rates
from app.domain.errors import AppError, BenchFailed, BenchRefused, MemoryShort, ModelMissing
from app.domain.events import TurnStarted
from app.domain.models import ModelSpec, RoleSpec
from app.engines.exits import STOPPED
from app.engines.residency.records import Record
from app.models.benching.records import BenchRecords
from app.models.benching.session import Memory, Session, Tell
from app.models.benching.subject import Subjects, setting
from app.platform.bus import Bus
from app.platform.tasks import TaskOwner

_AGAIN: Final = "Measure again when nothing is being answered."
# What these say is all there is to say; of others the log of the engine tells more.
_PLAIN: Final = (MemoryShort, BenchFailed, BenchRefused)
# How the last end of an engine is named when nothing went wrong inside it.
_IN_ORDER: Final = {STOPPED, "running"}


@dataclass(frozen=True)
class BenchGround:
    """What a measurement stands on.

    `seen` tells load and memory as they were measured, `busy` whether a turn runs, `told` takes
    what was found, `crash` says why an engine ended. `identify` gives the id of a model.
    """

    memory: Memory
    subjects: Subjects
    records: BenchRecords
    seen: Callable[[ModelSpec], Awaitable[Record | None]]
    busy: Callable[[], bool]
    told: Callable[[ModelSpec, Rates], None]
    crash: Callable[[ModelSpec], Awaitable[Mapping[str, Any]]]
    identify: Callable[[ModelSpec], str]
    bus: Bus
    tasks: TaskOwner
    clock: Callable[[], float]


class Bench:
    """Measures models, one at a time."""

    def __init__(self, ground: BenchGround) -> None:
        self._ground = ground
        self._running = ""

    async def run(
        self, name: str, *, anyway: bool = False
    ) -> AsyncGenerator[BenchStep | Benchmark, None]:
        """Yield how far the measurement is, and at last what was found; closing it cancels.

        Args:
            name: of a role or a model, or a path.
            anyway: load the model also where it does not fit into memory.

        Raises:
            BenchRefused: something is answered or measured already, or a question came in.
            MemoryShort: the model does not fit.
            BenchFailed: the engine ended; why, and what helps, is in the error.
            AppError: there is no such model, or no engine for it.
        """
        role = await self._ground.subjects.of(name)
        self._refuse()
        self._running = role.model.name
        steps: asyncio.Queue[BenchStep | None] = asyncio.Queue()
        work = self._ground.tasks.spawn(
            self._outcome(role, steps.put_nowait, anyway=anyway), name=f"measure {role.model.name}"
        )
        work.add_done_callback(lambda _: steps.put_nowait(None))

        def give_way(_: TurnStarted) -> None:
            work.cancel()

        leave = self._ground.bus.on(TurnStarted, give_way)
        try:
            while (step := await steps.get()) is not None:
                yield step
            yield _result(work)
        finally:
            leave()
            work.cancel()
            await asyncio.wait({work})
            self._running = ""

    async def known(self) -> list[Benchmark]:
        """Return what was measured of the models that roles have."""
        found = {role.model.name: role.model for role in self._ground.subjects.roster.roles}
        rates = {model: await self._ground.records.of(model) for model in found.values()}
        return [await self._joined(model, told) for model, told in rates.items() if told]

    def _refuse(self) -> None:
        if self._running:
            raise BenchRefused(
                f"{self._running} is being measured.", remedy="Wait for its end, or stop it."
            )
        if self._ground.busy():
            raise BenchRefused(
                "A question is being answered; what is measured beside it would be wrong.",
                remedy=_AGAIN,
            )

    async def _outcome(self, role: RoleSpec, tell: Tell, *, anyway: bool) -> Benchmark | AppError:
        ground, model = self._ground, role.model
        try:
            rates = await Session(ground.memory, ground.bus, role, tell, anyway=anyway).rates()
        except AppError as error:
            return await self._explained(model, error)
        finally:
            if not ground.subjects.known(model):
                await ground.memory.stop(model.name)
        rates = rates.model_copy(update={"setting": setting(model), "at": ground.clock()})
        await ground.records.keep(model, rates)
        ground.told(model, rates)
        return await self._joined(model, rates)

    async def _joined(self, model: ModelSpec, rates: Rates) -> Benchmark:
        seen = await self._ground.seen(model)
        return Benchmark(
            model=model.name,
            model_id=self._ground.identify(model),
            rates=rates,
            load_s=seen.load_s if seen else None,
            bytes=seen.measured if seen else None,
        )

    async def _explained(self, model: ModelSpec, error: AppError) -> AppError:
        """Return an error in the words of the log that the engine has left."""
        if isinstance(error, _PLAIN):
            return error
        await self._ground.memory.stop(model.name)  # then its log is complete
        try:
            crash = await self._ground.crash(model)
        except ModelMissing:  # it never ran
            return error
        if crash["code"] in _IN_ORDER:
            return error
        helps = " ".join(each["words"] for each in crash["remedies"])
        return BenchFailed(
            f"{model.name} could not be measured. {crash['cause']}", remedy=helps or error.remedy
        )


def _result(work: asyncio.Task[Benchmark | AppError]) -> Benchmark:
    if work.cancelled():
        raise BenchRefused("A question came in, so nothing more was measured.", remedy=_AGAIN)
    found = work.result()
    if isinstance(found, AppError):
        raise found
    return found
