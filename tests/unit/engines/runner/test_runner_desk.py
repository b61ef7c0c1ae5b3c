"""Requests come in order, and a withdrawal reaches them wherever they are."""

import threading
from dataclasses import dataclass

from app.engines.runner.desk import Desk


@dataclass(eq=False)
class Wish:
    cancelled: bool = False


def desk() -> tuple[Desk[Wish], threading.Event]:
    stopper = threading.Event()
    return Desk[Wish](stopper), stopper


def test_first_come_first_served() -> None:
    counter, _ = desk()
    wishes = [Wish() for _ in range(3)]
    for wish in wishes:
        counter.submit(wish)
    assert counter.queued == 3
    assert counter.peek() is wishes[0]
    assert [counter.take() for _ in range(4)] == [*wishes, None]


def test_who_had_begun_waits_in_front() -> None:
    counter, _ = desk()
    first, second = Wish(), Wish()
    counter.submit(second)
    counter.put_back(first)
    assert counter.take() is first
    counter.put_back(Wish(cancelled=True))
    assert counter.take() is second


def test_a_withdrawn_wish_leaves_the_queue() -> None:
    counter, stopper = desk()
    wish = Wish()
    counter.submit(wish)
    counter.withdraw(wish)
    assert wish.cancelled
    assert counter.take() is None
    assert not stopper.is_set()


def test_withdrawing_stops_the_evaluation_it_is_part_of() -> None:
    counter, stopper = desk()
    wish, other = Wish(), Wish()
    counter.starting([wish])
    counter.withdraw(other)
    assert not stopper.is_set()
    counter.withdraw(wish)
    assert stopper.is_set()
    counter.finished()
    counter.starting([other])
    assert stopper.is_set()  # withdrawn before it started


def test_an_old_stop_does_not_reach_the_next_evaluation() -> None:
    counter, stopper = desk()
    wish = Wish()
    counter.starting([wish])
    counter.withdraw(wish)
    counter.finished()
    counter.starting([Wish()])
    assert not stopper.is_set()


def test_closing_wakes_and_stops_everything() -> None:
    counter, stopper = desk()
    woken = threading.Thread(target=counter.wait)
    woken.start()
    counter.close()
    woken.join(10)
    assert not woken.is_alive()
    counter.starting([Wish()])
    assert stopper.is_set()


def test_errands_wake_the_owner_and_bring_their_result() -> None:
    counter, _ = desk()
    woken = threading.Thread(target=counter.wait)
    woken.start()
    result = counter.call(lambda: 42)
    woken.join(10)
    assert not woken.is_alive()
    for errand in counter.errands():
        errand()
    assert result.result(0) == 42
    assert counter.errands() == []


def test_an_errand_nobody_waits_for_any_more_is_left_undone() -> None:
    counter, _ = desk()
    done: list[int] = []
    assert counter.call(lambda: done.append(1)).cancel()
    for errand in counter.errands():
        errand()
    assert done == []
