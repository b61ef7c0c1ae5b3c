"""Learning without drafting: what would a drafter have proposed for an answer that is there?

The draft model reads finished answers and says at every place which token it would have written;
looking up is replayed likewise. So it is known how often their tokens stand before any answer
depends on it. This is done at idle, a small piece at a time. An answer written under the eyes of
the drafters that cost nothing has taught what there is to learn of them.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.engines.runner.companion import NAME, Companion
from app.engines.speculation import lookup
from app.engines.speculation.acceptance import Acceptance
from app.engines.speculation.lookup import Lookup

WAITING: Final = 8  # answers kept; the oldest are forgotten first
LONGEST: Final = 1024  # tokens of prompt and answer that are looked at


@dataclass(frozen=True, slots=True)
class Heard:
    """A finished answer: all tokens with the prompt's first, and its kind of task.

    `place`: where in the conversation they begin, as of a long one only the end is looked at.
    `watched`: looking up was tried at each of its places when it was written.
    """

    tokens: tuple[int, ...]
    prompt: int
    family: str
    watched: bool
    place: int = 0


class Rehearsals:
    """Finished answers, and what the drafters would have made of them."""

    def __init__(self, acceptance: Acceptance) -> None:
        self._acceptance = acceptance
        self._heard: deque[Heard] = deque(maxlen=WAITING)
        self._running: Iterator[None] | None = None

    @property
    def waiting(self) -> int:
        """How many answers are still to be read."""
        return len(self._heard) + (self._running is not None)

    def hear(
        self, tokens: Sequence[int], prompt: int, family: str, *, watched: bool = False
    ) -> None:
        """Keep a finished answer until there is time for it."""
        first = max(0, len(tokens) - LONGEST)
        if len(tokens) - prompt > 1:
            start = max(1, prompt - first)
            self._heard.append(Heard(tuple(tokens[first:]), start, family, watched, first))

    def step(self, companion: Companion | None, rows: int) -> bool:
        """Do a piece of the work; False when there is none."""
        if self._running is None:
            if not self._heard:
                return False
            self._running = self._rehearse(self._heard.popleft(), companion, rows)
        try:
            next(self._running)
        except StopIteration:
            self._running = None
        return True

    def _rehearse(self, heard: Heard, companion: Companion | None, rows: int) -> Iterator[None]:
        if not heard.watched:
            self._look_up(heard)
        yield
        if companion is None or max(heard.tokens) >= companion.n_vocab:
            return
        slot = companion.slot(self, heard.tokens)
        at = 1
        for piece in companion.reading(slot, heard.tokens[:-1], rows, heard.place):
            for token, probability in piece:
                if at >= heard.prompt:
                    self._learn(NAME, heard, int(100 * probability), token == heard.tokens[at])
                at += 1
            yield
        companion.release(self)  # the next question finds it read

    def _look_up(self, heard: Heard) -> None:
        source, context = Lookup(), list(heard.tokens[: heard.prompt])
        for token in heard.tokens[heard.prompt :]:
            guess = source.guess(context, 1)
            if guess.tokens:
                self._learn(lookup.NAME, heard, guess.evidence[0], guess.tokens[0] == token)
            context.append(token)

    def _learn(self, drafter: str, heard: Heard, evidence: int, stood: bool) -> None:
        self._acceptance.learn(drafter, heard.family, (evidence,), int(stood))
