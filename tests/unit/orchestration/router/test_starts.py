"""Moves of starts: only on enough evidence, one a day, with numbers, and back when wanted."""

from collections.abc import Iterable

import pytest

from app.domain.doctor import Condition
from app.domain.models import ModelSpec, RoleSpec, Tier
from app.domain.routing import ChangeRecord, OutcomeRecord, TurnRecord, Witness
from app.orchestration.router.starts import DAY_S, LEAST, Evidence, Starts, better_start
from app.orchestration.skills import Beta, Skills

FRONT, WORKER, EXPERT = (
    RoleSpec(name=name, tier=tier, model=ModelSpec(name=name))
    for name, tier in (("front", Tier.A), ("worker", Tier.C), ("architect", Tier.B))
)
SECONDS = {"front": 1.0, "worker": 4.0, "architect": 12.0}
MONDAY = 20_000 * DAY_S


def evidence(role: str, right: float, count: int = 100, days: int = 2) -> Evidence:
    tier = {"front": Tier.A, "worker": Tier.C, "architect": Tier.B}[role]
    return Evidence(
        role, tier, Beta(right * count, (1 - right) * count), count, days, SECONDS[role]
    )


@pytest.mark.parametrize(
    ("here", "others", "there"),
    [
        # as good as the larger one, within what counts as close: down
        (evidence("worker", 0.9), [evidence("front", 0.97)], "front"),
        (evidence("worker", 0.9), [evidence("front", 0.9)], None),  # not surely so
        (evidence("worker", 0.9), [evidence("front", 0.99, count=29)], None),
        (evidence("worker", 0.9), [evidence("front", 0.99, days=1)], None),
        # right less often than its time is a share of the next one's: up
        (evidence("front", 0.1), [evidence("worker", 0.9)], "worker"),
        (evidence("front", 0.1, days=1), [evidence("worker", 0.9)], None),
        (evidence("front", 0.4), [evidence("worker", 0.9)], None),
        (evidence("front", 0.1), [evidence("worker", 0.1)], None),
        (evidence("architect", 0.9), [], None),
    ],
)
def test_the_evidence_decides(
    here: Evidence, others: Iterable[Evidence], there: str | None
) -> None:
    found = better_start(here, others, was_down=False)
    assert (found.role if found else None) == there


def test_what_was_moved_down_takes_more_to_go_up() -> None:
    here, others = evidence("front", 0.21, count=1000), [evidence("worker", 0.9)]
    assert better_start(here, others, was_down=False) is not None
    assert better_start(here, others, was_down=True) is None


class Bench:
    def __init__(self) -> None:
        self.skills = Skills()
        ids = iter(range(100))
        self.starts = Starts(
            lambda: (FRONT, WORKER),
            self.skills,
            lambda role: role.model.name,
            lambda: f"m{next(ids)}",
        )
        self.turns("front")

    def turns(self, start: str, count: int = 5) -> None:
        for _ in range(count):
            self.starts.note(
                TurnRecord(turn_id="t", at=MONDAY, family="math", start=start, seconds=SECONDS)
            )

    def answers(self, model: str, right: float, *, days: int = 2, count: int = LEAST) -> None:
        for at in range(count):
            row = OutcomeRecord(
                at=MONDAY - DAY_S * (at % days),
                model_id=model,
                family="math",
                right=float(at < right * count),
                witness=Witness.VALIDATOR,
                source="gate",
            )
            self.skills.learn(row)
            self.starts.note(row)

    def moved(self, now: float = MONDAY) -> ChangeRecord:
        row = self.starts.due(now)
        assert row is not None
        self.starts.note(row)
        return row


def test_a_move_is_a_row_with_its_numbers() -> None:
    bench = Bench()
    bench.answers("front", 0.0)
    bench.answers("worker", 1.0)
    row = bench.moved()
    assert (row.kind, row.subject, row.before, row.after) == ("move", "math", "front", "worker")
    assert row.numbers["right_before"] < 0.1
    assert row.numbers["right_after"] > 0.9
    assert "30 judged answers" in row.reason
    held = bench.starts.of("math")
    assert held is not None
    assert (held.role, held.is_up) == ("worker", True)
    (said,) = bench.starts.mechanisms()
    assert (said.condition, said.reason) == (Condition.LIVE, "math from front to worker")


def test_little_evidence_moves_nothing() -> None:
    bench = Bench()
    bench.answers("front", 0.0, days=1)
    bench.answers("worker", 1.0)
    assert bench.starts.due(MONDAY) is None
    (said,) = Bench().starts.mechanisms()
    assert said.condition is Condition.OBSERVING


def test_one_move_a_day_also_when_the_clock_jumps() -> None:
    bench = Bench()
    bench.answers("front", 0.0)
    bench.answers("worker", 1.0)
    bench.moved()
    bench.answers("front", 1.0, count=3000)
    assert bench.starts.due(MONDAY + DAY_S - 1) is None
    assert bench.starts.due(MONDAY - 300 * DAY_S) is None
    back = bench.starts.due(MONDAY + DAY_S)
    assert back is not None
    assert back.after == "front"


def test_a_move_that_is_taken_back_waits_for_twice_the_evidence() -> None:
    bench = Bench()
    bench.answers("front", 0.0)
    bench.answers("worker", 1.0)
    row = bench.moved()
    undo = bench.starts.undo(row.id, MONDAY)
    assert undo is not None
    bench.starts.note(undo)
    assert (undo.kind, undo.after, bench.starts.of("math")) == ("undo", "front", None)
    assert bench.starts.undo(row.id, MONDAY) is None
    assert bench.starts.due(MONDAY + 2 * DAY_S) is None
    bench.answers("front", 0.0, count=2 * LEAST)
    assert bench.starts.due(MONDAY + 2 * DAY_S) is not None


def test_rows_bring_moves_back_and_others_are_passed_over() -> None:
    bench = Bench()
    bench.answers("front", 0.0)
    bench.answers("worker", 1.0)
    row = bench.moved()
    again = Bench()
    for each in (row, ChangeRecord(at=0, id="x", kind="reset", subject="math")):
        again.starts.note(each)
    assert again.starts.moves() == [row]
    other = ChangeRecord(at=0, id="y", kind="reset", subject="worker")
    again.starts.note(other)  # the move rests on what its old model did
    assert again.starts.moves() == []
    assert again.starts.of("math") is None
    gone = Starts(lambda: (WORKER,), Skills(), lambda role: role.name, str)
    gone.note(row)
    assert gone.of("math") is None  # a role that is not there any more
