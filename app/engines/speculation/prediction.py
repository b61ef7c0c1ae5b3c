"""Drafting from a text the answer is expected to repeat, with changes here and there.

The prediction is walked along with the answer. Where the two part, the walk goes on as an alignment
of both (an edit distance, one row for each token of the answer) until they agree again: a word may
be another one, be missing, or be put in, and text may go on anywhere else.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.engines.speculation.source import Free, Guess

NAME: Final = "prediction"
# A prediction longer than this many tokens is not walked to its end.
LONGEST: Final = 65_536
# What it costs to take a token of the answer for another one, or for one that was put in; and to
# pass over one of the prediction, where a word begins and inside of it. Found by trying on prose
# and code: the fewest evaluations, about one for each new token.
CHANGED: Final = 8
ADDED: Final = 9
DROPPED: Final = 2
DROPPED_PIECE: Final = 1
# Going on anywhere at all costs no more than this.
JUMP: Final = 14
# Tokens of the prediction around the last place where the answer is looked for.
FIELD: Final = 2048
# So many equal tokens in a row end the search.
SETTLED: Final = 8
# Equal tokens that are counted; more tells nothing new.
COUNTED: Final = 32


def every_token(_token: int) -> bool:
    """Take every token for the beginning of a word."""
    return True


class _Search:
    """Finds where in a part of the prediction the answer goes on, from the place it was lost at.

    `costs[place]` is what it takes to turn the prediction up to there into the answer so far, the
    least of all places being 0.
    """

    def __init__(self, tokens: NDArray[np.int64], begins: NDArray[np.bool_], lost: int) -> None:
        self._tokens = tokens
        passed = np.where(begins, DROPPED, DROPPED_PIECE)
        self._passed = np.concatenate(([0], np.cumsum(passed)))
        self.costs = np.full(tokens.size + 1, JUMP)
        self.costs[lost] = 0
        self._pass_over()

    def take(self, token: int) -> int:
        """Take in a token of the answer and return the likeliest place to go on at."""
        met = self.costs[:-1] + np.where(self._tokens == token, 0, CHANGED)
        self.costs += ADDED
        np.minimum(self.costs[1:], met, out=self.costs[1:])
        self._pass_over()
        return int(self.costs.argmin())

    def _pass_over(self) -> None:
        kept = np.minimum.accumulate(self.costs - self._passed) + self._passed
        self.costs = np.minimum(kept - kept.min(), JUMP)


class Prediction(Free):
    """The source that follows a predicted answer; `starts_word` tells tokens that begin a word."""

    name = NAME

    def __init__(
        self,
        tokens: Sequence[int],
        prompt: int,
        starts_word: Callable[[int], bool] = every_token,
    ) -> None:
        self._tokens = tuple(tokens[:LONGEST])
        self._array = np.asarray(self._tokens, np.int64)
        self._tell = starts_word
        self._told: dict[int, bool] = {}
        self._seen = prompt  # tokens of the context that have been walked along
        self._at = 0  # the place in the prediction that should come next
        self._run = 0  # tokens in a row that were as predicted
        self._search: _Search | None = None
        self._first = 0  # where the searched part begins

    def guess(self, context: Sequence[int], limit: int, _credit: float = 0.0) -> Guess:
        """Return the predicted tokens from where the answer is now."""
        for end in range(self._seen, len(context)):
            self._step(context, end)
        self._seen = len(context)
        start = self._at if self._run else self._next_word()
        tokens = self._tokens[start : start + limit]
        return Guess(tokens, tuple(range(self._run, self._run + len(tokens))))

    def _step(self, context: Sequence[int], end: int) -> None:
        """Walk along with one more token of the answer."""
        token = context[end]
        if self._search is None and self._tokens[self._at : self._at + 1] == (token,):
            self._at += 1
            self._run += 1
            return
        search = self._search or self._begin_search()
        self._at = self._first + search.take(token)
        self._run = self._equal(context, end)
        self._search = None if self._run >= SETTLED else search

    def _begin_search(self) -> _Search:
        self._first = max(0, self._at - FIELD)
        part = slice(self._first, self._at + FIELD)
        begins = np.fromiter(map(self._starts_word, self._tokens[part]), np.bool_)
        return _Search(self._array[part], begins, self._at - self._first)

    def _starts_word(self, token: int) -> bool:
        """Ask about each token once: what is asked takes longer than what is remembered."""
        found = self._told.get(token)
        if found is None:
            found = self._told[token] = self._tell(token)
        return found

    def _next_word(self) -> int:
        """Return where the next word begins: one that was changed is over, as far as is known."""
        at = self._at
        while 0 < at < len(self._tokens) and not self._starts_word(self._tokens[at]):
            at += 1
        return at

    def _equal(self, context: Sequence[int], end: int) -> int:
        """Count the tokens up to the answer's end that stand before the place as well."""
        count, most = 0, min(COUNTED, self._at, end + 1)
        while count < most and self._tokens[self._at - 1 - count] == context[end - count]:
            count += 1
        return count
