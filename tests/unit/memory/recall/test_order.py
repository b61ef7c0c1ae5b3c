"""New, important and used memories come a little earlier; some never come."""

import pytest

from app.domain.memories import MemoryKind, MemoryStatus, Trust, Why
from app.memory.recall.order import allowed, ordered
from tests.unit.memory.recall.remembering import DAY, NOW, memory


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"created": NOW - DAY}, {"created": NOW - 300 * DAY}),
        ({"importance": 0.9}, {"importance": 0.1}),
        ({"uses": 30}, {"uses": 0}),
        ({"kind": MemoryKind.PASSAGE, "created": 0}, {"kind": MemoryKind.TURN, "created": 0}),
    ],
)
def test_of_equals_the_better_one_comes_first(
    better: dict[str, object], worse: dict[str, object]
) -> None:
    pairs = [(memory(2, **worse), Why(score=0.5)), (memory(1, **better), Why(score=0.5))]
    assert [each.id for each, _ in ordered(pairs, NOW)] == [1, 2]


def test_what_fits_much_better_comes_first_however_old() -> None:
    pairs = [
        (memory(1, created=NOW, importance=1, uses=9), Why(score=0.3)),
        (memory(2, created=0, importance=0), Why(score=0.8)),
    ]
    assert [each.id for each, _ in ordered(pairs, NOW)] == [2, 1]


def test_pinned_ones_come_first() -> None:
    pairs = [(memory(1), Why(score=1)), (memory(2), Why(pinned=True))]
    assert [each.id for each, _ in ordered(pairs, NOW)] == [2, 1]


def test_a_clock_that_was_set_back_makes_nothing_newer_than_new() -> None:
    pairs = [(memory(1, created=NOW + 900 * DAY), Why(score=0.5)), (memory(2), Why(score=0.5))]
    ((_, one), (_, two)) = ordered(pairs, NOW)
    assert one.score == two.score


@pytest.mark.parametrize(
    "fields",
    [
        {"scope": "chat:other"},
        {"status": MemoryStatus.PROPOSED},
        {"status": MemoryStatus.ARCHIVED},
        {"status": MemoryStatus.SUPERSEDED},
        {"trust": Trust.UNTRUSTED},
        {"expires_at": NOW},
        {"expires_at": NOW - 1},
    ],
)
def test_some_memories_are_given_to_no_model(fields: dict[str, object]) -> None:
    assert allowed(memory(1), ("everywhere",), NOW)
    assert allowed(memory(1, trust=Trust.MODEL, expires_at=NOW + 1), ("everywhere",), NOW)
    assert not allowed(memory(1, **fields), ("everywhere",), NOW)
