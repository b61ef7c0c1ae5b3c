"""Exploration at idle: what is known least of what is asked most, logged with its probability."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition
from app.domain.errors import EngineDied
from app.domain.models import Roster
from app.domain.routing import OutcomeRecord, Witness
from app.orchestration.gate.gate import Answer, Gate
from app.orchestration.learning.exploring import PASS, Exploration, Minds
from app.orchestration.learning.past import Lately
from app.orchestration.router.predictor import Predictor
from tests.unit.orchestration.learning.company import FRONT, ROSTER, company, past

EQUATION = "What is 12 + 30? Reply with the number only."


class Bench:
    def __init__(self, answer: str = "42", opinion: float | None = None, seed: int = 1) -> None:
        self.said, self.opinion, self.asked = answer, opinion, list[str]()
        self.lately, self.predictor = Lately(), Predictor()
        self.dice = Random(seed)
        self.exploration = self.over(ROSTER)

    def over(self, roster: Roster) -> Exploration:
        minds = Minds(self._answer, self._opinion, Gate(), self.predictor)
        return Exploration(
            company(roster), self.lately, minds, dice=self.dice, wall_clock=lambda: 7.0
        )

    async def rows(self) -> list[OutcomeRecord]:
        return [row async for row in self.exploration.run()]

    async def _answer(self, role: str, thread: Sequence[ChatMessage]) -> Answer | None:
        self.asked.append(role)
        return Answer(self.said, (-0.1,), (0.9,), "stop", 1)

    async def _opinion(self, role: str, thread: Sequence[ChatMessage], text: str) -> float | None:
        return self.opinion


async def test_a_question_is_asked_of_all_who_were_not_asked_it_and_of_nobody_twice() -> None:
    bench = Bench()
    bench.lately.keep(past("42", text=EQUATION))
    rows = await bench.rows()
    assert sorted(bench.asked) == ["architect", "coder", "worker"]
    assert {row.witness for row in rows} == {Witness.VALIDATOR}
    assert all(0 < row.propensity <= 1 and row.source == "exploration" for row in rows)
    assert {row.question for row in rows} == {past(text=EQUATION).turn.question}
    assert await bench.rows() == []


async def test_where_no_check_can_tell_somebody_stronger_does_or_nobody() -> None:
    told, silent = Bench("Lima.", 0.8), Bench("Lima.")
    for bench in (told, silent):
        bench.lately.keep(past("Lima.", family="facts", text="What is the capital of Peru?"))
    rows = await told.rows()
    assert {(row.right, row.witness) for row in rows} == {(0.8, Witness.STRONGER)}
    assert await silent.rows() == []


async def test_a_pass_is_short_and_prefers_what_is_known_least_of_what_is_asked_most() -> None:
    bench = Bench()
    for at in range(30):
        bench.lately.keep(past("42", text=f"What is {at} + 30?", family="math" if at else "facts"))
    drawn = Counter[str]()
    for _ in range(300):
        trial = bench.exploration.trial()
        assert trial is not None
        drawn[trial.past.turn.family] += 1
    assert drawn["math"] > 10 * drawn["facts"]
    await bench.rows()
    assert len(bench.asked) == PASS


@pytest.mark.parametrize("kept_out", [past(tools=True), past(family="tools")])
async def test_what_acts_is_not_tried_again(kept_out: object) -> None:
    bench = Bench()
    bench.lately.keep(kept_out)  # type: ignore[arg-type]
    assert await bench.rows() == []


async def test_alone_there_is_nobody_to_try() -> None:
    bench = Bench()
    bench.exploration = bench.over(Roster(roles=(FRONT,), default_role="front", source="test"))
    bench.lately.keep(past())
    assert await bench.rows() == []
    (said,) = bench.exploration.mechanisms()
    assert said.condition is Condition.OFF


async def test_who_breaks_ends_the_pass_and_is_not_tried_with_it_again() -> None:
    bench = Bench()

    async def broken(role: str, thread: Sequence[ChatMessage]) -> Answer | None:
        raise EngineDied("gone", remedy="")

    minds = Minds(broken, bench._opinion, Gate(), bench.predictor)
    bench.exploration = Exploration(
        company(), bench.lately, minds, dice=bench.dice, wall_clock=lambda: 7.0
    )
    bench.lately.keep(past())
    for _ in range(3):
        with pytest.raises(EngineDied):
            await bench.rows()
    assert bench.exploration.trial() is None
