"""The draft model's side: what its sequences share with a text, and when it goes on writing."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.runner.companion import NAME, DraftModel, Slot
from app.engines.runner.rehearsal import Rehearsals
from app.engines.speculation.acceptance import Acceptance
from app.engines.speculation.costs import Costs
from app.engines.speculation.tuner import Tuner

SERVER = {1: 1.0, 2: 1.7, 4: 2.0, 8: 2.7, 16: 4.1, 32: 7.0, 64: 11.3}
END = 0


class Scripted:
    """Stands for the draft model: says what it was told, as sure as it was told."""

    n_vocab = 100

    def __init__(self, says: Sequence[tuple[int, float]]) -> None:
        self.says = says
        self.written = 0
        self.reads = 0

    def slot(self, _owner: object, _text: Sequence[int]) -> Slot:
        return Slot(0)

    def unread(self, _slot: Slot, _text: Sequence[int]) -> int:
        return 1

    def read(self, _slot: Slot, _text: Sequence[int]) -> bool:
        self.written, self.reads = 0, self.reads + 1
        return True

    def write(self, _slot: Slot, _token: int) -> bool:
        self.written += 1
        return True

    def likeliest(self) -> tuple[int, float]:
        return self.says[self.written]


def drafter(says: Sequence[tuple[int, float]], drafting: float = 0.03) -> tuple[Any, DraftModel]:
    acceptance = Acceptance()
    for _ in range(50):
        acceptance.learn(NAME, "x", (99,), 1)
    acceptance.learn(NAME, "x", (10,), 0)
    tuner = Tuner(Costs(dict(SERVER), drafting, drafting / 10, fixed=True), acceptance)
    scripted: Any = Scripted(says)
    return scripted, DraftModel(scripted, tuner, "x", lambda token: token == END)


def guessed(model: DraftModel, credit: float = 20.0) -> tuple[int, ...]:
    assert model.best_speed([1, 2], credit) > 1.0
    return model.guess([1, 2], 63, credit).tokens


SURE = [(5, 0.995)] * 64


def test_a_sure_model_writes_on_and_an_end_stops_it() -> None:
    assert len(guessed(drafter(SURE)[1])) > 8
    assert guessed(drafter([(5, 0.995), (END, 0.995), *SURE])[1]) == (5, END)


def test_an_unsure_token_is_the_last() -> None:
    assert len(guessed(drafter([*SURE[:3], (6, 0.1), *SURE])[1])) == 4


def test_what_may_be_lost_limits_what_is_written() -> None:
    assert len(guessed(drafter(SURE)[1], 3.0)) < len(guessed(drafter(SURE)[1], 20.0))


def test_each_token_is_paid_for() -> None:
    _, model = drafter(SURE)
    count = len(guessed(model))
    assert model.spent == pytest.approx(0.03 * count)


def test_without_credit_or_with_foreign_tokens_it_is_not_asked() -> None:
    scripted, model = drafter(SURE)
    assert model.best_speed([1, 2], 0.01) == 0.0
    assert model.best_speed([1, 2], 20.0) > 1.0
    assert model.best_speed([1, 2, 200], 20.0) == 0.0
    assert scripted.reads == 0


TEXTS = st.lists(st.integers(0, 2), max_size=12)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_what_a_slot_shares_is_counted_right(steps: list[tuple[list[int], list[int]]]) -> None:
    """Each time the text has grown, and what was drafted behind it may be right or not."""
    slot, text = Slot(0), [0]
    for grown, drafted in steps:
        text = [*text, *grown]
        most = min(len(slot.tokens), len(text) - 1)
        wanted = next((n for n in range(most) if slot.tokens[n] != text[n]), most)
        assert slot.shared(text) == wanted
        slot.tokens = [*text, *drafted]


def test_an_answer_that_was_watched_is_not_looked_up_again() -> None:
    acceptance = Acceptance()
    rehearsals = Rehearsals(acceptance)
    rehearsals.hear([1, 2, 3, 1, 2, 3, 1, 2, 3], 1, "x", watched=True)
    while rehearsals.step(None, 8):
        pass
    assert acceptance.rate("lookup") is None
    rehearsals.hear([1, 2, 3, 1, 2, 3, 1, 2, 3], 1, "x")
    while rehearsals.step(None, 8):
        pass
    assert acceptance.rate("lookup") == 1.0
