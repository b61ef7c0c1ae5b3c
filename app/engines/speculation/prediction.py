"""Drafting from a text the answer is expected to repeat, with changes here and there.

The prediction is walked along with the answer. Where the two part, the walk finds its place again:
behind the changed word, at a token that was jumped to, or back where a word was put in.
"""

from collections.abc import Callable, Sequence
from typing import Final

from app.engines.speculation.source import Free, Guess

NAME: Final = "prediction"
# How far around the last place the text is searched for where the answer goes on.
BACK: Final = 16
AHEAD: Final = 256
# A single equal token is trusted only this close by.
NEAR: Final = 12
# Equal tokens that are compared backwards when places compete.
COMPARED: Final = 8
# A prediction longer than this many tokens is not walked to its end.
LONGEST: Final = 65_536


def every_token(_token: int) -> bool:
    """Take every token for the beginning of a word."""
    return True


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
        self._starts_word = starts_word
        self._seen = prompt  # tokens of the context that have been walked along
        self._at = 0  # the place in the prediction that should come next
        self._run = 0  # tokens in a row that were as predicted

    def guess(self, context: Sequence[int], limit: int, _credit: float = 0.0) -> Guess:
        """Return the predicted tokens from where the answer is now."""
        for end in range(self._seen, len(context)):
            self._step(context, end)
        self._seen = len(context)
        tokens = self._tokens[self._at : self._at + limit]
        return Guess(tokens, tuple(range(self._run, self._run + len(tokens))))

    def _step(self, context: Sequence[int], end: int) -> None:
        """Walk along with one more token of the answer."""
        token = context[end]
        if self._at < len(self._tokens) and self._tokens[self._at] == token:
            self._at += 1
            self._run += 1
            return
        place, equal = self._match(context, end)
        if equal >= 2 or (equal == 1 and abs(place - self._at) <= NEAR):
            self._at, self._run = place + 1, equal - 1
            return
        if self._run > 0:
            self._skip_word()
        self._run = 0

    def _skip_word(self) -> None:
        """Take the token for a changed word: go on where the next predicted word begins.

        While the new word goes on, or more words were put in, this stays the place to go on at.
        """
        at = self._at + 1
        while at < len(self._tokens) and not self._starts_word(self._tokens[at]):
            at += 1
        self._at = min(at, len(self._tokens))

    def _match(self, context: Sequence[int], end: int) -> tuple[int, int]:
        """Return where the answer's last token stands in the prediction, and how surely.

        The second number counts equal tokens up to there; the nearest of the best places wins.
        """
        token = context[end]
        first, last = max(0, self._at - BACK), min(len(self._tokens), self._at + AHEAD)
        best = (0, 0)
        for place in range(first, last):
            if self._tokens[place] == token:
                equal = self._equal(context, end, place)
                near = abs(place - self._at) < abs(best[0] - self._at)
                if equal > best[1] or (equal == best[1] and near):
                    best = (place, equal)
        return best

    def _equal(self, context: Sequence[int], end: int, place: int) -> int:
        most = min(COMPARED, place + 1, end + 1)
        count = 1
        while count < most and self._tokens[place - count] == context[end - count]:
            count += 1
        return count
