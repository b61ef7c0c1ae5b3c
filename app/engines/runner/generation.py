"""One answer in the making: its tokens, its text, its limits and its clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.domain.generation import PromptProgress, Timings
from app.domain.models import Sampling
from app.engines.runner.constraint import FREE, Constraint, Rules
from app.engines.runner.outbox import Broken, Ended, Outbox, Reading
from app.engines.runner.sampling import (
    NO_TOKEN,
    Allows,
    Bias,
    Sampler,
    TokenScores,
    token_scores,
    top_logprobs,
)
from app.engines.runner.splitter import PLAIN, Outline, Splitter
from app.engines.runner.text import AnswerText, Emission, TokenScore
from app.engines.speculation.base import Drafter, NoDrafter


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: the prompt's tokens, how to choose, what to tell apart, what to report.

    `closing` are the tokens that end the thoughts when their budget is used up or somebody says so.
    """

    prompt: tuple[int, ...]
    sampling: Sampling
    bias: Bias = ()
    rules: Rules = FREE
    outline: Outline = PLAIN
    closing: tuple[int, ...] = ()
    logprobs: bool = False
    top_logprobs: int = 0
    progress: bool = False
    prompt_logprobs: int | None = None  # how many likely tokens to tell at each place of the prompt

    def choice(self, place: int) -> "Order":
        """Return the order of one of several choices: the same prompt, read once, another seed."""
        seed = (self.sampling.seed or 0) + place
        sampling = self.sampling.model_copy(update={"seed": seed})
        return replace(self, sampling=sampling, prompt_logprobs=None) if place else self


@dataclass(slots=True)
class Tally:
    """Marks on the clock and counts, from which the timings are made."""

    cached: int = 0
    evaluated: int = 0
    predicted: int = 0
    drafted: int = 0
    draft_accepted: int = 0
    ties: int = 0
    steps: int = 0
    begun: float | None = None
    first_token: float | None = None
    ended: float = 0.0

    def timings(self, drafters: dict[str, tuple[int, int]]) -> Timings:
        """Return the measurements in llama.cpp's names."""
        begun = self.ended if self.begun is None else self.begun
        first = self.ended if self.first_token is None else self.first_token
        prompt, predicted = first - begun, self.ended - first
        return Timings(
            cache_n=self.cached,
            prompt_n=self.evaluated,
            prompt_ms=prompt * 1000,
            prompt_per_second=self.evaluated / prompt if prompt > 0 else 0.0,
            predicted_n=self.predicted,
            predicted_ms=predicted * 1000,
            predicted_per_second=self.predicted / predicted if predicted > 0 else 0.0,
            draft_n=self.drafted,
            draft_n_accepted=self.draft_accepted,
            draft_ties=self.ties,
            predicted_steps=self.steps,
            drafters=drafters,
        )


@dataclass(frozen=True, slots=True)
class Speech:
    """What an answer needs to know of the model: the bytes of a token, and what ends it."""

    piece: Callable[[int], bytes]
    spelled: Callable[[int], bytes]  # control tokens have bytes here
    ends: Callable[[int], bool]


@dataclass(eq=False)
class Generation:
    """An answer on its way; the owner's thread alone changes it, except for `cancelled`."""

    order: Order
    speech: Speech
    outbox: Outbox
    clock: Callable[[], float]
    room: int  # how many tokens prompt and answer may have together
    drafter: Drafter = field(default_factory=NoDrafter)
    on_end: Callable[[str, Tally], None] = lambda _reason, _tally: None
    cancelled: bool = False

    def __post_init__(self) -> None:
        self.tokens = list(self.order.prompt)
        self.tally = Tally()
        self.finish_reason = ""
        self._sampler = Sampler(self.order.sampling, self.order.bias)
        thinking = self.order.outline.thinking
        self._constraint = Constraint(
            self.order.rules, thinking=thinking is not None and thinking.begun
        )
        self._splitter = Splitter(self.order.outline, self._constraint)
        self._text = AnswerText(self._splitter, self.order.sampling.stop)
        self._thoughts_left = thinking.budget if thinking else None
        self._forced: list[int] = []
        self._prompt_scores: dict[int, TokenScores] = {}
        self._limit_thoughts(0)

    @property
    def started(self) -> bool:
        """Whether the answer has begun."""
        return self.tally.first_token is not None

    @property
    def left(self) -> int:
        """How many tokens may still come."""
        wished = self.order.sampling.max_tokens - self.tally.predicted
        return min(wished, self.room - len(self.tokens))

    def begin(self, cached: int) -> None:
        """The prompt is read from here on; `cached` of its tokens are there already."""
        if self.tally.begun is None:
            self.tally.begun = self.clock()
            self.tally.cached = cached

    def read(self, count: int, processed: int) -> None:
        """`count` more tokens were evaluated, `processed` are done."""
        if self.started:
            return
        self.tally.evaluated += count
        if self.order.progress:
            total = len(self.order.prompt)
            progress = PromptProgress(total=total, processed=processed, cache=self.tally.cached)
            elapsed = self.clock() - (self.tally.begun or 0.0)
            self.outbox.push(Reading(progress, elapsed * 1000))

    @property
    def scores_prompt(self) -> bool:
        """Whether the scores of the prompt's tokens are still to be taken."""
        return self.order.prompt_logprobs is not None and not self.started

    def score_prompt(self, place: int, logits: NDArray[np.float32]) -> None:
        """Take the score of the prompt's token behind `place`."""
        if self.order.prompt_logprobs is None or place + 1 >= len(self.order.prompt):
            return
        own = self.order.prompt[place + 1]
        self._prompt_scores[place + 1] = token_scores(logits, own, self.order.prompt_logprobs)

    def choose(self, logits: NDArray[np.float32]) -> tuple[int, TokenScore | None]:
        """Choose the next token from raw scores, and its score where asked for."""
        if self._forced:
            token = self._forced.pop(0)
        else:
            token = self._sampler.choose(logits, self.tokens, self._allows)
        if token == NO_TOKEN:
            self.fail(500, "grammar_stuck", "The grammar allows nothing this model can write here.")
            return token, None
        if not self.order.logprobs:
            return token, None
        own, best = top_logprobs(logits, token, self.order.top_logprobs)
        spelled = self.speech.spelled
        top = tuple((spelled(each), score) for each, score in best)
        return token, TokenScore(spelled(token), own, top)

    def is_tie(self, logits: NDArray[np.float32], tolerance: float) -> bool:
        """Whether the likeliest token may be another one when scored by itself."""
        return not self._forced and self._sampler.ties(logits, self.tokens, tolerance, self._allows)

    @property
    def _allows(self) -> Allows | None:
        return self._constraint.allows if self._constraint.active else None

    def keep(self, token: int, score: TokenScore | None) -> bool:
        """Take a token into the answer; False when the answer ended with it."""
        if self.tally.first_token is None:
            self.tally.first_token = self.clock()
        if self.speech.ends(token):
            self.finish("stop")
            return False
        self.tokens.append(token)
        self.tally.predicted += 1
        self._constraint.accept(token)
        self._show(self._text.push(self.speech.piece(token), score))
        self._limit_thoughts(1)
        if self._text.stopped or self._called_enough:
            self.finish("stop")
        elif self.left <= 0:
            self.finish("length")
        return not self.finish_reason

    @property
    def _called_enough(self) -> bool:
        """Whether the one call that was asked for is complete."""
        one = not self.order.outline.parallel and self._splitter.calls > 0
        return one and self._splitter.channel != "call"

    def _limit_thoughts(self, count: int) -> None:
        """Count tokens of thoughts; when there may be no more, the closing tag comes next."""
        if self._thoughts_left is None or self._splitter.channel != "reasoning":
            return
        self._thoughts_left -= count
        if self._thoughts_left <= 0:
            self._thoughts_left = None
            self._forced = list(self.order.closing)

    def end_thoughts(self) -> bool:
        """Let the answer go on to its words; False when it is not thinking."""
        if self.finish_reason or self._forced or self._splitter.channel != "reasoning":
            return False
        self._thoughts_left = None
        self._forced = list(self.order.closing)
        return True

    def finish(self, reason: str) -> None:
        """End the words; `conclude` tells how it went."""
        self._show(self._text.close())
        if reason == "stop" and self._splitter.calls:
            reason = "tool_calls"
        self.tally.ended = self.clock()
        self.finish_reason = reason

    def conclude(self) -> None:
        """Say how the answer went, once its drafter knows what came of the last draft, too."""
        self.on_end(self.finish_reason, self.tally)
        timings = self.tally.timings(self.drafter.counts())
        scores, prompt = self._prompt_scores, len(self.order.prompt)
        told = tuple(scores.get(place) for place in range(prompt)) if scores else ()
        self.outbox.push(Ended(self.finish_reason, prompt, timings, told))

    def fail(self, status: int, code: str, message: str) -> None:
        """End without an answer."""
        self.finish_reason = "error"
        self.on_end("error", self.tally)
        self.outbox.push(Broken(status, code, message))

    def _show(self, emissions: Sequence[Emission]) -> None:
        for emission in emissions:
            self.outbox.push(emission)
