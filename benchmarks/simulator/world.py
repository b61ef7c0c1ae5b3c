"""One run: a script, a seed, the core in virtual time, and what came of every request."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import exp
from typing import Final, TextIO

from app.domain.events import TurnFinished
from app.domain.routing import OutcomeRecord
from app.orchestration.escalation import Cause
from app.orchestration.gate.gate import Asked
from app.orchestration.plan import Plan
from app.orchestration.turn import Place
from benchmarks.simulator.clock import now, run
from benchmarks.simulator.core import Core, Wish, joined
from benchmarks.simulator.dice import stream
from benchmarks.simulator.fitted import Fitted
from benchmarks.simulator.house import BUDGET, House, housed
from benchmarks.simulator.idle import Idle
from benchmarks.simulator.items import GRADES, KINDS, Item, draw
from benchmarks.simulator.lessons import Lesson, outcomes
from benchmarks.simulator.log import EventLog
from benchmarks.simulator.people import GB, JITTER, Model, models
from benchmarks.simulator.rows import Row, Run, Seen
from benchmarks.simulator.script import Script, happen
from benchmarks.simulator.shown import Shown
from benchmarks.simulator.sight import Sight
from benchmarks.simulator.traffic import AWAY_S, Request, Traffic

AMPLE: Final = 64 * GB
STRONGEST: Final = "architect"
# Nine of ten answers take no longer than this many times as long as usual.
_LIKELY: Final = exp(JITTER * 1.2816)


def play(script: Script, seed: int, fitted: Fitted, file: TextIO | None = None) -> Run:
    """Run a script with a seed; write the event log to `file`, if one is given."""
    world = _World(script, seed, models(fitted, seed), EventLog(file))
    return run(world.play())


@dataclass
class _World:
    """A run on its way."""

    script: Script
    seed: int
    models: Mapping[str, Model]
    log: EventLog
    rows: list[Row] = field(default_factory=list)

    async def play(self) -> Run:
        """Ask everything in the script."""
        budget = AMPLE if self.script.ample else BUDGET
        async with housed(self.models, budget=budget) as house:
            self.log.listen(house.bus)
            shown = Shown(house.bus)
            core = await joined(
                house, self._probes(), (self.log,), Wish(within_s=self.script.within_s)
            )
            await self._ask_all(house, core, shown)
            loads = house.servers.loads.total()
            self.rows.sort(key=lambda row: row.number)
            return Run(self.seed, self.log.digest, self.log.lines, loads, self.rows)

    def _probes(self) -> list[OutcomeRecord]:
        """Return what the models answered before the first question is asked."""
        random, lessons = stream("probes", self.seed), []
        for number in range(self.script.probes):
            kind, grade = random.choice(KINDS), random.choice(GRADES)
            item = draw(self.seed, -1 - number, kind, grade)
            for model in self.models.values():
                said = model.say(item)
                lessons.append(
                    Lesson(model.id, model.name, item.question("probe"), said.answer(), said.right)
                )
        return outcomes(lessons)

    async def _ask_all(self, house: House, core: Core, shown: Shown) -> None:
        traffic, hurried = Traffic(self.seed), set[asyncio.Task[None]]()
        idle = Idle(core, self.models, self.seed)
        for number in range(self.script.requests):
            for event in self.script.events:
                if event.at == number:
                    self.log.write("event", {"what": event.what.name, "model": event.model})
                    happen(event, self.models, house.disk, traffic)
            request = traffic.request(number)
            await self._wait(request, idle)
            answering = asyncio.ensure_future(self._ask(request, core, shown, idle))
            hurried.add(answering)
            if not traffic.hurry:
                for task in sorted(hurried, key=lambda each: each.get_name()):
                    await task
                hurried.clear()
        for task in hurried:
            await task

    async def _wait(self, request: Request, idle: Idle) -> None:
        """Let the time pass; while the user is away, the core does what it does at idle."""
        ends = now() + request.after_s
        if request.after_s >= AWAY_S:
            await idle.spend()
        await asyncio.sleep(max(0.0, ends - now()))

    async def _ask(self, request: Request, core: Core, shown: Shown, idle: Idle) -> None:
        item = request.item
        self.models[STRONGEST].library.add(item)
        turn = core.turns.send(item.thread, place=Place(conversation_id=request.conversation))
        end = await turn.wait()
        course = turn.course
        assert course is not None
        assert isinstance(end, TurnFinished), end
        row = self._row(request, core, course.plan, end)
        self.rows.append(replace(row, withdrawn=shown.withdrawn(turn, end), replays=idle.replays))

    def _row(self, request: Request, core: Core, plan: Plan, end: TurnFinished) -> Row:
        item = request.item
        asked = Asked(item.question(request.conversation), plan.family)
        sight = Sight(item, asked, core.gate, plan)
        paths = {name: sight.path(core.way(name, plan), self.models) for name in self.models}
        seen = {name: self._seen(model, item, sight) for name, model in self.models.items()}
        price = core.sources.weight / max(each.seconds for each in seen.values())
        seconds = sum(each.split.read + each.split.written for each in end.receipt.attempts) / 1000
        total = end.receipt.total_ms / 1000
        return Row(
            number=request.number,
            epoch=self.script.epoch(request.number),
            kind=item.kind,
            grade=item.grade,
            family=plan.family,
            start=plan.role.name,
            role=end.receipt.role,
            right=_is_right(end.text, item, self.models[end.receipt.role]),
            seconds=seconds,
            late=total > self.script.within_s,
            feasible=_LIKELY * min(each.seconds for each in seen.values()) <= self.script.within_s,
            withdrawn=0,
            replays=0,
            gains={name: each.right - price * each.seconds for name, each in paths.items()},
            seen=seen,
        )

    def _seen(self, model: Model, item: Item, sight: Sight) -> Seen:
        case = sight.case(model)
        logprobs = case.said.logprobs
        return Seen(
            right=case.said.right,
            share=model.share((item.kind, item.grade)),
            seconds=case.seconds,
            sure=exp(float(logprobs.mean())),
            probability=case.judgement.probability or 0.0,
            passes=case.judgement.cause is Cause.PASSED,
        )


def _is_right(text: str, item: Item, model: Model) -> bool:
    """Return whether what stands at the end is right; a hint may have mended it."""
    for attempt in range(3):
        said = model.say(item, attempt)
        if said.text.strip() == text.strip():
            return said.right
    return False
