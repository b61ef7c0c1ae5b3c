"""Probes are exact, and a prober gives way, goes on where it stopped, and never learns twice."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.domain.errors import EngineDied
from app.domain.routing import FAMILIES, OutcomeRecord, Witness
from app.orchestration.gate.gate import Answer, Gate
from app.orchestration.gate.probe_set import PROBES
from app.orchestration.gate.probes import PATIENCE, Prober, Subject, key_of
from app.orchestration.gate.probing import (
    Check,
    count,
    exactly,
    expression,
    json_is,
    listed,
    number,
    says,
)
from app.orchestration.router.families import family_of
from app.orchestration.router.predictor import Predictor

SURE = (-0.01,) * 5


def test_there_is_something_of_every_kind_that_needs_no_tools() -> None:
    kinds = Counter(each.family for each in PROBES)
    assert set(FAMILIES) - set(kinds) == {"tools", "other"}
    assert min(kinds.values()) >= 4
    assert 48 <= len(PROBES) <= 60
    assert len({key_of(each) for each in PROBES}) == len(PROBES)
    # The router's rules need not agree on every single one.
    assert sum(family_of(each.question) == each.family for each in PROBES) >= 0.9 * len(PROBES)


@pytest.mark.parametrize("place", range(len(PROBES)))
def test_nonsense_is_wrong(place: int) -> None:
    probe = PROBES[place]
    for nonsense in ("", "I do not know that.", "lorem ipsum " * 20, "[" * 500, "9" * 50_000):
        assert not probe.is_right(nonsense)


RIGHT = {
    "Good morning! Say good morning to me, too.": "Good morning to you!",
    "What is the capital of Portugal?": "The capital of Portugal is Lisbon.",
    "What is 48 + 37?": "48 + 37 = 85",
    "Return the numbers 3, 5 and 8 as a JSON list.": "```json\n[3, 5, 8]\n```",
    "How many letters are in the word garden?": "The word has six letters.",
    "Reverse the word stone.": "enots",
    "What is my name?": "Your name is Mara.",
}


@pytest.mark.parametrize(("text", "answer"), RIGHT.items())
def test_right_answers_are_right(text: str, answer: str) -> None:
    [probe] = [each for each in PROBES if each.question.text == text]
    assert probe.is_right(answer)


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (says("wien"), "Es ist Wien.", "Wiener"),
        (says("blue", never=("grey",)), "Blue", "blue or grey"),
        (number(12), "It costs 12.", "12 or 13"),
        (number(1945), "1,945", "1944"),
        (number(8), "eight", "nine"),
        (count(6), "6", "5 or 6"),
        (exactly("A red door."), '"A red  door"', "A red door is here"),
        (listed("a", "b"), "Sorted:\na, b", "b, a"),
        (listed("a", "b"), "1. a\n2. b", "a"),
        (json_is({"open": True}), '{"open": true}', '{"open": 1}'),
        (expression("f", "x + x"), "```python\ndef f(x):\n    return x + x\n```", "x + x"),
        (expression("f", "x + x"), 'def f(x):\n    """Double."""\n    return x + x', "def f(:"),
    ],
)
def test_checkers(check: Check, right: str, wrong: str) -> None:
    assert check(right)
    assert not check(wrong)


@given(st.text(max_size=200))
def test_checkers_stand_anything(text: str) -> None:
    for probe in PROBES:
        probe.is_right(text)


class Bench:
    """A model that says what it is told to, and a clock of idleness."""

    def __init__(self, idle: int = 1000, says_: str | None = "13") -> None:
        self.idle = idle
        self.says = says_
        self.asked: list[str] = []
        self.prober = Prober(
            self.ask,
            Gate(),
            Predictor(),
            may_go_on=lambda: len(self.asked) < self.idle,
            wall_clock=lambda: 5.0,
        )

    async def ask(self, role: str, thread: Sequence[ChatMessage]) -> Answer | None:
        self.asked.append(thread[-1].content)
        assert role == "front"
        if self.says == "dies":
            raise EngineDied("gone", remedy="none")
        return None if self.says is None else Answer(self.says, SURE, (), "stop", 5)

    async def rows(self, *known: str) -> list[OutcomeRecord]:
        subject = Subject("m", "front", known)
        return [row async for row in self.prober.run(subject)]


async def test_every_probe_becomes_a_row_that_can_be_learned_from() -> None:
    rows = await Bench().rows()
    assert len(rows) == len(PROBES)
    right = [row for row in rows if row.right]
    assert [PROBES[4 + 8].question.key] == [row.question for row in right]  # 7 + 6
    assert {row.witness for row in rows} == {Witness.VALIDATOR}
    assert {(row.source, row.model_id, row.role, row.at) for row in rows} == {
        ("probe", "m", "front", 5.0)
    }
    gate, predictor = Gate(), Predictor()
    for row in rows:
        gate.learn(row)
        predictor.learn(row)
    gate.refit()
    assert gate.count("m") == len(PROBES)


async def test_the_doctor_hears_how_far_it_is() -> None:
    bench = Bench(idle=3)
    await bench.rows()
    (mechanism,) = bench.prober.mechanisms()
    assert "3 since the start" in mechanism.reason


async def test_it_stops_when_somebody_comes_and_goes_on_later() -> None:
    first = await Bench(idle=9).rows()
    # Cut short after nine, and still some of nearly every kind.
    assert len({row.family for row in first}) >= 8
    rest = await Bench().rows(*(row.question for row in first))
    assert len(rest) == len(PROBES) - 9
    assert not {row.question for row in first} & {row.question for row in rest}


@pytest.mark.parametrize("says_", [None, "dies"])
async def test_who_does_not_answer_is_let_be(says_: str | None) -> None:
    bench = Bench(says_=says_)
    assert await bench.rows() == []
    assert len(bench.asked) == PATIENCE


async def test_an_answer_that_was_cut_off_is_not_right() -> None:
    async def cut(_role: str, _thread: Sequence[ChatMessage]) -> Answer:
        return Answer("13", SURE, (), "length", 5)

    prober = Prober(cut, Gate(), Predictor(), may_go_on=lambda: True, wall_clock=lambda: 0.0)
    rows = [row async for row in prober.run(Subject("m", "front"))]
    assert not any(row.right for row in rows)
