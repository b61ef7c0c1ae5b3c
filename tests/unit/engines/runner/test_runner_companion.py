"""The draft model's side: what its sequences share with a text, and when it goes on writing."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.runner.companion import LEAST, NAME, PART, Companion, DraftModel, Slot
from app.engines.runner.rehearsal import Rehearsals
from app.engines.speculation.acceptance import Acceptance
from app.engines.speculation.costs import Costs
from app.engines.speculation.lookup import Lookup
from app.engines.speculation.speculator import Speculator
from app.engines.speculation.stake import ALLOWANCE, SHARE
from app.engines.speculation.tuner import Tuner
from tests.unit.engines.runner.fake_context import FakeContext

FLAT = {1: 1.0, 2: 1.05, 4: 1.1, 8: 1.2, 16: 1.5}
SERVER = {1: 1.0, 2: 1.7, 4: 2.0, 8: 2.7, 16: 4.1, 32: 7.0, 64: 11.3}
END = 0


class Scripted:
    """Stands for the draft model: says what it was told, as sure as it was told."""

    n_vocab = 100

    def __init__(self, says: Sequence[tuple[int, float]]) -> None:
        self.says = says
        self.written = 0
        self.reads: list[int] = []  # tokens of each reading
        self.known = 0  # tokens of the text that need no reading

    def slot(self, _owner: object, _text: Sequence[int]) -> Slot:
        return Slot(0)

    def unread(self, _slot: Slot, text: Sequence[int]) -> int:
        return max(1, len(text) - self.known)

    def read(self, slot: Slot, text: Sequence[int], most: int) -> bool:
        self.reads.append(min(most, self.unread(slot, text)))
        self.written, self.known = 0, len(text)
        return True

    def write(self, _slot: Slot, _token: int) -> bool:
        self.written += 1
        return True

    def likeliest(self) -> tuple[int, float]:
        return self.says[self.written]


def tuner(costs: Costs, trials: int = 50) -> Tuner:
    acceptance = Acceptance()
    for _ in range(trials):
        acceptance.learn(NAME, "x", (99,), 1)
    acceptance.learn(NAME, "x", (10,), 0)
    return Tuner(costs, acceptance)


def drafter(says: Sequence[tuple[int, float]], drafting: float = 0.03) -> tuple[Any, DraftModel]:
    costs = Costs(dict(SERVER), drafting, drafting / 10, fixed=True)
    scripted: Any = Scripted(says)
    scripted.known = 1
    return scripted, DraftModel(scripted, tuner(costs), "x", lambda token: token == END)


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
    assert not scripted.reads


def long_prompt(reading: float, trials: int = 50) -> tuple[Any, DraftModel]:
    costs = Costs(dict(FLAT), 0.03, reading, fixed=True)
    scripted: Any = Scripted(SURE)
    return scripted, DraftModel(scripted, tuner(costs, trials), "x", lambda token: token == END)


def test_of_a_long_prompt_it_reads_the_end_the_account_can_carry() -> None:
    scripted, model = long_prompt(0.02)
    assert model.best_speed([1] * 2000, 6.0) > 1.0
    assert model.guess([1] * 2000, 8, 6.0).tokens
    assert scripted.reads == [1 + PART * 6.0 / 0.02]
    assert model.spent <= 6.0
    model.best_speed([1] * 2001, 1.0)  # what has come since is cheap
    model.guess([1] * 2001, 8, 1.0)
    assert scripted.reads[1:] == [1]


def test_a_prompt_it_can_afford_is_read_whole() -> None:
    scripted, model = long_prompt(0.02)
    assert model.best_speed([1] * 60, 6.0) > 1.0
    model.guess([1] * 60, 8, 6.0)
    assert scripted.reads == [60]


def test_it_stays_silent_where_too_little_could_be_read_or_it_has_shown_too_little() -> None:
    dear = PART * 6.0 / (LEAST - 2)
    assert long_prompt(dear)[1].best_speed([1] * 2000, 6.0) == 0.0
    assert long_prompt(0.02, trials=8)[1].best_speed([1] * 2000, 6.0) == 0.0
    assert long_prompt(0.02, trials=8)[1].best_speed([1] * 60, 6.0) > 1.0


@given(
    st.integers(1, 4000),
    st.sampled_from([0.001, 0.01, 0.05, 0.3]),
    st.lists(st.integers(0, 15), max_size=60),
)
def test_no_prompt_is_so_long_that_an_answer_loses_more_than_its_stake(
    prompt: int, reading: float, outcomes: list[int]
) -> None:
    _, model = long_prompt(reading)
    made = model._tuner
    speculator = Speculator(made, [model], prompt, "x", learns=False)
    context, time = [1] * prompt, 0.0
    for outcome in outcomes:
        draft = speculator.propose(context, 15)
        time += model.spent
        model.spent = 0.0
        kept = min(outcome, len(draft.tokens))
        if draft.tokens:
            speculator.accepted(len(draft.tokens), kept)
        time += made.time(len(draft.tokens), len(context)) if draft.tokens else 1.0
        context += [1] * (kept + 1)
        tokens = len(context) - prompt
        assert time - tokens <= max(ALLOWANCE, SHARE * tokens) + 1e-6


def test_where_the_draft_model_cannot_read_the_others_go_on() -> None:
    _, model = long_prompt(0.3)
    prompt = [*range(1, 41)] * 30
    earlier = Lookup()
    earlier.read(prompt)
    speculator = Speculator(model._tuner, [earlier, model], len(prompt), "x")
    assert speculator.propose(prompt, 15).source == "lookup"
    assert speculator.stake.credit == ALLOWANCE


def test_what_was_read_of_a_conversation_serves_its_next_question() -> None:
    cells: Any = FakeContext()
    companion, first, thread = Companion(cells, cells, 2), object(), list(range(40))
    slot = companion.slot(first, thread)
    assert companion.read(slot, thread, 10)
    assert cells.content[slot.sequence] == thread[-10:]
    companion.release(first)
    again, longer = object(), [*thread, 50, 51]
    slot = companion.slot(again, longer)
    assert companion.unread(slot, longer) == 2
    assert companion.read(slot, longer, 10)
    assert cells.content[slot.sequence] == longer[-12:]
    companion.release(again)
    other = [7] * 42  # nothing of it was read, so where to begin is open again
    slots = [companion.slot(object(), other) for _ in range(2)]
    assert [companion.unread(slot, other) for slot in slots] == [42, 42]


def test_a_rehearsed_conversation_serves_its_next_question() -> None:
    cells: Any = FakeContext()
    companion, rehearsals = Companion(cells, cells, 1), Rehearsals(Acceptance())
    thread = [at % 90 for at in range(1500)]
    rehearsals.hear(thread, 1400, "x", watched=True)
    while rehearsals.step(companion, 8):
        pass
    more = [*thread, 3, 4]
    assert companion.unread(companion.slot(object(), more), more) == 3


TEXTS = st.lists(st.integers(0, 2), max_size=12)


@given(st.integers(0, 3), st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_what_a_slot_shares_is_counted_right(
    begin: int, steps: list[tuple[list[int], list[int]]]
) -> None:
    """Each time the text has grown, and what was drafted behind it may be right or not."""
    slot, text = Slot(0, begin=begin), [0]
    for grown, drafted in steps:
        text = [*text, *grown]
        own = text[begin:]
        most = max(0, min(len(slot.tokens), len(own) - 1))
        wanted = next((n for n in range(most) if slot.tokens[n] != own[n]), most)
        assert slot.shared(text) == wanted
        slot.tokens = [*own, *drafted]


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
