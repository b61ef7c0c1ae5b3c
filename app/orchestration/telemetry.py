"""How the tiers fare, in figures: from the rows of the ledger and from what happens now."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from app.domain.events import Pace, TurnCancelled, TurnEvent, TurnFailed, TurnFinished
from app.domain.models import Roles, RoleSpec, Tier
from app.domain.routing import AttemptRecord, LedgerRecord, TurnRecord
from app.orchestration.replay.cases import answer_of
from app.platform.bus import Bus

# The newest turns that figures are about, and points of a curve.
TURNS: Final = 500
POINTS: Final = 240
CLIMBS: Final = 8
# Speed and first token are of the newest answers only.
NEWEST: Final = 20
ORDER: Final = (Tier.A, Tier.C, Tier.B, Tier.D)
_UP: Final = frozenset({"escalate", "fall back"})


@dataclass(frozen=True, slots=True)
class Holding:
    """Bytes of memory one model holds."""

    model: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Point:
    """The speed of one tier at one moment, in tokens a second."""

    at: float
    tier: Tier
    tokens_s: float


@dataclass(frozen=True, slots=True)
class Climb:
    """A turn that was handed on: from whom to whom, and what was seen of the first answer."""

    at: float
    start: str
    start_tier: Tier
    end: str
    end_tier: Tier
    cause: str
    is_up: bool


@dataclass(frozen=True, slots=True)
class TierFigures:
    """One tier: who is in it, and its newest figures; None where nothing was seen yet.

    `live`: it writes right now, and this fast. `accepted`: the share of drafted tokens that stood.
    """

    tier: Tier
    roles: tuple[RoleSpec, ...]
    tokens_s: float | None = None
    live: float | None = None
    first_token_ms: float | None = None
    bytes: int = 0
    accepted: float | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page of tiers shows. Memory is in bytes."""

    tiers: tuple[TierFigures, ...]
    points: tuple[Point, ...]
    ended: dict[Tier, int]
    climbs: tuple[Climb, ...]
    holdings: tuple[Holding, ...]
    budget: int

    @property
    def turns(self) -> int:
        """How many turns have ended with an answer."""
        return sum(self.ended.values())


class Telemetry:
    """Owns the newest figures. It is told rows and events, and asks nobody while turns run."""

    def __init__(
        self,
        bus: Bus,
        roster: Roles,
        holdings: Callable[[], tuple[Sequence[Holding], int]],
        wall_clock: Callable[[], float],
    ) -> None:
        """Join the parts.

        Args:
            bus: tells how fast answers grow.
            roster: who there is.
            holdings: what models hold of memory, and the budget.
            wall_clock: seconds since the epoch.
        """
        self._roster = roster
        self._holdings = holdings
        self._now = wall_clock
        self._turns: deque[TurnRecord] = deque(maxlen=TURNS)
        self._points: deque[Point] = deque(maxlen=POINTS)
        self._live: dict[str, Pace] = {}
        bus.on(Pace, self._paced)
        bus.on(TurnEvent, self._ended)

    def note(self, record: LedgerRecord) -> None:
        """Take in one row; only turns tell something here."""
        if isinstance(record, TurnRecord):
            self._turns.append(record)

    recall = note

    def overview(self) -> Overview:
        """Return the figures as they are now."""
        held, budget = self._holdings()
        ends = Counter(end.tier for end in map(_last, self._turns) if end is not None)
        climbs = [climb for turn in self._turns if (climb := _climb(turn)) is not None]
        return Overview(
            tiers=tuple(self._figures(tier, held) for tier in ORDER if self._roles(tier)),
            points=tuple(self._points),
            ended={tier: ends[tier] for tier in ORDER if ends[tier]},
            climbs=tuple(climbs[: -CLIMBS - 1 : -1]),
            holdings=tuple(sorted(held, key=lambda each: -each.bytes)),
            budget=budget,
        )

    def _roles(self, tier: Tier) -> tuple[RoleSpec, ...]:
        return tuple(role for role in self._roster.roles if role.tier is tier)

    def _figures(self, tier: Tier, held: Sequence[Holding]) -> TierFigures:
        roles = self._roles(tier)
        models = {role.model.name for role in roles}
        newest = [each for each in self._attempts() if each.tier is tier][-NEWEST:]
        speeds = [_tokens_s(each) for each in newest if _tokens_s(each) > 0]
        first = [_first_ms(each) for each in newest if each.split.read > 0]
        live = [each.tokens_per_second for each in self._live.values() if each.tier is tier]
        return TierFigures(
            tier,
            roles,
            median(speeds) if speeds else None,
            sum(live) if live else None,
            median(first) if first else None,
            sum(each.bytes for each in held if each.model in models),
            self._accepted() if tier is Tier.D else None,
        )

    def _accepted(self) -> float | None:
        """Return the share of drafted tokens that stood, whoever they were drafted for."""
        attempts = list(self._attempts())
        drafted = sum(each.drafted for each in attempts)
        return sum(each.draft_accepted for each in attempts) / drafted if drafted else None

    def _attempts(self) -> Iterator[AttemptRecord]:
        for turn in self._turns:
            yield from turn.attempts

    def _paced(self, event: Pace) -> None:
        self._live[event.turn_id] = event
        self._points.append(Point(self._now(), event.tier, event.tokens_per_second))

    def _ended(self, event: TurnEvent) -> None:
        if isinstance(event, (TurnFinished, TurnFailed, TurnCancelled)):
            self._live.pop(event.turn_id, None)


def _tokens_s(attempt: AttemptRecord) -> float:
    written = attempt.split.written
    return attempt.answer_tokens / written * 1000 if written > 0 else 0.0


def _first_ms(attempt: AttemptRecord) -> float:
    return attempt.split.waited + attempt.split.loaded + attempt.split.read


def _last(turn: TurnRecord) -> AttemptRecord | None:
    """Return the answer a turn ended with."""
    place = answer_of(turn)
    return turn.attempts[place] if place is not None else None


def _climb(turn: TurnRecord) -> Climb | None:
    """Return the first time a turn was handed on, and where it ended."""
    end = _last(turn)
    handed = next((each for each in turn.attempts if each.action in _UP), None)
    if end is None or handed is None or handed.role == end.role:
        return None
    is_up = handed.action == "escalate"
    return Climb(turn.at, handed.role, handed.tier, end.role, end.tier, handed.cause, is_up)
