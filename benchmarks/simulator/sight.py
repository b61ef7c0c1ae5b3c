"""What only the simulation can see: how each request would have gone from every possible start.

The same question, the same answers, the same gate; the path is taken by the program's own table of
decisions. Times are without jitter, queue and load.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.orchestration.escalation import (
    Action,
    Attempt,
    Cause,
    Help,
    Kind,
    Observation,
    State,
    Ways,
    decide,
)
from app.orchestration.gate.gate import Asked, Gate, Judgement
from app.orchestration.plan import Plan
from benchmarks.simulator.items import Item
from benchmarks.simulator.people import Model, Said

_HINTS: Final = frozenset({Help.ERROR, Help.LANGUAGE})


@dataclass(frozen=True, slots=True)
class Case:
    """What one model makes of a question: the answer, and what the gate says of it."""

    said: Said
    judgement: Judgement
    seconds: float


@dataclass(frozen=True, slots=True)
class Path:
    """How a request goes from one start."""

    start: str
    end: str
    right: bool
    seconds: float
    asked: int
    accepted: bool


class Sight:
    """Looks at one request under the gate as it is now."""

    def __init__(self, item: Item, asked: Asked, gate: Gate, plan: Plan) -> None:
        self._item = item
        self._asked = asked
        self._gate = gate
        self._plan = plan
        self._known: dict[tuple[str, int, float], Case] = {}

    def case(self, model: Model, attempt: int = 0, required: float = 0.0) -> Case:
        """Return what a model makes of the question, and the gate of its answer."""
        key = model.name, attempt, required
        if key not in self._known:
            said = model.say(self._item, attempt)
            prior = self._plan.chances.get(model.name, 0.5)
            asked = replace(self._asked, required=required)
            judged = self._gate.judge(asked, said.answer(), model.id, prior)
            self._known[key] = Case(said, judged, model.seconds(self._item, said))
        return self._known[key]

    def path(self, way: Mapping[str, float], models: Mapping[str, Model]) -> Path:
        """Return how it goes along a way: who is asked, and what is required of each answer."""
        start = next(iter(way))
        attempts = [Attempt(start)]
        found: list[tuple[float, str, Case]] = []
        hints, seconds = 0, 0.0
        while True:
            name = attempts[-1].role
            case = self.case(models[name], hints, way.get(name, 0.0))
            seconds += case.seconds
            found.append((case.judgement.probability or 0.0, name, case))
            action = decide(_state(attempts, way, found), _observed(case))
            if action.kind in (Kind.ACCEPT, Kind.ABSTAIN, Kind.FAIL):
                break
            hints = hints + 1 if action.role == name and action.help in _HINTS else 0
            attempts.append(Attempt(action.role, action.kind, action.help))
        return _ended(start, action, found, seconds)


def _state(
    attempts: Sequence[Attempt],
    way: Mapping[str, float],
    found: Sequence[tuple[float, str, Case]],
) -> State:
    name, names = attempts[-1].role, tuple(way)
    best = max(probability for probability, _, _ in found)
    beyond = names[names.index(name) + 1 :]
    ways = Ways(up=beyond, can_continue=False, worth_more=found[-1][0] < way[name])
    return State(tuple(attempts), ways, best=best)


def _observed(case: Case) -> Observation:
    judged = case.judgement
    text = bool(case.said.text.strip())
    return Observation(judged.cause, judged.probability, text=text, detail=judged.detail)


def _ended(
    start: str, action: Action, found: Sequence[tuple[float, str, Case]], seconds: float
) -> Path:
    accepted = action.kind is Kind.ACCEPT
    last = len(found) - 1
    best = last if accepted else max(range(len(found)), key=lambda at: (found[at][0], at))
    _, name, case = found[best]
    passed = accepted and case.judgement.cause is Cause.PASSED
    return Path(start, name, case.said.right, seconds, len(found), passed)
