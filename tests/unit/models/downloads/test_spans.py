"""Stretches: every missing byte is somebody's, and nobody's twice."""

import random

from hypothesis import given
from hypothesis import strategies as st

from app.models.downloads.pieces import PIECE
from app.models.downloads.spans import STRETCH, Span, Spans


@given(
    st.lists(st.integers(1, 40 * PIECE), min_size=1, max_size=6),
    st.integers(1, 6),
    st.integers(0, 10**6),
)
def test_every_byte_once(lengths: list[int], connections: int, seed: int) -> None:
    gaps, at = [], 0
    for length in lengths:
        gaps.append((at, at + length))
        at += length + PIECE
    chance = random.Random(seed)
    spans = Spans(gaps, connections)
    held: list[Span] = []
    got = 0
    while True:
        while len(held) < connections and (span := spans.take()) is not None:
            held.append(span)
        if not held:
            break
        span = chance.choice(held)
        step = min(span.left, chance.randrange(1, 8 * PIECE))
        span.start += step
        got += step
        if not span.left or chance.random() < 0.1:
            held.remove(span)
            spans.give_back(span)
    assert got == sum(lengths)


def test_stretches_are_in_order_and_shorter_towards_the_end() -> None:
    spans = Spans([(0, 500 * PIECE)], 4)
    taken = []
    while (span := spans.take()) is not None:
        taken.append((span.start, span.end))
        span.start = span.end
        spans.give_back(span)
    assert taken[0] == (0, STRETCH)
    assert [end for _, end in taken[:-1]] == [start for start, _ in taken[1:]]
    lengths = [end - start for start, end in taken]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] <= 2 * PIECE


def test_the_idle_take_half_of_what_the_slowest_has() -> None:
    spans = Spans([(0, 16 * PIECE)], 1)
    slow = spans.take()
    assert slow is not None
    slow.start += 100
    half = spans.take()
    assert half is not None
    assert (slow.end, half.start, half.end) == (8 * PIECE, 8 * PIECE, 16 * PIECE)
    slow.start = slow.end - 3 * PIECE
    half.start = half.end - PIECE
    assert spans.take() is None
