"""Who would be in memory together."""

from hypothesis import given
from hypothesis import strategies as st

from app.engines.residency.company import Member, company

FRONT = Member("front", 1_000, 0.5, stays=True)
WORKER = Member("worker", 4_000, 3.0, stays=False)
CODER = Member("coder", 6_000, 9.0, stays=False)


def names(members: tuple[Member, ...]) -> list[str]:
    return [each.model for each in members]


def test_where_all_have_room_nobody_leaves() -> None:
    found = company(CODER, [FRONT, WORKER], 11_000)
    assert found.fits
    assert names(found.staying) == ["front", "worker"]
    assert found.leaving == ()
    assert found.used == 11_000


def test_who_may_leave_makes_room() -> None:
    found = company(CODER, [FRONT, WORKER], 10_999)
    assert found.fits
    assert (names(found.staying), names(found.leaving)) == (["front"], ["worker"])
    assert found.used == 7_000


def test_who_costs_least_to_load_again_leaves_first() -> None:
    quick = Member("quick", 4_000, 0.1, stays=False)
    found = company(CODER, [WORKER, quick], 10_000)
    assert names(found.leaving) == ["quick"]


def test_what_does_not_fit_beside_those_that_stay_is_said() -> None:
    found = company(CODER, [FRONT, WORKER], 6_500)
    assert not found.fits
    assert (names(found.staying), names(found.leaving)) == (["front"], ["worker"])
    assert found.used == 7_000


def test_without_a_budget_nothing_fits() -> None:
    assert not company(CODER, [], 0).fits


MEMBERS = st.builds(
    Member,
    model=st.uuids().map(str),
    bytes=st.integers(0, 1 << 40),
    reload_s=st.floats(0, 1e4),
    stays=st.booleans(),
)


@given(wanted=MEMBERS, others=st.lists(MEMBERS, max_size=8), budget=st.integers(0, 1 << 41))
def test_nobody_is_lost_and_who_stays_stays(
    wanted: Member, others: list[Member], budget: int
) -> None:
    found = company(wanted, others, budget)
    assert sorted(names(found.staying + found.leaving)) == sorted(each.model for each in others)
    assert not any(each.stays for each in found.leaving)
    kept = wanted.bytes + sum(each.bytes for each in others if each.stays)
    assert found.fits == (kept <= budget)
