"""Who answered a conversation goes on with it, unless somebody is worth the change."""

from app.orchestration.router.sticky import IDLE_S, MARGIN, MOST, Sticky, stays


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_same_kind_of_task_lately_stays() -> None:
    clock = Clock()
    sticky = Sticky(clock)
    sticky.note("c", "worker", "math")
    assert sticky.of("c", "math") == "worker"
    assert sticky.of("c", "code") is None
    assert sticky.of("other", "math") is None
    clock.now += IDLE_S + 1
    assert sticky.of("c", "math") is None


def test_a_clock_that_jumped_back_sets_free() -> None:
    clock = Clock()
    sticky = Sticky(clock)
    sticky.note("c", "worker", "math")
    clock.now -= 1e9
    assert sticky.of("c", "math") is None


def test_who_answered_is_known_however_long_ago() -> None:
    clock = Clock()
    sticky = Sticky(clock)
    sticky.note("c", "worker", "math", "key")
    clock.now += 1e6
    last = sticky.last("c")
    assert last is not None
    assert (last.role, last.question) == ("worker", "key")


def test_turns_of_no_conversation_are_not_kept_and_old_ones_go() -> None:
    sticky = Sticky(Clock())
    sticky.note("", "worker", "math")
    assert sticky.last("") is None
    for number in range(MOST + 5):
        sticky.note(str(number), "worker", "math")
    assert sticky.last("0") is None
    assert sticky.last(str(MOST)) is not None


def test_the_gain_has_to_beat_margin_and_reading() -> None:
    assert stays(MARGIN - 0.01, 0.0)
    assert not stays(MARGIN, 0.0)
    assert stays(MARGIN + 0.01, 0.02)
