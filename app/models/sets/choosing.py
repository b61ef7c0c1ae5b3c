"""Chooses a set: the strongest models for all roles that fit together, and quick enough for them.

What is better is an order that does not look at memory, and more memory only allows more; so more
memory never gives a weaker set.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from app.domain.models import Tier
from app.models.sets.catalogue import Catalogue, Entry

_GIB: Final = 1 << 30
_SHARE: Final = 0.85
# What the system and other programs keep of a small computer's memory.
_SYSTEM: Final = int(2.5 * _GIB)
_GPU_SHARE: Final = 0.9
# Beside what the model takes, each process has its own.
_PROCESS: Final = 90 << 20
# One core makes the memory deliver no more than this, in bytes a second.
_PER_CORE: Final = 8e9
USUAL_BANDWIDTH: Final = 30e9
USUAL_GPU_BANDWIDTH: Final = 300e9

CONTEXTS: Final = (4096, 8192, 16384, 32768)
_ENOUGH: Final = 8192
# Texts whose meaning is compared are short.
EMBEDDED: Final = 512
# A drafter heavier than this share of its target hardly ever pays.
_HEAVY: Final = 1 / 4

TIERS: Final = {"front": Tier.A, "worker": Tier.C, "coder": Tier.B, "architect": Tier.B}
# Tokens a second below which nobody wants to wait for a role.
SLOWEST: Final = {"front": 10.0, "worker": 4.0, "coder": 2.0, "architect": 2.0}


@dataclass(frozen=True, slots=True)
class Machine:
    """What a set has to live on: bytes of memory, cores, bytes a second; the same of a GPU."""

    memory: int
    cores: int = 4
    bandwidth: float = USUAL_BANDWIDTH
    gpu_memory: int = 0
    gpu_bandwidth: float = USUAL_GPU_BANDWIDTH
    kv_types: tuple[str, ...] = ("f16",)

    @property
    def budget(self) -> int:
        """Bytes that all models of a set may take together."""
        own = max(0, min(int(_SHARE * self.memory), self.memory - _SYSTEM))
        return own + self.gpu_budget

    @property
    def gpu_budget(self) -> int:
        """Bytes of it on the GPU."""
        return int(_GPU_SHARE * self.gpu_memory)

    @property
    def delivered(self) -> float:
        """Bytes a second that memory and cores can work through together."""
        return min(self.bandwidth, self.cores * _PER_CORE)


@dataclass(frozen=True, slots=True)
class Plan:
    """A set: who does what, who drafts for whom, and how all are loaded.

    Roles may be left out: those that answer by not being there, `embed` by being None.
    """

    roles: tuple[tuple[str, Entry], ...]
    embed: Entry | None
    drafted: tuple[tuple[str, Entry], ...]
    context: int
    kv: str

    def model_of(self, role: str) -> Entry | None:
        """Return the model of a role, None if that is left out."""
        return self.embed if role == "embed" else dict(self.roles).get(role)

    @property
    def models(self) -> tuple[Entry, ...]:
        """The answering models, each once, in the order in which a GPU takes them up."""
        return tuple({entry.name: entry for _, entry in self.roles}.values())

    @property
    def files(self) -> tuple[Entry, ...]:
        """Every model of the set once: those that answer, that draft, that embed."""
        drafters = (drafter for _, drafter in self.drafted)
        embedding = (self.embed,) if self.embed is not None else ()
        wanted = (*self.models, *drafters, *embedding)
        return tuple({entry.name: entry for entry in wanted}.values())

    def drafter(self, entry: Entry) -> Entry | None:
        """Return who drafts for a model, if anybody."""
        return dict(self.drafted).get(entry.name)


@dataclass(slots=True)
class Chooser:
    """Weighs plans for one machine; remembers what was weighed."""

    catalogue: Catalogue
    machine: Machine
    _weights: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def best(self) -> Plan | None:
        """Return the best plan that fits, or None where nothing does."""
        for context in (_ENOUGH, CONTEXTS[0]):
            for roles in self._castings():
                lean = Plan(roles, self.catalogue.embedding[0], (), context, self._leanest)
                if self.fits(lean):
                    return self._grown(lean)
        return None

    def fits(self, plan: Plan) -> bool:
        """Whether all of a plan fits into memory together, and every role is quick enough."""
        return self.needed(plan) <= self.machine.budget and not self.slow(plan)

    def needed(self, plan: Plan) -> int:
        """Return the bytes of all models of a plan together."""
        answering = sum(self.taken(plan, entry) for entry in plan.models)
        return answering + (self._size(plan.embed, EMBEDDED, "f16") if plan.embed else 0)

    def taken(self, plan: Plan, entry: Entry) -> int:
        """Return the bytes of one model of a plan, with who drafts for it."""
        drafter = plan.drafter(entry)
        drafting = self._size(drafter, plan.context, plan.kv) if drafter else 0
        return self._size(entry, plan.context, plan.kv) + drafting

    def speeds(self, plan: Plan) -> dict[str, float]:
        """Return tokens a second of every answering model, by name."""
        left = float(self.machine.gpu_budget)
        found = {}
        for entry in plan.models:
            taken = self.taken(plan, entry)
            there = min(left, taken)
            left -= there
            share = there / taken
            seconds = entry.read_per_token * (
                share / self.machine.gpu_bandwidth + (1 - share) / self.machine.delivered
            )
            found[entry.name] = 1 / seconds
        return found

    def slow(self, plan: Plan) -> list[str]:
        """Return the roles whose model would be too slow; the smallest model never is."""
        speeds = self.speeds(plan)
        least = self.catalogue.answering[0]
        return [
            role
            for role, entry in plan.roles
            if entry != least and speeds[entry.name] < SLOWEST[role]
        ]

    @property
    def _leanest(self) -> str:
        return self.machine.kv_types[-1]

    def _size(self, entry: Entry, context: int, kv: str) -> int:
        key = (entry.name, context, kv)
        if key not in self._weights:
            self._weights[key] = entry.footprint(context, kv).total + _PROCESS
        return self._weights[key]

    def _castings(self) -> Iterator[tuple[tuple[str, Entry], ...]]:
        """Yield who could have which role, the best first."""
        models = self.catalogue.answering
        castings = [casting for casting in product(models, repeat=len(TIERS)) if _climbs(*casting)]
        castings.sort(key=lambda casting: _worth(*casting), reverse=True)
        return (tuple(zip(TIERS, casting, strict=True)) for casting in castings)

    def _grown(self, lean: Plan) -> Plan:
        """Return the best a plan can become by what is left: meanings, drafts, keys, context."""
        contexts = [each for each in reversed(CONTEXTS) if each >= lean.context]
        if lean.context < _ENOUGH:
            contexts = [lean.context]
        options = product(
            reversed(self.catalogue.embedding),
            self._draftings(lean),
            self.machine.kv_types,
            contexts,
        )
        for embed, drafted, kv, context in options:
            plan = Plan(lean.roles, embed, drafted, context, kv)
            if self.fits(plan):
                return plan
        return lean

    def _draftings(self, plan: Plan) -> Iterator[tuple[tuple[str, Entry], ...]]:
        """Yield who drafts for whom, the most first; the strongest gain the most."""
        models = dict(plan.roles)
        wanted = [models[role] for role in ("architect", "coder", "worker")]
        pairs = {
            entry.name: drafter
            for entry in wanted
            if (drafter := drafter_for(entry, self.catalogue.answering)) is not None
        }
        for count in range(len(pairs), -1, -1):
            yield tuple(pairs.items())[:count]


def drafter_for(entry: Entry, models: Sequence[Entry]) -> Entry | None:
    """Return the smallest model that numbers tokens alike and is small enough to pay."""
    fitting = [
        each
        for each in models
        if each.vocabulary == entry.vocabulary and each.parameters <= _HEAVY * entry.parameters
    ]
    return min(fitting, key=lambda each: each.parameters, default=None)


def _climbs(front: Entry, worker: Entry, coder: Entry, architect: Entry) -> bool:
    """Whether every tier is at least as strong as the one before it."""
    steps = front.strength <= worker.strength <= architect.strength
    return steps and coder.strength_in("code") >= worker.strength_in("code")


def _worth(front: Entry, worker: Entry, coder: Entry, architect: Entry) -> tuple[float, ...]:
    """Return what one casting is better by than another, the most important first."""
    steps = (worker.strength > front.strength) + (architect.strength > worker.strength)
    return (
        architect.strength,
        steps,
        coder.strength_in("code"),
        worker.strength,
        front.strength,
        # Of equals, the one with fewer models.
        -len({front.name, worker.name, coder.name, architect.name}),
    )


def worth(plan: Plan) -> tuple[float, ...]:
    """Return what one plan is better by than another."""
    return (plan.context >= _ENOUGH, *_worth(*(entry for _, entry in plan.roles)))
