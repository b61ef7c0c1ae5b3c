"""A reader's word: asked only where it pays, weighed only once it has shown what it is worth."""

from collections.abc import Mapping, Sequence
from math import inf, log, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition
from app.domain.errors import EngineDied
from app.orchestration.gate.verdict import (
    LEAST_CASES,
    LONGEST,
    Costs,
    Power,
    Verdicts,
    probability_of_yes,
    verdict_thread,
)

THREAD = (
    ChatMessage(role="system", content="Be brief."),
    ChatMessage(role="user", content="What is 2 + 2?"),
)


def test_what_is_read_begins_like_the_thread() -> None:
    read = verdict_thread(THREAD, "4")
    assert read[: len(THREAD)] == THREAD
    assert [each.role for each in read[len(THREAD) :]] == ["assistant", "user"]
    assert read[-2].content == "4"
    assert len(verdict_thread(THREAD, "x" * (LONGEST + 9))[-2].content) == LONGEST
    assert verdict_thread(THREAD, "")[-2].content


@pytest.mark.parametrize(
    ("first", "wanted"),
    [
        ({"Yes": log(0.6), "No": log(0.2)}, 0.75),
        ({" yes": log(0.3), "YES": log(0.3), "\u2581no": log(0.2)}, 0.75),
        ({"Ja": log(0.5), "Nein.": log(0.5)}, 0.5),
        ({"Yes": -inf, "No": log(0.5)}, 0.0),
        ({"The": log(0.95), "Yes": log(0.01)}, None),
        ({"Yes": nan}, None),
        ({}, None),
    ],
)
def test_all_spellings_count(first: Mapping[str, float], wanted: float | None) -> None:
    found = probability_of_yes(first)
    assert found == (None if wanted is None else pytest.approx(wanted))


@pytest.mark.parametrize(
    ("kappa", "accepted", "pays"),
    [(10, 0.6, True), (10, 0.05, False), (2.3, 0.9, True), (2.3, 0.3, False), (1.0, 1.0, False)],
)
def test_reading_pays_where_it_is_much_faster_than_writing(
    kappa: float, accepted: float, pays: bool
) -> None:
    costs = Costs(300, 200, kappa, accepted)
    assert costs.pays is pays
    assert Costs(300, 200, 10, 1).share == pytest.approx(500 / 2300)


def test_nothing_pays_where_nothing_is_known() -> None:
    assert not Costs(0, 0, 0, 1).pays


class Reader:
    """A model that says what it was told to."""

    def __init__(self, *first: Mapping[str, float] | EngineDied) -> None:
        self.first = list(first)
        self.read: list[Sequence[ChatMessage]] = []

    async def __call__(
        self, _model: str, thread: Sequence[ChatMessage], _top: int
    ) -> Mapping[str, float]:
        self.read.append(thread)
        said = self.first.pop(0)
        if isinstance(said, EngineDied):
            raise said
        return said


async def test_a_reader_that_breaks_says_nothing() -> None:
    reader = Reader({"Yes": log(0.9), "No": log(0.1)}, EngineDied("gone", remedy="none"))
    verdicts = Verdicts(reader)
    assert await verdicts.ask("big", THREAD, "4") == pytest.approx(0.9)
    assert await verdicts.ask("big", THREAD, "4") is None


def taught(right_yes: int, right: int, wrong_yes: int, wrong: int) -> Verdicts:
    verdicts = Verdicts(Reader())
    for at in range(right):
        verdicts.learn("big", 0.9 if at < right_yes else 0.1, right=True)
    for at in range(wrong):
        verdicts.learn("big", 0.9 if at < wrong_yes else 0.1, right=False)
    return verdicts


@pytest.mark.parametrize(
    ("verdicts", "may"),
    [
        (taught(0, 0, 0, 0), False),
        (taught(40, 40, 0, LEAST_CASES - 41), False),
        (taught(36, 40, 4, 40), True),
        (taught(38, 40, 36, 40), False),
        (taught(LEAST_CASES, LEAST_CASES, 0, 0), True),
    ],
)
def test_only_a_reader_with_power_may_decide(verdicts: Verdicts, may: bool) -> None:
    power = verdicts.power("big")
    assert power.may_gate is may
    if not may:
        assert power.weighed(0.7, 0.01) == 0.7
        assert power.corrected(0.4) == 0.4


@pytest.mark.parametrize(
    ("verdicts", "condition"),
    [
        (taught(0, 0, 0, 0), Condition.OFF),
        (taught(5, 5, 0, 5), Condition.OBSERVING),
        (taught(36, 40, 4, 40), Condition.LIVE),
    ],
)
def test_the_doctor_hears_what_readers_are_worth(verdicts: Verdicts, condition: Condition) -> None:
    (mechanism,) = verdicts.mechanisms()
    assert mechanism.condition is condition
    assert mechanism.reason


def test_its_word_moves_a_probability_by_what_it_is_worth() -> None:
    power = taught(36, 40, 4, 40).power("big")
    assert power.weighed(0.5, 0.9) == pytest.approx(power.hits / (power.hits + power.slips))
    assert power.weighed(0.5, 0.1) < 0.2
    assert power.corrected(power.hits) == pytest.approx(1)
    assert power.corrected(power.slips) == pytest.approx(0)


def test_evidence_of_a_reader_can_be_forgotten() -> None:
    verdicts = taught(36, 40, 4, 40)
    verdicts.learn("big", nan, right=True)
    assert verdicts.power("big").count == 80
    verdicts.forget("big")
    assert verdicts.power("big").count == 0


@given(
    st.dictionaries(st.text(max_size=8), st.floats(), max_size=8),
    st.floats(0, 1),
    st.integers(0, 80),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_probabilities_stay_probabilities(
    first: dict[str, float], p: float, n: int, hits: float, slips: float
) -> None:
    yes = probability_of_yes(first)
    assert yes is None or 0 <= yes <= 1
    power = Power(hits, slips, n)
    assert 0 <= power.weighed(p, yes or 0.0) <= 1
    assert 0 <= power.corrected(p) <= 1
