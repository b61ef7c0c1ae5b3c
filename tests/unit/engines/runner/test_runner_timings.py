"""What an answer's timings count: every draft, the last one too, and all choices together."""

from collections.abc import Sequence
from typing import Any

import pytest

from app.domain.generation import Timings
from app.domain.models import Sampling
from app.engines.runner.answers import total
from app.engines.runner.context import AbortFlag
from app.engines.runner.desk import Desk
from app.engines.runner.drafting import Drafting
from app.engines.runner.generation import Generation, Order, Speech
from app.engines.runner.outbox import Ended, Outbox
from app.engines.runner.scheduler import Scheduler
from app.engines.runner.status import Counters
from app.engines.speculation.costs import Costs
from app.engines.speculation.prediction import Prediction
from app.engines.speculation.speculator import Speculator
from app.engines.speculation.tuner import Tuner
from tests.unit.engines.runner.fake_context import FakeContext

FLAT = {1: 1.0, 2: 1.05, 4: 1.1, 8: 1.2, 16: 1.5}
END = 99
PROMPT = (1, 2, 3)


def answered(predicted: Sequence[int], **limits: Any) -> tuple[Timings, Counters]:
    """Let the model answer with a prediction; return what is told at the end."""
    tuner, outbox, counters = Tuner(Costs.of_ratios(FLAT)), Outbox(lambda: None), Counters()
    source = Prediction(tuple(predicted), len(PROMPT), lambda _: True)
    drafter = Speculator(tuner, [source], len(PROMPT))
    order = Order(PROMPT, Sampling(temperature=0, seed=1, **limits))
    speech = Speech(lambda _: b"x", lambda _: b"x", lambda token: token == END)
    ended = counters.ended
    generation = Generation(order, speech, outbox, lambda: 0.0, 1000, drafter, ended)
    desk: Desk[Generation] = Desk(AbortFlag())
    context: Any = FakeContext()
    drafting = Drafting(off="", tuner=tuner)
    scheduler = Scheduler(context, desk, counters, sequences=1, drafting=drafting)
    desk.submit(generation)
    while scheduler.step():
        pass
    (last,) = (each for each in outbox.drain() if isinstance(each, Ended))
    return last.timings, counters


@pytest.mark.parametrize(
    ("predicted", "limits"),
    [
        (range(4, 99), {}),  # the model ends it
        ([*range(4, 90), *[7] * 20], {"max_tokens": 92}),  # a limit does, behind a wrong draft
        (range(4, 60), {"max_tokens": 20}),
        (range(4, 12), {"max_tokens": 8}),
    ],
)
def test_the_last_draft_is_counted(predicted: Sequence[int], limits: dict[str, int]) -> None:
    timings, counters = answered(predicted, **limits)
    assert timings.draft_n > 0
    assert timings.drafters == {"prediction": (timings.draft_n, timings.draft_n_accepted)}
    assert (counters.drafted, counters.accepted) == timings.drafters["prediction"]
    assert sum(counters.requests.values()) == 1


def test_choices_add_up() -> None:
    one = Timings(predicted_n=4, predicted_steps=2, draft_n=3, draft_n_accepted=2)
    one = one.model_copy(update={"drafters": {"lookup": (3, 2)}})
    other = one.model_copy(update={"drafters": {"lookup": (1, 0), "prediction": (2, 2)}})
    both = total([one, other])
    assert both.drafters == {"lookup": (4, 2), "prediction": (2, 2)}
    assert (both.predicted_steps, both.draft_n, both.draft_n_accepted) == (4, 6, 4)
    assert total([one]) is one
