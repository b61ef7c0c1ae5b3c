"""The measurement itself: fresh texts, enough tokens, and who tells too little."""

from random import Random
from typing import Any

import pytest

from app.domain.errors import BenchFailed
from app.models.benching.rounds import READ, ROUNDS, WRITTEN, Rounds
from tests.unit.models.benching.stage import FakeClient


def rounds(client: FakeClient, context: int = 4096) -> Rounds:
    engine: Any = client
    return Rounds(engine, context, Random(1))


async def measured(client: FakeClient, context: int = 4096) -> list[float]:
    told: list[float] = []
    found = rounds(client, context)
    await found.warm()
    await found.rates(told.append)
    return told


async def test_no_text_comes_twice() -> None:
    client = FakeClient()
    told = await measured(client)
    assert len(client.asked) == len(set(client.asked)) == 1 + ROUNDS
    assert [len(text.split()) for text in client.asked] == [READ] * (1 + ROUNDS)
    assert told == [0.0, pytest.approx(1 / 3), pytest.approx(2 / 3)]


async def test_a_text_and_its_answer_fit_into_a_small_window() -> None:
    client = FakeClient()
    await measured(client, context=256)
    assert max(len(text.split()) for text in client.asked) <= 256 - WRITTEN


async def test_short_answers_are_asked_for_until_enough_was_written() -> None:
    client = FakeClient(writes=8)
    await measured(client)
    assert len(client.asked) - 1 == WRITTEN // 8
    assert len(client.asked[-1].split()) < READ


async def test_a_model_that_writes_nothing_is_said() -> None:
    with pytest.raises(BenchFailed, match="each of its answers at once"):
        await measured(FakeClient(writes=1))


async def test_an_engine_that_tells_no_times_is_said() -> None:
    with pytest.raises(BenchFailed, match="does not say how long"):
        await measured(FakeClient(tells=False))
