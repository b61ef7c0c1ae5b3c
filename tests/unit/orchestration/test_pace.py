"""How fast an answer grows is told a few times a second, whatever the clock does."""

from collections.abc import AsyncGenerator

import pytest

from app.domain.events import Pace
from app.domain.generation import ChatRequest, Chunk, TextChunk, TokenLogprob
from app.orchestration.conductor import Wishes
from tests.unit.orchestration.fakes import FINAL, FakeEngine, Stage, user

TOKEN = TokenLogprob(token="a", logprob=-0.1)


class Slow(FakeEngine):
    """Takes some of the stage's time before every piece."""

    def __init__(self, *steps: float) -> None:
        super().__init__()
        self.steps = steps
        self.stage: Stage

    async def chat(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        for step in self.steps:
            self.stage.now += step
            yield TextChunk(text="a ", logprobs=(TOKEN,))
        yield FINAL


@pytest.mark.parametrize(
    ("steps", "paces"),
    [
        ((1.0, 0.1, 0.1, 0.1), [10.0]),  # what came before the first token was reading
        ((0.0, 0.5, 0.5), [2.0, 2.0]),
        ((0.0, 0.1), []),
        ((0.0, -50.0, 0.5), [2.0]),  # a clock that jumps back begins anew
    ],
)
async def test_the_pace_is_told(steps: tuple[float, ...], paces: list[float]) -> None:
    engine = Slow(*steps)
    stage = engine.stage = Stage(engine)
    await stage.turns.send((user("hello"),), Wishes(role="front")).wait()
    told = [event for event in stage.said if isinstance(event, Pace)]
    assert [round(each.tokens_per_second, 6) for each in told] == paces
    assert {each.role for each in told} <= {"front"}
    await stage.tasks.close(1)
