"""From tokens to visible text: whole characters only, and never a part of a stop string."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass


class StopScanner:
    """Lets text through up to the first stop string; what may become one is held back."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    def push(self, text: str) -> str:
        """Take more text and return what is safe to show."""
        if self.stopped:
            return ""
        self._held += text
        places = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if places:
            self.stopped = True
            return self._release(min(places))
        return self._release(len(self._held) - self._doubtful())

    def close(self) -> str:
        """Return what was held back, now that nothing follows."""
        return "" if self.stopped else self._release(len(self._held))

    def _release(self, count: int) -> str:
        text, self._held = self._held[:count], self._held[count:]
        return text

    def _doubtful(self) -> int:
        """The length of the longest end of the text that begins a stop string."""
        longest = max((len(stop) for stop in self._stops), default=1) - 1
        for length in range(min(longest, len(self._held)), 0, -1):
            tail = self._held[-length:]
            if any(stop.startswith(tail) for stop in self._stops):
                return length
        return 0


@dataclass(frozen=True, slots=True)
class TokenScore:
    """A generated token with its log-probability and the best alternatives."""

    piece: bytes
    logprob: float
    top: tuple[tuple[bytes, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Emission:
    """Text that became visible and the scores of the tokens it is made of."""

    text: str = ""
    scores: tuple[TokenScore, ...] = ()


class AnswerText:
    """Turns the pieces of tokens into emissions; a token's score travels with its text."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._scanner = StopScanner(stops)
        self._waiting: list[tuple[int, TokenScore]] = []  # with the place where its text begins
        self._decoded = 0
        self._shown = 0

    @property
    def stopped(self) -> bool:
        """Whether a stop string ended the text."""
        return self._scanner.stopped

    def push(self, piece: bytes, score: TokenScore | None = None) -> Emission:
        """Take the bytes of one more token."""
        if score is not None:
            self._waiting.append((self._decoded, score))
        text = self._utf8.decode(piece)
        self._decoded += len(text)
        return self._emit(self._scanner.push(text))

    def close(self) -> Emission:
        """Show what was held back; half a character at the end stays away."""
        emission = self._emit(self._scanner.close())
        rest = tuple(score for _, score in self._waiting)
        self._waiting.clear()
        return emission if self.stopped else Emission(emission.text, emission.scores + rest)

    def _emit(self, text: str) -> Emission:
        self._shown += len(text)
        ready = 0
        while ready < len(self._waiting) and self._waiting[ready][0] < self._shown:
            ready += 1
        scores = tuple(score for _, score in self._waiting[:ready])
        del self._waiting[:ready]
        return Emission(text, scores)
