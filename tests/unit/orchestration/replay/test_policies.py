"""Policies say with whom a past turn would have begun."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.routing import TurnRecord
from app.orchestration.replay.policies import always, as_logged, fastest, likeliest, named, usual
from app.orchestration.router.planner import Candidate, choices
from app.orchestration.router.router import Sources
from tests.unit.orchestration.replay.logs import ASKED, turn

HARD = turn(1, "hard", "small")
BARE = TurnRecord(turn_id="t", at=0, start="front")


@pytest.mark.parametrize(
    ("name", "wished"),
    [
        ("as-logged", ASKED["hard"]),
        ("likeliest", {"large": 1.0}),
        ("fastest", {"small": 1.0}),
        ("always=large", {"large": 1.0}),
        ("always=nobody", ASKED["hard"]),  # who could not answer is not asked
    ],
)
def test_a_policy_by_its_name(name: str, wished: Mapping[str, float]) -> None:
    policy = named(name)
    assert policy is not None
    assert policy(HARD) == wished


@pytest.mark.parametrize("kind", ["easy", "hard"])
@pytest.mark.parametrize("balance", [0.0, 0.3, 1.0])
def test_the_dial_plans_as_the_router_does(kind: str, balance: float) -> None:
    past = turn(1, kind, "small")
    policy = named(f"dial={balance}")
    assert policy is not None
    candidates = [
        Candidate(role, chance, past.seconds[role]) for role, chance in past.chances.items()
    ]
    best = choices(candidates, Sources(balance=balance).weight)[0]
    assert policy(past) == {best.start: 1.0}


@pytest.mark.parametrize(
    "name", ["", "nope", "always", "always=", "dial", "dial=", "dial=x", "dial=2", "dial=nan"]
)
def test_a_name_of_nothing(name: str) -> None:
    assert named(name) is None


def test_without_knowledge_everything_stays_as_it_was() -> None:
    for policy in usual([BARE]).values():
        assert policy(BARE) == {"front": 1.0}


def test_every_role_that_could_have_begun_is_compared() -> None:
    names = set(usual([HARD, BARE]))
    assert {"as-logged", "likeliest", "fastest", "dial=0.5"} <= names
    assert {name for name in names if name.startswith("always=")} == {
        "always=front",
        "always=large",
        "always=small",
    }


@given(
    st.dictionaries(st.sampled_from("abcd"), st.floats(0, 1), max_size=4),
    st.dictionaries(st.sampled_from("abcd"), st.floats(0, 100), max_size=4),
)
def test_wishes_are_probabilities(chances: dict[str, float], seconds: dict[str, float]) -> None:
    odd = BARE.model_copy(update={"chances": chances, "seconds": seconds})
    for policy in (as_logged, likeliest, fastest, always("a"), *usual([odd]).values()):
        wished = policy(odd)
        assert sum(wished.values()) == pytest.approx(1)
        assert set(wished) <= {*chances, "front"}
