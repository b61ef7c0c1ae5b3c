"""Who goes first: the one that is meant, until answers show that somebody else is better."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.models import ModelSpec, RoleSpec, Tier
from app.orchestration.router.meant import ANY, doubt, made_for, meant
from app.orchestration.router.planner import NEARLY, Choice
from app.orchestration.skills import Beta

WEIGHT = 0.1


def _role(name: str, tier: Tier, *families: str) -> RoleSpec:
    return RoleSpec(name=name, tier=tier, model=ModelSpec(name=name), families=families)


ROLES = {
    "front": _role("front", Tier.A),
    "worker": _role("worker", Tier.C),
    "coder": _role("coder", Tier.B, "code"),
    "architect": _role("architect", Tier.B),
}


def _free(*names: str) -> list[Choice]:
    return [Choice(name, (), 0.9 - at / 10, 0.9, 1.0) for at, name in enumerate(names)]


@pytest.mark.parametrize(
    ("order", "family", "expected"),
    [
        (("architect", "front"), "chat", ["front"]),
        (("architect", "coder", "front"), "code", ["front", "coder"]),
        (("architect", "coder"), "chat", []),
        # Nobody made for it replaces a lower tier.
        (("worker", "coder"), "code", []),
        (("front", "coder"), "code", ["front"]),
        # Who is held back is not among the starts.
        (("architect", "worker"), "chat", []),
    ],
)
def test_the_door_is_meant_then_who_is_made_for_it(
    order: tuple[str, ...], family: str, expected: list[str]
) -> None:
    assert [each.start for each in meant(_free(*order), ROLES, "front", family)] == expected


def test_a_role_is_made_for_some_kinds_for_others_or_for_all() -> None:
    assert made_for(ROLES["coder"], "code") == 1
    assert made_for(ROLES["coder"], "chat") == -1
    assert made_for(ROLES["front"], "chat") == 0


def test_the_more_answers_there_are_the_less_is_doubted() -> None:
    doubts = [doubt(Beta(8 * n, 2 * n), Beta(7 * n, 3 * n), 1.0) for n in (1, 4, 40, 4000)]
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[-1] == NEARLY


def test_answers_that_speak_for_the_one_that_is_meant_beat_any_estimate() -> None:
    better, worse = Beta(30, 10), Beta(20, 20)
    assert doubt(worse, better, WEIGHT) == ANY
    assert doubt(better, worse, WEIGHT) < ANY
    # Too few to speak, and a user who wants quality alone.
    assert doubt(Beta(2, 2), Beta(3, 1), WEIGHT) < ANY
    assert doubt(worse, better, 0.0) == NEARLY


@given(*[st.floats(0.5, 500)] * 4, st.floats(0, 0.4))
def test_a_doubt_is_never_worth_more_than_time_unless_answers_speak(
    right: float, wrong: float, other_right: float, other_wrong: float, weight: float
) -> None:
    found = doubt(Beta(right, wrong), Beta(other_right, other_wrong), weight)
    assert found == ANY or NEARLY <= found <= max(NEARLY, weight)
