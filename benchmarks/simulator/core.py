"""The program's own core on simulated engines: joined as the composition root joins it."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path
from typing import Final

from app.domain.models import ModelSpec, Roster
from app.domain.routing import OutcomeRecord
from app.orchestration.attempt import Attempts
from app.orchestration.breaker import Breaker
from app.orchestration.conductor import Advisers, Conductor
from app.orchestration.gate.gate import Gate
from app.orchestration.journal import Journal, Reader
from app.orchestration.learning.learner import Learner
from app.orchestration.ledger.ledger import Ledger
from app.orchestration.plan import Plan
from app.orchestration.router.planner import Candidate, required
from app.orchestration.router.predictor import Predictor
from app.orchestration.router.router import Router
from app.orchestration.router.sources import Sources
from app.orchestration.router.speeds import Speeds
from app.orchestration.turn import Turns
from benchmarks.simulator.clock import EPOCH, now
from benchmarks.simulator.dice import stream
from benchmarks.simulator.engine import Speaker
from benchmarks.simulator.house import House
from benchmarks.simulator.people import role


@dataclass(frozen=True)
class Core:
    """What a run needs of the core."""

    models: Mapping[str, Speaker]
    sources: Sources
    router: Router
    gate: Gate
    turns: Turns
    journal: Journal
    learner: Learner

    def way(self, start: str, plan: Plan) -> dict[str, float]:
        """Return who is asked from a start on, in order, and what is required of each answer."""
        choice = next((each for each in plan.table if each.start == start), None)
        names = (start, *(choice.up if choice is not None else ()))
        steps = [self._candidate(name, plan) for name in names]
        slowest = max(plan.seconds.values())
        return {
            here.role: required(here, above, self.sources.weight, slowest)
            for here, above in zip(steps, (*steps[1:], None), strict=True)
        }

    def _candidate(self, name: str, plan: Plan) -> Candidate:
        model_id = self.models[name].id
        kept = partial(self.sources.predictor.pairs.kept, model_id, family=plan.family)
        chance, seconds = plan.chances.get(name, 0.5), plan.seconds.get(name, 1.0)
        return Candidate(name, chance, seconds, model=model_id, kept=kept)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user has set: the dial from speed to quality, and until when to answer."""

    balance: float = 0.5
    within_s: float = inf


WISH: Final = Wish()


def wall() -> float:
    """Return the virtual seconds since the epoch."""
    return EPOCH + now()


async def joined(
    house: House,
    probes: Sequence[OutcomeRecord] = (),
    readers: tuple[Reader, ...] = (),
    wish: Wish = WISH,
) -> Core:
    """Return the core over a house.

    Args:
        house: the computer.
        probes: what is known of the models before the first question.
        readers: get every row.
        wish: what the user has set.
    """
    roster = Roster(
        roles=tuple(role(model) for model in house.models.values()),
        default_role="front",
        source="simulator",
    )
    identify = partial(_id, house.models)
    gate = Gate()
    sources = _sources(house, gate, identify, wish)
    router = Router(roster, sources)
    assert sources.breaker is not None
    # Nothing is kept beyond the run: a ledger that is not opened takes no rows.
    ledger = Ledger(Path(os.devnull) / "ledger.db", Path(os.devnull), house.bus, house.tasks)
    learner = Learner(ledger, gate, sources.predictor, router, house.tasks)
    learner.start(lambda: probes)
    await learner.ready()
    advisers = Advisers(router, gate, sources.breaker, identify, learner.ready)
    conductor = Conductor(Attempts(house.fleet, now), advisers, house.bus)
    journal = Journal((*readers, learner), wall_clock=wall, identify=identify)
    turns = Turns(
        bus=house.bus,
        tasks=house.tasks,
        conductor=conductor,
        journal=journal,
        clock=now,
        new_id=_numbers("turn"),
    )
    return Core(house.models, sources, router, gate, turns, journal, learner)


def _sources(house: House, gate: Gate, identify: Callable[[ModelSpec], str], wish: Wish) -> Sources:
    speeds = Speeds()
    for model in house.models.values():
        frame = model.frame
        speeds.expect(model.name, frame.read, frame.write, house.disk.load_s(model))

    def resident(name: str) -> bool:
        return any(place.model.name == name for place in house.residency.places)

    return Sources(
        predictor=Predictor(),
        speeds=speeds,
        breaker=Breaker(now),
        identify=identify,
        resident=resident,
        outlook=house.outlooks.of,
        clock=now,
        balance=wish.balance,
        passing=gate.passing,
        within_s=wish.within_s,
        dice=stream("core"),
    )


def _id(models: Mapping[str, Speaker], model: ModelSpec) -> str:
    return models[model.name].id


def _numbers(word: str) -> Callable[[], str]:
    def count() -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield f"{word}-{number}"

    return count().__next__
