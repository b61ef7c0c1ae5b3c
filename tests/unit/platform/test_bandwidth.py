"""How fast memory is: what is counted, not how fast this computer is."""

from app.platform.bandwidth import measure

MIB = 1 << 20


class Clock:
    """Every other look at it a piece has been copied; some pieces were interrupted."""

    def __init__(self, step_s: float, slow_every: int = 0) -> None:
        self.now, self.looks = 0.0, 0
        self.step_s, self.slow_every = step_s, slow_every

    def __call__(self) -> float:
        self.looks += 1
        if self.looks % 2 == 0:
            piece = self.looks // 2
            slow = self.slow_every and piece % self.slow_every == 0
            self.now += self.step_s * (50 if slow else 1)
        return self.now


def test_a_copy_reads_and_writes() -> None:
    assert round(measure(1, 8 * MIB, Clock(0.001)) / MIB) == 4000


def test_pieces_that_were_interrupted_do_not_count() -> None:
    assert round(measure(1, 8 * MIB, Clock(0.001, slow_every=3)) / MIB) == 4000


def test_threads_add_up_and_something_is_measured_here() -> None:
    assert measure(2, 4 * MIB) > 0
    assert measure(1, 1) > 0, "no block is smaller than one piece"
