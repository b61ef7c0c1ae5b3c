"""One answer in the making: its tokens, its text, its limits and its clock."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.domain.generation import PromptProgress, Timings
from app.domain.models import Sampling
from app.engines.runner.outbox import Broken, Ended, Outbox, Reading
from app.engines.runner.sampling import Sampler, top_logprobs
from app.engines.runner.text import AnswerText, Emission, TokenScore
from app.engines.speculation.base import Drafter, NoDrafter


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: the prompt's tokens, how to choose, and what to report."""

    prompt: tuple[int, ...]
    sampling: Sampling
    logprobs: bool = False
    top_logprobs: int = 0
    progress: bool = False


@dataclass(slots=True)
class Tally:
    """Marks on the clock and counts, from which the timings are made."""

    cached: int = 0
    evaluated: int = 0
    predicted: int = 0
    drafted: int = 0
    draft_accepted: int = 0
    ties: int = 0
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
    cancelled: bool = False

    def __post_init__(self) -> None:
        self.tokens = list(self.order.prompt)
        self.tally = Tally()
        self.finish_reason = ""
        self.undrafted = False  # the next token is to be scored by itself
        self._sampler = Sampler(self.order.sampling)
        self._text = AnswerText(self.order.sampling.stop)

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

    def choose(self, logits: NDArray[np.float32]) -> tuple[int, TokenScore | None]:
        """Choose the next token from raw scores, and its score where asked for."""
        token = self._sampler.choose(logits, self.tokens)
        if not self.order.logprobs:
            return token, None
        own, best = top_logprobs(logits, token, self.order.top_logprobs)
        spelled = self.speech.spelled
        top = tuple((spelled(each), score) for each, score in best)
        return token, TokenScore(spelled(token), own, top)

    def is_tie(self, logits: NDArray[np.float32], tolerance: float) -> bool:
        """Whether the likeliest token may be another one when scored by itself."""
        return self._sampler.ties(logits, self.tokens, tolerance)

    def keep(self, token: int, score: TokenScore | None) -> bool:
        """Take a token into the answer; False when the answer ended with it."""
        if self.tally.first_token is None:
            self.tally.first_token = self.clock()
        if self.speech.ends(token):
            self.finish("stop")
            return False
        self.tokens.append(token)
        self.tally.predicted += 1
        self._show(self._text.push(self.speech.piece(token), score))
        if self._text.stopped:
            self.finish("stop")
        elif self.left <= 0:
            self.finish("length")
        return not self.finish_reason

    def finish(self, reason: str) -> None:
        """End the answer and say how it went."""
        self._show(self._text.close())
        self.tally.ended = self.clock()
        self.finish_reason = reason
        self.outbox.push(
            Ended(reason, len(self.order.prompt), self.tally.timings(self.drafter.counts()))
        )

    def fail(self, status: int, code: str, message: str) -> None:
        """End without an answer."""
        self.finish_reason = "error"
        self.outbox.push(Broken(status, code, message))

    def _show(self, emission: Emission) -> None:
        if emission.text or emission.scores:
            self.outbox.push(emission)
