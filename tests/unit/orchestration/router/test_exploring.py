"""Exploring: rarely, never where it could hurt, and with honest propensities."""

from collections import Counter
from collections.abc import Mapping
from random import Random

import pytest

from app.domain.chat import ChatMessage
from app.orchestration.question import Question
from app.orchestration.router.exploring import Offer, draw, may_explore
from app.orchestration.router.planner import Choice

FREE = [Choice("a", (), 0.5, 0.6, 1.0), Choice("b", (), 0.4, 0.7, 5.0)]
OFFERS = [Offer("a", "m", 0.0), Offer("b", "n", 0.1)]
THREAD = (ChatMessage(role="user", content="x"),)


class Loaded:
    """Draws as it is told."""

    def __init__(self, wins: dict[str, float]) -> None:
        self.wins = wins

    def propensities(
        self, family: str, costs: Mapping[str, float], dice: Random
    ) -> dict[str, float]:
        del family, dice
        assert set(costs) == set(self.wins)
        return self.wins


def test_only_where_it_cannot_hurt() -> None:
    calm = Question("x", THREAD)
    inf = float("inf")
    assert may_explore(0.03, FREE, calm, "facts", inf)
    assert not may_explore(0.0, FREE, calm, "facts", inf)
    assert not may_explore(0.03, FREE[:1], calm, "facts", inf)
    assert not may_explore(0.03, FREE, calm, "tools", inf)
    assert not may_explore(0.03, FREE, Question("x", THREAD, tools=True), "facts", inf)
    assert not may_explore(0.03, FREE, Question("x", THREAD, retry=True), "facts", inf)
    assert not may_explore(0.03, FREE, Question("x", THREAD * 2), "facts", inf)
    assert may_explore(0.03, FREE, calm, "facts", 10.0)
    assert not may_explore(0.03, FREE, calm, "facts", 9.9)


def test_propensities_are_what_happens() -> None:
    dice, thompson = Random(7), Loaded({"m": 0.25, "n": 0.75})
    drawn = [draw(0.4, OFFERS, thompson, "facts", dice) for _ in range(4000)]
    told = drawn[0].propensities
    assert told == {"a": pytest.approx(0.6 + 0.1), "b": pytest.approx(0.3)}
    seen = Counter(each.role for each in drawn)
    assert seen["b"] / 4000 == pytest.approx(0.3, abs=0.03)
    assert all(each.explored == (each.role == "b") for each in drawn)


def test_roles_on_one_model_share_its_wins() -> None:
    offers = [Offer("a", "m", 0.0), Offer("b", "m", 0.1)]
    told = draw(1.0, offers, Loaded({"m": 1.0}), "facts", Random(1)).propensities
    assert told == {"a": 0.5, "b": 0.5}
