"""Who sits where: reuse of the past is never wrong, whatever the memory can do."""

import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.models import Sampling
from app.engines.runner.generation import Generation, Order, Speech
from app.engines.runner.lanes import Lane, Lanes, common_prefix
from app.engines.runner.outbox import Outbox
from app.engines.runner.plan import Limits, Pace, compose

prompts = st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=8), min_size=1, max_size=12)


def generation(tokens: Sequence[int], *, room: int = 100) -> Generation:
    order = Order(tuple(tokens), Sampling(seed=1))
    speech = Speech(lambda _: b"x", lambda _: b"x", lambda _: False)
    return Generation(order, speech, Outbox(threading.Event().set), lambda: 0.0, room)


class FakeMemory:
    """Remembers what every sequence really holds, as the library would."""

    def __init__(self, count: int, *, can_cut: bool, walks_over_idle: bool = False) -> None:
        self.can_cut = can_cut
        self.walks_over_idle = walks_over_idle
        self.content: list[list[int]] = [[] for _ in range(count)]

    def keep(self, sequence: int, count: int) -> bool:
        if not self.can_cut and 0 < count < len(self.content[sequence]):
            return False
        assert count <= len(self.content[sequence])
        del self.content[sequence][count:]
        return True

    def forget(self, sequence: int) -> None:
        self.content[sequence].clear()

    def share(self, source: int, target: int, count: int) -> None:
        assert self.can_cut
        assert not self.content[target]
        self.content[target].extend(self.content[source][:count])

    def held(self, sequence: int) -> int:
        return len(self.content[sequence])

    def snapshot(self, sequence: int) -> bytes:
        return bytes(self.content[sequence])

    def restore(self, sequence: int, state: bytes, count: int) -> bool:
        assert len(state) == count
        assert self.content[sequence][:count] == list(state)
        del self.content[sequence][count:]
        return True

    def weight(self, sequence: int) -> int:
        return len(self.content[sequence])

    def save(self, sequence: int) -> bytes:
        return bytes(self.content[sequence])

    def load(self, sequence: int, state: bytes | memoryview, count: int) -> bool:
        assert not self.content[sequence]
        self.content[sequence].extend(state)
        return len(state) == count

    def evaluate(self, lane: Lane, count: int) -> None:
        self.content[lane.sequence] += lane.tokens[lane.past : lane.past + count]
        lane.past += count


@given(st.lists(st.integers(0, 2)), st.lists(st.integers(0, 2)))
def test_the_common_prefix_is_the_longest(left: list[int], right: list[int]) -> None:
    length = common_prefix(left, right)
    assert left[:length] == right[:length]
    assert left[length : length + 1] != right[length : length + 1] or length == len(left) == len(
        right
    )


@pytest.mark.parametrize(("can_cut", "walks"), [(True, False), (True, True), (False, False)])
@given(threads=prompts, stay=st.integers(1, 3), aside=st.integers(0, 20))
def test_a_lane_always_holds_what_it_says(
    can_cut: bool, walks: bool, threads: list[list[int]], stay: int, aside: int
) -> None:
    memory = FakeMemory(3, can_cut=can_cut, walks_over_idle=walks)
    lanes = Lanes(memory, 3, aside_bytes=aside)
    for tokens in threads:
        while len(lanes.busy) >= stay:
            lanes.release(lanes.busy[0])
        lane = lanes.seat(generation(tokens))
        assert lane.pending >= 1
        memory.evaluate(lane, lane.pending)
        assert memory.content[lane.sequence] == tokens
        for each in lanes.busy:
            assert memory.content[each.sequence] == each.tokens[: each.past]
        assert lanes.held >= sum(map(len, memory.content))


def test_the_second_turn_finds_the_first() -> None:
    memory = FakeMemory(2, can_cut=True)
    lanes = Lanes(memory, 2)
    first = lanes.seat(generation([1, 2, 3]))
    memory.evaluate(first, 3)
    lanes.release(first)
    other = lanes.seat(generation([9, 9]))
    memory.evaluate(other, 2)
    lanes.release(other)
    second = lanes.seat(generation([1, 2, 3, 4, 5]))
    assert second is first
    assert (second.past, second.pending) == (3, 2)


def test_a_short_common_beginning_is_borrowed_and_destroys_nothing() -> None:
    memory = FakeMemory(2, can_cut=True)
    lanes = Lanes(memory, 2)
    first = lanes.seat(generation([1, 2, *range(10, 40)]))
    memory.evaluate(first, first.pending)
    lanes.release(first)
    second = lanes.seat(generation([1, 2, 3]))
    assert second is not first
    assert second.past == 2
    assert memory.held(first.sequence) == 32


def test_all_known_still_leaves_one_token_to_evaluate() -> None:
    memory = FakeMemory(1, can_cut=True)
    lanes = Lanes(memory, 1)
    for _ in range(2):
        lane = lanes.seat(generation([1, 2, 3]))
        memory.evaluate(lane, lane.pending)
        lanes.release(lane)
    assert lanes.seat(generation([1, 2, 3])).pending == 1


def test_where_nothing_can_be_cut_one_returns_to_a_mark() -> None:
    memory = FakeMemory(1, can_cut=False)
    lanes = Lanes(memory, 1)
    lane = lanes.seat(generation([1, 2, 3, 4]))
    memory.evaluate(lane, 3)
    lanes.mark(lane)
    memory.evaluate(lane, 1)
    lanes.release(lane)
    assert lanes.seat(generation([1, 2, 3, 4])).past == 3
    lanes.release(lane)
    assert lanes.seat(generation([1, 2, 3, 9, 9])).past == 3
    lanes.release(lane)
    assert lanes.seat(generation([1, 7])).past == 0


def test_marks_have_a_budget_and_the_oldest_go_first() -> None:
    memory = FakeMemory(1, can_cut=False)
    lanes = Lanes(memory, 1, mark_bytes=8)
    lane = lanes.seat(generation(range(20)))
    for _ in range(6):
        memory.evaluate(lane, 2)
        lanes.mark(lane)
    assert sum(len(mark.state) for mark in lane.marks) <= 12
    assert lane.marks[-1].count == 12


@pytest.mark.parametrize(("can_cut", "expected"), [(True, 3), (False, 0)])
def test_after_an_abort_only_what_was_finished_counts(can_cut: bool, expected: int) -> None:
    memory = FakeMemory(1, can_cut=can_cut)
    lanes = Lanes(memory, 1)
    lane = lanes.seat(generation([1, 2, 3, 4, 5]))
    memory.content[0] += [1, 2, 3]  # part of an evaluation of five
    assert lanes.salvage(lane, 5) == expected
    assert lane.past == memory.held(0) == expected


def test_the_oldest_text_is_forgotten_first() -> None:
    memory = FakeMemory(2, can_cut=True)
    lanes = Lanes(memory, 2)
    seated = [lanes.seat(generation([number] * 4)) for number in (1, 2)]
    for lane in seated:
        memory.evaluate(lane, 4)
    assert not lanes.evict()
    for lane in seated:
        lanes.release(lane)
    assert lanes.evict()
    assert [memory.held(lane.sequence) for lane in seated] == [0, 4]


def asked(memory: FakeMemory, lanes: Lanes, tokens: Sequence[int]) -> Lane:
    """Seat an answer, evaluate its prompt, and let it leave."""
    lane = lanes.seat(generation(tokens))
    memory.evaluate(lane, lane.pending)
    lanes.release(lane)
    return lane


def test_idle_texts_wait_beside_a_memory_that_walks_over_them() -> None:
    memory = FakeMemory(3, can_cut=True, walks_over_idle=True)
    lanes = Lanes(memory, 3)
    first, second = asked(memory, lanes, [1] * 5), asked(memory, lanes, [2] * 6)
    assert (memory.held(first.sequence), memory.held(second.sequence)) == (0, 6)
    assert lanes.held == 11  # still known
    again = lanes.seat(generation([1] * 5 + [7]))
    assert (again, again.past) == (first, 5)
    assert memory.content[first.sequence] == [1] * 5
    assert memory.held(second.sequence) == 0


def test_a_beginning_is_borrowed_from_a_text_beside_the_memory() -> None:
    memory = FakeMemory(2, can_cut=True, walks_over_idle=True)
    lanes = Lanes(memory, 2)
    first = asked(memory, lanes, [1, 2, *range(10, 40)])
    second = lanes.seat(generation([1, 2, 3]))
    assert second is not first
    assert (second.past, memory.content[second.sequence]) == (2, [1, 2])
    assert memory.held(first.sequence) == 0
    assert first.past == 32


def test_what_finds_no_room_beside_the_memory_stays_inside() -> None:
    memory = FakeMemory(3, can_cut=True, walks_over_idle=True)
    lanes = Lanes(memory, 3, aside_bytes=7)
    first, second = asked(memory, lanes, [1] * 5), asked(memory, lanes, [2] * 6)
    third = asked(memory, lanes, [3] * 4)
    assert [memory.held(each.sequence) for each in (first, second, third)] == [0, 6, 4]
    assert lanes.evict()  # only what takes cells is worth forgetting
    assert [memory.held(each.sequence) for each in (first, second, third)] == [0, 0, 4]
    assert lanes.held == 9


def test_a_text_that_cannot_be_brought_back_is_read_again() -> None:
    class Forgetful(FakeMemory):
        def load(self, sequence: int, state: bytes | memoryview, count: int) -> bool:
            return False

    memory = Forgetful(2, can_cut=True, walks_over_idle=True)
    lanes = Lanes(memory, 2)
    first = asked(memory, lanes, [1] * 5)
    asked(memory, lanes, [2] * 5)
    again = lanes.seat(generation([1] * 5 + [7]))
    assert (again, again.past, again.pending) == (first, 0, 6)
    assert memory.held(first.sequence) == 0


def test_a_text_is_not_set_aside_while_it_is_worked_on() -> None:
    memory = FakeMemory(2, can_cut=True, walks_over_idle=True)
    lanes = Lanes(memory, 2)
    busy = lanes.seat(generation([1] * 5))
    memory.evaluate(busy, 5)
    lanes.seat(generation([2] * 5))
    assert memory.held(busy.sequence) == 5


def reading(*pending: int) -> list[Lane]:
    return [Lane(number, list(range(count))) for number, count in enumerate(pending)]


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8), st.integers(8, 200))
def test_an_evaluation_is_full_but_never_over(pending: list[int], rows: int) -> None:
    slices = compose(reading(*pending), Limits(rows, rows))
    used = sum(len(each.rows) for each in slices)
    assert used == min(rows, sum(pending))
    assert all(each.outputs == (len(each.tokens) == each.lane.pending) for each in slices)


def test_prompts_share_fairly_and_short_ones_leave_the_rest() -> None:
    slices = compose(reading(1000, 10, 1000), Limits(110, 110))
    assert [len(each.tokens) for each in slices] == [10, 50, 50]


def test_answers_come_first_and_limit_what_prompts_take() -> None:
    slices = compose(reading(500, 1), Limits(512, 64))
    assert [(len(each.tokens), each.outputs) for each in slices] == [(1, 1), (64, 0)]


def test_the_pace_keeps_reading_within_its_time() -> None:
    pace = Pace(target_s=0.2, least=32)
    assert pace.rows(512) == 128  # nothing is known yet
    pace.observe(100, 0.1)
    assert pace.rows(512) == 200
    pace.observe(1, 9.0)  # an answer's row says nothing about reading
    assert pace.rows(512) == 200
    for _ in range(30):
        pace.observe(100, 10.0)
    assert pace.rows(512) == 32


def test_rows_with_scores_are_limited_and_asked_for_by_the_prompt_alone() -> None:
    scored = generation(range(50))
    scored.order = replace(scored.order, prompt_logprobs=1)
    lanes = reading(50, 80)
    lanes[0].generation = scored
    slices = compose(lanes, Limits(100, 100, outputs=12))
    assert [(len(each.tokens), each.outputs) for each in slices] == [(10, 10), (80, 1)]


def test_how_far_the_memory_may_be_in_use_is_never_told_too_low() -> None:
    memory = FakeMemory(2, can_cut=True, walks_over_idle=True)
    lanes = Lanes(memory, 2)
    first = lanes.seat(generation([1] * 30))
    second = lanes.seat(generation([2] * 20))
    for lane in (first, second):
        memory.content[lane.sequence] = list(lane.tokens)
        lane.past = len(lane.tokens)
    assert lanes.reach(4) == 50 + 4 + 8
    lanes.unseat(first)  # it leaves a gap in front
    assert lanes.reach(1) == 54 + 2
    lanes.unseat(second)
    assert lanes.reach(1) == 1 + 2
