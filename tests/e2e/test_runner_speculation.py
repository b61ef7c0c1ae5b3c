"""A draft never changes an answer: a real model, a scripted drafter, the step loop in between."""

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from app.domain.models import Sampling
from app.engines.runner.context import AbortFlag, Context, Shape
from app.engines.runner.desk import Desk
from app.engines.runner.drafting import TOLERANCE, Drafting
from app.engines.runner.generation import Generation, Order, Speech
from app.engines.runner.library import LogTap, load
from app.engines.runner.model import Model
from app.engines.runner.outbox import Ended, Message, Outbox
from app.engines.runner.scheduler import Scheduler
from app.engines.runner.status import Counters
from app.engines.runner.text import Emission, TokenScore
from app.engines.speculation.base import Draft, Drafter, NoDrafter
from tests.e2e.test_runner_harness import FRONT

PROMPT = "<|im_start|>user\nWhat is the capital of Japan?<|im_end|>\n<|im_start|>assistant\n"
OTHER = "<|im_start|>user\nWrite a Python function that adds two numbers.<|im_end|>\n"
DRAFT = 6


class Scripted:
    """Drafts a known continuation, wrong at every third place if told so."""

    def __init__(self, prompt: int, known: Sequence[int], *, wrong: bool) -> None:
        self._prompt = prompt
        self._known = [
            0 if wrong and place % 3 == 2 else token for place, token in enumerate(known)
        ]
        self.outcomes: list[tuple[int, int]] = []
        self.ties = 0

    def propose(self, context: Sequence[int], limit: int) -> Draft:
        start = len(context) - self._prompt
        tokens = tuple(self._known[start : start + min(limit, DRAFT)])
        return Draft(tokens, (1.0,) * len(tokens))

    def accepted(self, drafted: int, kept: int, ties: int = 0) -> None:
        self.outcomes.append((drafted, kept))
        self.ties += ties

    def took(self, milliseconds: float) -> None:
        assert milliseconds > 0

    def counts(self) -> dict[str, tuple[int, int]]:
        return {"scripted": (sum(d for d, _ in self.outcomes), sum(k for _, k in self.outcomes))}


class Bench:
    """The step loop without process and HTTP."""

    def __init__(self, path: Path) -> None:
        native = load()
        self.tap = LogTap(native, lambda _line: None, verbose=False, hushed=lambda: True)
        self.model = Model(native, path, self.tap, lambda _fraction: None)
        shape = Shape(
            context=1024,
            sequences=3,
            threads=1,
            batch=64,
            ubatch=64,
            outputs=3 * (DRAFT + 1),
            scratch=True,
        )
        abort = AbortFlag()
        self.context = Context(self.model, shape, self.tap, abort)
        self.desk: Desk[Generation] = Desk(abort)
        self.counters = Counters()
        drafting = self.drafting = Drafting(off="")
        self.scheduler = Scheduler(
            self.context, self.desk, self.counters, sequences=3, drafting=drafting
        )

    def tokens(self, text: str) -> tuple[int, ...]:
        return tuple(self.model.tokenize(text, add_special=False, parse_special=True))

    def ask(self, prompt: str, drafter: Drafter, **sampling: object) -> Generation:
        plan = {"temperature": 0, "max_tokens": 60, "seed": 5, **sampling}
        # An answer that goes on as long as it may, whatever the model would like to say.
        on = tuple((end, -100.0) for end in range(self.model.n_vocab) if self.model.ends(end))
        order = Order(self.tokens(prompt), Sampling.model_validate(plan), bias=on, logprobs=True)
        speech = Speech(self.model.piece, self.model.piece, self.model.ends)
        outbox = Outbox(threading.Event().set)
        generation = Generation(order, speech, outbox, time.perf_counter, 1024, drafter)
        self.desk.submit(generation)
        return generation

    def run(self, *generations: Generation) -> list[list[Message]]:
        while self.scheduler.step():
            pass
        return [generation.outbox.drain() for generation in generations]

    def close(self) -> None:
        self.context.close()
        self.model.close()
        self.tap.close()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench(FRONT)
    yield made
    made.close()


def text(messages: list[Message]) -> str:
    return "".join(each.text for each in messages if isinstance(each, Emission))


def scores(messages: list[Message]) -> list[TokenScore]:
    return [score for each in messages if isinstance(each, Emission) for score in each.scores]


def ended(messages: list[Message]) -> Ended:
    assert isinstance(messages[-1], Ended)
    return messages[-1]


def continuation(bench: Bench, prompt: str, **sampling: object) -> tuple[list[int], list[Message]]:
    generation = bench.ask(prompt, NoDrafter(), **sampling)
    (messages,) = bench.run(generation)
    return generation.tokens[len(generation.order.prompt) :], messages


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize(
    "sampling",
    [{}, {"stop": ()}, {"max_tokens": 9}, {"temperature": 1.0, "top_k": 20}],
    ids=["greedy", "stop", "limit", "sampled"],
)
def test_an_answer_is_the_same_with_a_draft(
    bench: Bench, wrong: bool, sampling: dict[str, object]
) -> None:
    if "stop" in sampling:
        said = text(continuation(bench, PROMPT)[1])
        sampling = {"stop": (said[len(said) // 2 :][:9],)}
    known, plain = continuation(bench, PROMPT, **sampling)
    drafter = Scripted(len(bench.tokens(PROMPT)), known, wrong=wrong)
    before = bench.counters.steps
    generation = bench.ask(PROMPT, drafter, **sampling)
    (messages,) = bench.run(generation)
    assert generation.tokens[len(generation.order.prompt) :] == known
    assert text(messages) == text(plain)
    assert ended(messages).finish_reason == ended(plain).finish_reason
    assert [score.piece for score in scores(messages)] == [score.piece for score in scores(plain)]
    assert [score.logprob for score in scores(messages)] == pytest.approx(
        [score.logprob for score in scores(plain)], abs=0.05
    )
    timings = ended(messages).timings
    assert drafter.counts() == {"scripted": (timings.draft_n, timings.draft_n_accepted)}
    assert timings.drafters == drafter.counts()  # the last draft is in it
    if wrong:
        assert timings.draft_n_accepted < timings.draft_n
    else:
        assert timings.draft_n_accepted == timings.draft_n > 0
        assert bench.counters.steps - before < len(known)


def test_several_answers_draft_at_once(bench: Bench) -> None:
    prompts = [PROMPT, OTHER, PROMPT]
    plain = [continuation(bench, prompt)[0] for prompt in prompts]
    generations = [
        bench.ask(prompt, Scripted(len(bench.tokens(prompt)), known, wrong=place == 1))
        for place, (prompt, known) in enumerate(zip(prompts, plain, strict=True))
    ]
    bench.run(*generations)
    assert [each.tokens[len(each.order.prompt) :] for each in generations] == plain


def test_places_that_are_ties_are_scored_again_and_what_follows_them_stands(bench: Bench) -> None:
    prompts = [PROMPT, OTHER]
    plain = [continuation(bench, prompt)[0] for prompt in prompts]
    drafters = [
        Scripted(len(bench.tokens(prompt)), known, wrong=place == 1)
        for place, (prompt, known) in enumerate(zip(prompts, plain, strict=True))
    ]
    pairs = zip(prompts, drafters, strict=True)
    before = bench.counters.steps
    bench.drafting.tolerance_short = bench.drafting.tolerance = 1e9  # no lead is large enough
    try:
        generations = [bench.ask(prompt, drafter) for prompt, drafter in pairs]
        told = [ended(messages).timings for messages in bench.run(*generations)]
    finally:
        bench.drafting.tolerance_short = bench.drafting.tolerance = TOLERANCE
    assert [each.tokens[len(each.order.prompt) :] for each in generations] == plain
    assert [each.draft_ties for each in told] == [each.ties for each in drafters]
    assert told[0].draft_n_accepted == told[0].draft_n > 0
    assert told[0].draft_ties >= told[0].draft_n
    assert bench.counters.steps - before < len(plain[1])
