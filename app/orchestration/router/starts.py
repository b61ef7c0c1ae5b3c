"""Where a kind of task usually begins, and when its evidence moves that up or down a tier.

A move is a row of the ledger with its numbers; it can be undone. Before any move nobody has an
advantage, and every question is weighed by itself.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from app.domain.doctor import Condition, Mechanism
from app.domain.models import RoleSpec, Tier
from app.domain.routing import ChangeRecord, LedgerRecord, OutcomeRecord, TurnRecord, Witness
from app.orchestration.skills import Beta, Skills

# So many answers that a reliable witness has judged, on so many days.
LEAST: Final = 30
DAYS: Final = 2
# A smaller model may be worse by this much; what was moved once needs as much more to go back.
CLOSE: Final = 0.03
DAY_S: Final = 86_400.0
# What counts as usual: how the newest turns of a kind began.
NEWEST: Final = 50
ORDER: Final = {Tier.D: 0, Tier.A: 1, Tier.C: 2, Tier.B: 3}


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that holds: `role` begins questions of this kind in place of `before`."""

    family: str
    role: str
    before: str
    reason: str
    is_up: bool
    change: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one role's answers to one kind of task."""

    role: str
    tier: Tier
    skill: Beta
    count: int
    days: int
    seconds: float

    @property
    def enough(self) -> bool:
        """Whether it may move anything."""
        return self.count >= LEAST and self.days >= DAYS


def better_start(here: Evidence, others: Iterable[Evidence], *, was_down: bool) -> Evidence | None:
    """Return who should begin in place of `here`, if the evidence is enough.

    Args:
        here: who begins now.
        others: who else could.
        was_down: the last move led down to `here`, so going up again takes more.
    """
    below = [each for each in others if ORDER[each.tier] < ORDER[here.tier] and each.enough]
    for each in sorted(below, key=lambda one: one.seconds):
        if each.skill.interval()[0] >= here.skill.mean - CLOSE and each.seconds < here.seconds:
            return each
    above = [each for each in others if ORDER[each.tier] > ORDER[here.tier] and each.seconds > 0]
    for each in sorted(above, key=lambda one: one.seconds):
        # A start pays as long as it is right more often than its time is a share of the next one's.
        least = here.seconds / each.seconds - (CLOSE if was_down else 0.0)
        better = each.skill.mean > here.skill.mean + CLOSE
        if here.enough and better and here.skill.interval()[1] < least:
            return each
    return None


@dataclass
class _Seen:
    """How questions of one kind began, and how long roles take for them."""

    starts: deque[str] = field(default_factory=lambda: deque(maxlen=NEWEST))
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass
class _Judged:
    """Answers of a model to one kind of task that a reliable witness has judged here."""

    count: int = 0
    days: set[int] = field(default_factory=set)


class Starts:
    """Owns where kinds of tasks begin. Learns from rows; every move is one."""

    def __init__(
        self,
        roles: Callable[[], Iterable[RoleSpec]],
        skills: Skills,
        identify: Callable[[RoleSpec], str],
        new_id: Callable[[], str],
    ) -> None:
        """Move among `roles`.

        Args:
            roles: tells who answers.
            skills: what is known of their models.
            identify: gives the id of a role's model.
            new_id: makes identifiers.
        """
        self._roles = roles
        self._skills = skills
        self._identify = identify
        self._new_id = new_id
        self._seen: defaultdict[str, _Seen] = defaultdict(_Seen)
        self._judged: defaultdict[tuple[str, str], _Judged] = defaultdict(_Judged)
        self._moved: dict[str, Moved] = {}
        self._undone: dict[tuple[str, str], float] = {}
        self._changes: dict[str, ChangeRecord] = {}
        self._last_at = 0.0

    def of(self, family: str) -> Moved | None:
        """Return the move that holds for a kind of task, if both roles are still there."""
        found = self._moved.get(family)
        names = {role.name for role in self._roles()}
        return found if found is not None and {found.role, found.before} <= names else None

    def note(self, record: LedgerRecord) -> None:
        """Take in one row."""
        if isinstance(record, TurnRecord):
            self._note_turn(record)
        elif isinstance(record, OutcomeRecord):
            if record.witness is Witness.VALIDATOR and record.at > 0 and record.source != "probe":
                judged = self._judged[record.family, record.model_id]
                judged.count += 1
                judged.days.add(int(record.at // DAY_S))
        else:
            self._note_change(record)

    def due(self, now: float) -> ChangeRecord | None:
        """Return a move that has earned its place; at most one a day.

        Args:
            now: seconds since the epoch; a clock that was turned back moves nothing.
        """
        if now - self._last_at < DAY_S:
            return None
        for family in sorted(self._seen):
            found = self._move(family, now)
            if found is not None:
                return found
        return None

    def undo(self, change_id: str, now: float) -> ChangeRecord | None:
        """Return the row that takes a move back; None if it does not hold any more."""
        made = self._changes.get(change_id)
        held = self._moved.get(made.subject) if made is not None else None
        if made is None or held is None or held.change != change_id:
            return None
        return ChangeRecord(
            at=now,
            id=self._new_id(),
            kind="undo",
            subject=made.subject,
            before=made.after,
            after=made.before,
            reason="you took it back",
            numbers=dict(made.numbers),
        )

    def moves(self) -> list[ChangeRecord]:
        """Return the moves that hold, the oldest first."""
        return [self._changes[each.change] for each in self._moved.values()]

    def mechanisms(self) -> Iterator[Mechanism]:
        """Say what was moved."""
        holds = [
            f"{each.family} from {each.before} to {each.role}" for each in self._moved.values()
        ]
        ready = sum(
            each.count >= LEAST and len(each.days) >= DAYS for each in self._judged.values()
        )
        waits = f"{ready} kinds and models have {LEAST} judged answers on {DAYS} days"
        yield Mechanism(
            area="learning",
            name="moves of starts",
            condition=Condition.LIVE if holds or ready else Condition.OBSERVING,
            reason="; ".join(holds) if holds else waits,
        )

    def _note_turn(self, turn: TurnRecord) -> None:
        if turn.pinned or turn.explored or not turn.start:
            return
        seen = self._seen[turn.family]
        seen.starts.append(turn.start)
        for role, seconds in turn.seconds.items():
            before = seen.seconds.get(role, seconds)
            seen.seconds[role] = before + 0.2 * (seconds - before)

    def _note_change(self, change: ChangeRecord) -> None:
        if change.kind == "reset":
            self._forget(change.subject)
        if change.kind not in {"move", "undo"}:
            return
        self._last_at = max(self._last_at, change.at) if change.kind == "move" else self._last_at
        self._moved.pop(change.subject, None)
        if change.kind == "undo":
            self._undone[change.subject, change.before] = change.numbers.get("count", 0.0)
            return
        self._changes[change.id] = change
        up = change.numbers.get("up", 0.0) > 0
        self._moved[change.subject] = Moved(
            change.subject, change.after, change.before, change.reason, up, change.id
        )

    def _forget(self, role: str) -> None:
        """Drop the moves from and to a role that has another model: they rest on the old one."""
        held = self._moved.items()
        self._moved = {
            family: each for family, each in held if role not in (each.role, each.before)
        }

    def _move(self, family: str, now: float) -> ChangeRecord | None:
        known = {each.role: each for each in self._evidence(family)}
        held = self.of(family)
        usual = Counter(self._seen[family].starts).most_common(1)
        name = held.role if held is not None else usual[0][0] if usual else ""
        here = known.pop(name, None)
        if here is None:
            return None
        was_down = held is not None and not held.is_up
        there = better_start(here, known.values(), was_down=was_down)
        if there is None or here.count + there.count < 2 * self._undone.get(
            (family, there.role), 0
        ):
            return None
        return self._row(family, here, there, now)

    def _row(self, family: str, here: Evidence, there: Evidence, now: float) -> ChangeRecord:
        up = ORDER[there.tier] > ORDER[here.tier]
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        return ChangeRecord(
            at=now,
            id=self._new_id(),
            kind="move",
            subject=family,
            before=here.role,
            after=there.role,
            reason=_words(here, there, day, up=up),
            numbers=_numbers(here, there) | {"up": float(up)},
        )

    def _evidence(self, family: str) -> Iterator[Evidence]:
        seconds = self._seen[family].seconds
        for role in self._roles():
            model = self._identify(role)
            judged = self._judged[family, model]
            if role.name in seconds:
                yield Evidence(
                    role.name,
                    role.tier,
                    self._skills.posterior(family, model),
                    judged.count,
                    len(judged.days),
                    seconds[role.name],
                )


def _numbers(here: Evidence, there: Evidence) -> dict[str, float]:
    low, high = there.skill.interval()
    return {
        "right_before": here.skill.mean,
        "right_after": there.skill.mean,
        "lower_after": low,
        "upper_after": high,
        "upper_before": here.skill.interval()[1],
        "seconds_before": here.seconds,
        "seconds_after": there.seconds,
        "count": float(here.count + there.count),
    }


def _words(here: Evidence, there: Evidence, day: str, *, up: bool) -> str:
    if up:
        return (
            f"since {day}: {here.role} was right {here.skill.mean:.0%} of the time in "
            f"{here.count} judged answers, too seldom for its time"
        )
    return (
        f"since {day}: {there.role} was right {there.skill.mean:.0%} of the time in "
        f"{there.count} judged answers, {here.role} {here.skill.mean:.0%}"
    )
