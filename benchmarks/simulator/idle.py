"""What the core does while the user is away: here with questions and answers of the simulation."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.chat import ChatMessage
from app.orchestration.gate.gate import Answer
from app.orchestration.gate.probe_set import PROBES
from app.orchestration.gate.probes import Prober, Subject, key_of
from app.orchestration.gate.probing import Probe
from benchmarks.simulator.core import Core, wall
from benchmarks.simulator.dice import stream
from benchmarks.simulator.items import GRADES, KINDS, Item, draw, words_of
from benchmarks.simulator.people import Model


class _Prober(Prober):
    """The program's prober; the models of a simulation know only questions that were drawn."""

    probes: Sequence[Probe] = ()

    def left(self, subject: Subject) -> list[Probe]:
        """Return the probes a model was not asked yet."""
        return [each for each in self.probes if key_of(each) not in subject.asked]


@dataclass
class Idle:
    """Time without the user. Counts every answer that is asked for to learn from it."""

    core: Core
    models: Mapping[str, Model]
    seed: int
    replays: int = 0
    _asked: dict[str, set[str]] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._known = {model.id for model in self.models.values()}
        self._items = list(_items(self.seed))
        self._prober = _Prober(
            self._ask,
            self.core.gate,
            self.core.sources.predictor,
            may_go_on=lambda: True,
            wall_clock=wall,
        )
        self._prober.probes = [
            Probe(each.kind, each.thread, check=each.answer.__eq__) for each in self._items
        ]

    async def spend(self) -> None:
        """Do what is to be done now."""
        for name, model in self.models.items():
            if model.id in self._known:
                continue
            asked = self._asked.setdefault(model.id, set())
            async for row in self._prober.run(Subject(model.id, name, frozenset(asked))):
                asked.add(row.question)
                self.replays += 1
                self.core.journal.write(row)

    async def _ask(self, role: str, thread: Sequence[ChatMessage]) -> Answer | None:
        model, words = self.models[role], words_of(each.content for each in thread)
        item = next(each for each in self._items if each.key == words)
        said = model.say(item)
        await asyncio.sleep(model.seconds(item, said))
        return said.answer()


def _items(seed: int) -> Sequence[Item]:
    """Return as many questions as the program has probes, kinds in turn."""
    random = stream("idle", seed)
    kinds = [KINDS[at % len(KINDS)] for at in range(len(PROBES))]
    return [draw(seed, -10_000 - at, kind, random.choice(GRADES)) for at, kind in enumerate(kinds)]
