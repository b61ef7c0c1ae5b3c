"""Lets a larger model that is in memory anyway read an answer and say in one word if it is right.

It reads and writes a single token, so it costs a fraction of answering itself, where reading is
much faster than writing. Its word counts only once it has shown that it can tell right from wrong.
"""

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite, log
from typing import Final

from app.domain.chat import ChatMessage
from app.domain.doctor import Condition, Mechanism
from app.domain.errors import AppError

log_of = logging.getLogger(__name__)

# It has to tell right from wrong at least so well, seen on so many answers.
LEAST_POWER: Final = 0.3
LEAST_CASES: Final = 60
KEPT: Final = 400  # newest cases of a reader
# Reading an answer may cost at most this share of answering anew.
WORTHWHILE: Final = 0.7
# How many likely first tokens are asked for: both words in all their spellings.
TOP: Final = 20
# The two words have to hold so much of the probability, or the reader did not answer the question.
LEAST_HELD: Final = 0.1
LONGEST: Final = 20_000  # characters of an answer that is read
_SMOOTHING: Final = 1.0

_YES: Final = frozenset({"yes", "ja"})
_NO: Final = frozenset({"no", "nein"})
_QUESTION: Final = "Is the answer above correct? Reply with Yes or No only."

# Asks a model to go on for one token; returns the likeliest first tokens with log-probabilities.
Reading = Callable[[str, Sequence[ChatMessage], int], Awaitable[Mapping[str, float]]]


def verdict_thread(thread: Sequence[ChatMessage], answer: str) -> tuple[ChatMessage, ...]:
    """Return what is read; it begins like the thread, so that what was read of that is reused.

    If the answer is rejected, the reader has read the thread already when it is to answer.
    """
    return (
        *thread,
        ChatMessage(role="assistant", content=answer[:LONGEST] or " "),
        ChatMessage(role="user", content=_QUESTION),
    )


def probability_of_yes(first: Mapping[str, float]) -> float | None:
    """Return P(Yes) / (P(Yes) + P(No)) over all spellings; None if neither is likely."""
    yes = no = 0.0
    for token, logprob in first.items():
        word = token.strip(" \t\n\r\"'*.,!\u2581\u0120").casefold()
        chance = exp(min(0.0, logprob)) if isfinite(logprob) else 0.0
        yes += chance if word in _YES else 0.0
        no += chance if word in _NO else 0.0
    held = yes + no
    return yes / held if held >= LEAST_HELD else None


@dataclass(frozen=True, slots=True)
class Power:
    """How well a reader tells right from wrong, on answers whose truth is known.

    `hits`: the share of right answers it calls right; `slips`: of wrong ones it calls right.
    """

    hits: float = 0.5
    slips: float = 0.5
    count: int = 0

    @property
    def may_gate(self) -> bool:
        """Whether its word may decide about answers."""
        return self.count >= LEAST_CASES and self.hits - self.slips > LEAST_POWER

    def weighed(self, probability: float, yes: float) -> float:
        """Return the probability that an answer is right after the reader's word."""
        if not self.may_gate:
            return probability
        sure = min(max(probability, 1e-4), 1 - 1e-4)
        said = yes >= 0.5
        of_right, of_wrong = (self.hits, self.slips) if said else (1 - self.hits, 1 - self.slips)
        odds = log(sure / (1 - sure)) + log(max(of_right, 1e-3) / max(of_wrong, 1e-3))
        return 1 / (1 + exp(-odds))

    def corrected(self, share: float) -> float:
        """Return which share of answers is right if the reader calls `share` of them right."""
        if not self.may_gate:
            return share
        return min(1.0, max(0.0, (share - self.slips) / (self.hits - self.slips)))


@dataclass(frozen=True, slots=True)
class Costs:
    """What reading would cost instead of answering.

    `kappa`: how many times as fast the reader reads as it writes. `accepted`: the share of answers
    it calls right.
    """

    prompt_tokens: float
    answer_tokens: float
    kappa: float
    accepted: float

    @property
    def share(self) -> float:
        """What reading question and answer costs, relative to answering."""
        whole = self.prompt_tokens + self.kappa * self.answer_tokens
        return (self.prompt_tokens + self.answer_tokens) / whole if whole > 0 else 1.0

    @property
    def pays(self) -> bool:
        """Whether asking for a verdict is worth it.

        What was read of the thread is not lost on a rejection, only what was read of the answer.
        """
        if self.kappa <= 1:
            return False
        return self.share <= WORTHWHILE and self.accepted > 1 / self.kappa


class Verdicts:
    """Readers and what their word is worth. Learns from cases whose truth a witness knows."""

    def __init__(self, reading: Reading) -> None:
        """Take what asks a model for its first token: `reading(model, thread, top)`."""
        self._reading = reading
        self._cases: dict[str, deque[tuple[bool, bool]]] = {}

    async def ask(self, reader: str, thread: Sequence[ChatMessage], answer: str) -> float | None:
        """Return how likely an answer is right to a reader; None where it does not say."""
        try:
            first = await self._reading(reader, verdict_thread(thread, answer), TOP)
        except AppError as error:
            log_of.info("%s gives no verdict: %s", reader, error)
            return None
        return probability_of_yes(first)

    def learn(self, reader: str, yes: float, *, right: bool) -> None:
        """Take in what a reader said of an answer that turned out right or wrong."""
        if isfinite(yes):
            self._cases.setdefault(reader, deque(maxlen=KEPT)).append((yes >= 0.5, right))

    def forget(self, reader: str) -> None:
        """Drop the evidence of a model that has changed."""
        self._cases.pop(reader, None)

    def mechanisms(self) -> Iterable[Mechanism]:
        """Say what readers are worth by now."""
        powers = [self.power(reader) for reader in self._cases]
        best = max(powers, key=lambda each: each.hits - each.slips, default=Power())
        if any(each.may_gate for each in powers):
            condition, reason = Condition.LIVE, "a larger model tells right from wrong well enough"
        elif powers:
            condition = Condition.OBSERVING
            reason = (
                f"calls {best.hits:.0%} of right and {best.slips:.0%} of wrong answers right, "
                f"seen on {best.count} of at least {LEAST_CASES}"
            )
        else:
            condition, reason = Condition.OFF, "no larger model has read an answer yet"
        yield Mechanism(area="gate", name="verdict", condition=condition, reason=reason)

    def power(self, reader: str) -> Power:
        """Return how well a reader tells right from wrong."""
        cases = self._cases.get(reader, ())
        of_right = [said for said, right in cases if right]
        of_wrong = [said for said, right in cases if not right]
        return Power(_rate(of_right), _rate(of_wrong), len(cases))


def _rate(said: Sequence[bool]) -> float:
    """Return the share of yes; where little is known, it is taken to know nothing."""
    return (sum(said) + _SMOOTHING) / (len(said) + 2 * _SMOOTHING)
