"""What is worth verifying: never more than the account allows, only sizes that pay here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.speculation.acceptance import SCALES, Acceptance
from app.engines.speculation.costs import MEASURED, OUTLIER, Costs, bucket_of
from app.engines.speculation.source import Free, Guess
from app.engines.speculation.speculator import CONVINCED, MISSES, Speculator
from app.engines.speculation.stake import ALLOWANCE, SHARE, Stake
from app.engines.speculation.tuner import NOTHING, Situation, Tuner

# Measured on two cores: a 1 B shape in Q4_K.
SERVER = {1: 1.0, 2: 2.0, 4: 3.3, 8: 4.1, 16: 5.5, 32: 10.0, 64: 18.5}
FLAT = {1: 1.0, 2: 1.05, 4: 1.1, 8: 1.2, 16: 1.5, 32: 2.5, 64: 4.5}
LINEAR = {rows: float(rows) for rows in MEASURED}
TABLES = st.sampled_from([SERVER, FLAT, LINEAR])


def situation(tokens: int = 0, balance: float = 0.0) -> Situation:
    return Situation("code", 100, Stake(balance, tokens))


def tuner(table: dict[int, float], acceptance: Acceptance | None = None) -> Tuner:
    return Tuner(Costs.of_ratios(table), acceptance or Acceptance())


def sure(drafter: str = "lookup", family: str = "code") -> Acceptance:
    """Return an acceptance that has seen long matches stand again and again."""
    acceptance = Acceptance()
    for _ in range(30):
        acceptance.learn(drafter, family, tuple(range(2, 40)), 38)
    return acceptance


def test_without_measured_costs_nothing_is_drafted() -> None:
    assert Tuner().choose("lookup", (40,) * 8, situation()) == NOTHING
    assert Tuner().most(100) == 0


def test_where_rows_cost_as_much_as_tokens_nothing_is_drafted() -> None:
    assert tuner(LINEAR, sure()).choose("lookup", (40,) * 63, situation(240)).count == 0
    assert tuner(LINEAR).ceiling() == 1.0


def test_only_efficient_sizes_are_used() -> None:
    costs = Costs.of_ratios({1: 1.0, 2: 1.96, 4: 3.51, 6: 5.4, 8: 6.53, 12: 8.48, 16: 7.13, 24: 12})
    assert costs.grid() == (1, 2, 4, 8, 12, 16)
    choice = Tuner(costs, sure()).choose("lookup", (40,) * 40, situation(0, 50))
    assert choice.count + 1 in costs.grid()


def test_a_sure_draft_is_verified_in_large_pieces_once_it_has_earned_them() -> None:
    first = tuner(SERVER, sure()).choose("lookup", (40,) * 63, situation())
    later = tuner(SERVER, sure()).choose("lookup", (40,) * 63, situation(100, 40))
    assert 0 < first.count < later.count
    assert later.speed > 2


def test_a_doubtful_draft_is_not_verified_where_it_is_dear() -> None:
    assert tuner(SERVER, sure()).choose("lookup", (0,) * 63, situation(120, 40)) == NOTHING


def test_a_third_answer_at_once_ends_drafting() -> None:
    busy = tuner(FLAT, sure())
    alone = busy.choose("lookup", (40,) * 63, situation(0, 60)).count
    busy.busy = 2
    assert 0 < busy.choose("lookup", (40,) * 63, situation(0, 60)).count <= alone
    busy.busy = 3
    assert busy.choose("lookup", (40,) * 63, situation(0, 60)) == NOTHING


@given(TABLES, st.floats(-20, 40), st.integers(0, 2000), st.integers(1, 63))
def test_the_worst_case_is_always_covered(
    table: dict[int, float], balance: float, tokens: int, length: int
) -> None:
    made, where = tuner(table, sure()), situation(tokens, balance)
    choice = made.choose("lookup", tuple(range(length)), where)
    assert choice.count <= length
    if choice.count:
        loss = made.time(choice.count, where.context) - 1
        assert loss <= balance + max(ALLOWANCE, SHARE * tokens) + 1e-9


class Told(Free):
    """A source that says the same every time."""

    def __init__(self, name: str, tokens: tuple[int, ...], evidence: int) -> None:
        self.name = name
        self._guess = Guess(tokens, (evidence,) * len(tokens))
        self.asked = 0

    def guess(self, _context: object, limit: int, _credit: float) -> Guess:
        self.asked += 1
        return Guess(self._guess.tokens[:limit], self._guess.evidence[:limit])


@given(TABLES, st.lists(st.integers(0, 63), max_size=80))
def test_an_answer_never_loses_more_than_its_stake(
    table: dict[int, float], outcomes: list[int]
) -> None:
    made = tuner(table)
    speculator = Speculator(made, [Told("lookup", (1,) * 63, 30)], prompt=10)
    context, time = [0] * 10, 0.0
    for outcome in outcomes:
        draft = speculator.propose(context, 63)
        kept = min(outcome, len(draft.tokens))
        if draft.tokens:
            speculator.accepted(len(draft.tokens), kept)
        time += made.time(len(draft.tokens), len(context)) if draft.tokens else 1.0
        context += [0] * (kept + 1)
        tokens = len(context) - 10
        assert time - tokens <= max(ALLOWANCE, SHARE * tokens) + 1e-6


def test_the_source_that_promises_more_is_taken() -> None:
    weak, strong = Told("lookup", (1,) * 15, 2), Told("prediction", (2,) * 15, 30)
    for sources in ([weak, strong], [strong, weak]):
        draft = Speculator(tuner(FLAT), sources, 0).propose([0], 63)
        assert draft.source == "prediction"
        assert set(draft.tokens) == {2}


def test_a_source_that_always_fails_falls_silent_for_a_while() -> None:
    source = Told("lookup", (1,) * 3, 30)
    speculator = Speculator(tuner(FLAT), [source], 0)
    context = [0]
    for _ in range(MISSES):
        draft = speculator.propose(context, 3)
        assert draft.tokens
        speculator.accepted(len(draft.tokens), 0)
        context.append(0)
    assert not speculator.propose(context, 3).tokens
    assert speculator.counts()["lookup"][1] == 0
    source.free = False
    before = source.asked
    speculator.propose(context, 3)
    assert source.asked == before


def test_a_guess_between_two_sizes_is_not_cut_where_all_of_it_pays() -> None:
    choice = tuner(SERVER, sure()).choose("lookup", (40,) * 6, situation(0, 40))
    assert choice.count == 6
    steep = {1: 1.0, 2: 1.4, 4: 1.5, 6: 5.0, 8: 5.1}
    assert tuner(steep, sure()).choose("lookup", (40,) * 5, situation(0, 40)).count == 3


def test_a_guess_that_was_not_tried_teaches_all_the_same() -> None:
    made = tuner(SERVER)  # such a guess is never worth a try here
    speculator = Speculator(made, [Told("lookup", (7,) * 3, 2)], 0)
    context = [0]
    for right in (True, False, True, True):
        assert not speculator.propose(context, 3).tokens
        context.append(7 if right else 8)
    speculator.propose(context, 3)
    assert made.acceptance.rate("lookup") == pytest.approx(3 / 4, abs=0.02)
    silent = Speculator(made, [Told("lookup", (7,) * 3, 2)], 0, learns=False)
    known = made.acceptance.dump()
    silent.propose([0], 3)
    silent.propose([0, 7], 3)
    assert made.acceptance.dump() == known


def test_a_silent_source_that_would_be_right_is_heard_again() -> None:
    speculator = Speculator(tuner(FLAT), [Told("lookup", (7,) * 3, 30)], 0)
    context = [0]
    for _ in range(MISSES):
        speculator.propose(context, 3)
        speculator.accepted(3, 0)
        context.append(0)
    for _ in range(CONVINCED):
        assert not speculator.propose(context, 3).tokens
        context.append(7)
    assert speculator.propose(context, 3).tokens


def test_a_place_that_was_scored_again_costs_a_token() -> None:
    made = tuner(FLAT)
    balances = []
    for ties in (0, 2):
        speculator = Speculator(made, [Told("lookup", (1,) * 3, 30)], 0)
        assert speculator.propose([0], 3).tokens
        speculator.accepted(3, 3, ties)
        balances.append(speculator.stake.balance)
    assert balances[0] - balances[1] == pytest.approx(2.0)


@given(st.lists(st.tuples(st.integers(0, 7), st.floats(0.7, 1.5)), min_size=1, max_size=60))
def test_the_account_holds_where_the_costs_that_are_believed_are_wrong(
    steps: list[tuple[int, float]],
) -> None:
    """Evaluations take up to OUTLIER times as long as was measured: the next ones are dearer."""
    made = Tuner(Costs({rows: 10 * ratio for rows, ratio in FLAT.items()}))
    assert made.costs
    speculator = Speculator(made, [Told("lookup", (1,) * 7, 30)], 0, learns=False)
    context, time = [0], 0.0
    for kept, slower in steps:
        draft = speculator.propose(context, 7)
        rows = 1 + len(draft.tokens)
        took = made.costs.time(rows) * (slower if draft.tokens else 1.0)
        if draft.tokens:
            speculator.accepted(rows - 1, min(kept, rows - 1))
            speculator.took(made.costs.table(0)[1] * made.costs._pace * took)
        time += took
        context += [0] * (1 + min(kept, rows - 1))
    worst = OUTLIER * FLAT[8] - FLAT[8]  # of the last one alone
    assert time - (len(context) - 1) <= max(ALLOWANCE, SHARE * len(context)) + worst + 1e-6


def test_a_drafter_that_costs_is_asked_where_some_of_its_guesses_pay() -> None:
    acceptance = Acceptance()
    for _ in range(60):  # three of four tokens are sure, and all of those stand
        acceptance.learn("draft model", "x", (10,), 0)
        for _ in range(3):
            acceptance.learn("draft model", "x", (99,), 1)
    made = tuner(SERVER, acceptance)
    rate = acceptance.rate("draft model")
    assert rate == pytest.approx(0.75, abs=0.02)
    assert made.promise(rate or 0.0, 0, 0.01) < 1.02
    worth, most = made.outlook("draft model", 0, 0.01, 10.0)
    assert worth > 0
    assert most > 1.02
    assert made.outlook("draft model", 0, 0.01, 0.5)[0] < 0  # nothing may be lost any more
    assert made.outlook("draft model", 0, 3.0, 10.0)[0] < 0
    assert tuner(SERVER).outlook("draft model", 0, 0.02, 3.0) == (0.0, 1.0)


def test_a_rate_counts_each_kind_of_guess_as_often_as_it_comes() -> None:
    acceptance = Acceptance()
    for _ in range(40):
        for _ in range(19):
            acceptance.learn("draft model", "x", (99,), 1)
        acceptance.learn("draft model", "x", (10,), 0)
    assert acceptance.rate("draft model") == pytest.approx(0.95, abs=0.02)


def test_what_is_learned_belongs_to_the_kind_of_task() -> None:
    acceptance = sure("lookup", "copy")
    for _ in range(40):
        acceptance.learn("lookup", "chat", (5,), 0)
    (copy,) = acceptance.probabilities("lookup", "copy", (5,))
    (chat,) = acceptance.probabilities("lookup", "chat", (5,))
    assert copy > chat
    assert acceptance.rate("prediction") is None


@given(st.sampled_from(sorted(SCALES)), st.integers(0, 200), st.lists(st.booleans(), max_size=60))
def test_acceptance_stays_a_probability(drafter: str, evidence: int, stood: list[bool]) -> None:
    acceptance = Acceptance()
    for each in stood:
        acceptance.learn(drafter, "x", (evidence,), int(each))
    (value,) = acceptance.probabilities(drafter, "x", (evidence,))
    assert 0 <= value <= 1


def test_more_evidence_is_worth_more_before_anything_is_seen() -> None:
    for scale in SCALES.values():
        assert list(scale.prior) == sorted(scale.prior)
        assert len(scale.prior) == len(scale.edges) + 1


def test_costs_follow_what_is_seen_without_jumping() -> None:
    costs = Costs({1: 10.0, 8: 40.0})
    costs.observe(8, 100, 1000.0)
    assert costs.time(8, 100) < 4.2
    for _ in range(200):
        costs.observe(1, 100, 10.0)
        costs.observe(8, 100, 80.0)
    assert costs.time(8, 100) == pytest.approx(8.0, rel=0.1)
    assert costs.time(8, 5000) == pytest.approx(4.0)
    assert Costs({1: 10.0, 8: 40.0}).time(4) == pytest.approx(1 + 3 / 7 * 3)
    places = (0, 1023, 1024, 4095, 4096, 20_000)
    assert [bucket_of(n) for n in places] == [0, 0, 1024, 1024, 4096, 16384]
    before = costs.time(3)
    costs.observe(3, 0, 99.0)
    assert costs.time(3) == before


def test_what_longer_contexts_cost_is_kept() -> None:
    costs = Costs({1: 10.0, 8: 40.0})
    for _ in range(200):
        costs.observe(1, 5000, 10.0)
        costs.observe(8, 5000, 60.0)
        costs.observe(8, 100, 60.0)
    again = Costs({1: 10.0, 8: 40.0})
    again.restore(costs.dump())
    assert again.time(8, 5000) == pytest.approx(costs.time(8, 5000), rel=1e-3)
    assert again.time(8, 100) == again.time(8, 20_000) == 4.0  # the one is measured, the other new
    odd: list[object] = [
        None,
        5,
        {"4096": 5},
        {"4096": {"1": "x"}},
        {"4096": {"1": 1.0}},
        {"4096": {"1": 0, "8": 1}},
        {"1": {"1": 10.0, "8": 20.0}},
    ]
    for each in odd:
        fresh = Costs({1: 10.0, 8: 40.0})
        fresh.restore(each)
        assert fresh.time(8, 5000) == 4.0


def test_fixed_costs_stay_and_nothing_else_is_booked() -> None:
    costs = Costs({1: 10.0, 8: 40.0}, drafting=0.1, fixed=True)
    costs.observe(8, 0, 80.0)
    assert costs.time(8) == 4.0
    assert costs.observe_draft(4, 1000.0) == pytest.approx(0.4)
    assert costs.drafting == 0.1
    speculator = Speculator(Tuner(costs), [Told("lookup", (1,) * 7, 30)], 0)
    speculator.accepted(7, 7)
    before = speculator.stake.balance
    speculator.took(9999.0)
    assert speculator.stake.balance == before


def test_what_the_draft_model_takes_is_followed() -> None:
    costs = Costs({1: 10.0, 8: 40.0}, drafting=0.1)
    assert costs.observe_draft(4, 5.0) == pytest.approx(0.5)
    for _ in range(100):
        costs.observe_draft(4, 8.0)
    assert costs.drafting == pytest.approx(0.2, rel=0.05)
    costs.reading = 0.02
    assert costs.observe_reading(100, 30.0) == pytest.approx(3.0)
    for _ in range(100):
        costs.observe_reading(100, 80.0)
    assert costs.reading == pytest.approx(0.08, rel=0.05)


@given(st.lists(st.sampled_from([1, 8]), min_size=50, max_size=50), st.floats(0.3, 5.0))
def test_other_programs_slow_everything_down_and_change_no_ratio(
    sizes: list[int], slower: float
) -> None:
    costs = Costs({1: 10.0, 8: 40.0})
    for size in [1, 8] * 20 + sizes:
        costs.observe(size, 0, slower * {1: 10.0, 8: 40.0}[size])
    assert costs.time(8) == pytest.approx(4.0, rel=0.12)


def test_what_was_learned_can_be_kept() -> None:
    learned = sure()
    again = Acceptance()
    again.restore([*learned.dump(), ["lookup", "x", 1, 1.0, 2.0], ["no", "x", 1, 2.0, 1.0], 5])
    evidence = tuple(range(2, 40))
    assert again.probabilities("lookup", "code", evidence) == pytest.approx(
        learned.probabilities("lookup", "code", evidence), abs=1e-3
    )
    again.restore({"not": "rows"})
