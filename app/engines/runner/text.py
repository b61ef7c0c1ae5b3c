"""From tokens to what is shown: whole characters, apart by kind, never a part of a stop string."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

from app.engines.runner.callbodies import CallDelta
from app.engines.runner.splitter import Channel, Said, Splitter


class StopScanner:
    """Lets text through up to the first stop string; what may become one is held back."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    @property
    def pending(self) -> int:
        """How many characters are held back, for now or for ever."""
        return len(self._held)

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
    """What became visible, with the scores of the tokens it is made of."""

    text: str = ""
    scores: tuple[TokenScore, ...] = ()
    channel: Channel = "content"
    call: CallDelta | None = None

    def joined(self, later: "Emission") -> "Emission | None":
        """Return this and a later emission as one, or None where they are of different kinds."""
        if self.channel != later.channel:
            return None
        scores = self.scores + later.scores
        mine, other = self.call, later.call
        if mine is None or other is None:
            return Emission(self.text + later.text, scores, self.channel)
        if other.name:
            return None
        call = CallDelta(mine.index, mine.arguments + other.arguments, mine.name, mine.id)
        return Emission("", scores, self.channel, call)


class AnswerText:
    """Turns the pieces of tokens into emissions; a token's score travels with its text."""

    def __init__(self, splitter: Splitter, stops: Sequence[str] = ()) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._splitter = splitter
        self._scanner = StopScanner(stops)
        self._waiting: list[tuple[int, TokenScore]] = []  # with the place where its text begins
        self._decoded = 0

    @property
    def stopped(self) -> bool:
        """Whether a stop string ended the text."""
        return self._scanner.stopped

    def push(self, piece: bytes, score: TokenScore | None = None) -> list[Emission]:
        """Take the bytes of one more token."""
        if score is not None:
            self._waiting.append((self._decoded, score))
        text = self._utf8.decode(piece)
        self._decoded += len(text)
        shown = [emission for said in self._splitter.push(text) for emission in self._show(said)]
        return self._scored(shown, self._splitter.pending + self._scanner.pending)

    def close(self) -> list[Emission]:
        """Show what was held back; half a character at the end stays away."""
        if self.stopped:
            return []
        shown = [emission for said in self._splitter.close() for emission in self._show(said)]
        if rest := self._scanner.close():
            shown.append(Emission(rest))
        if self._waiting and not self.stopped:
            shown = shown or [Emission()]
        return self._scored(shown, self._scanner.pending - (not self.stopped))

    def _show(self, said: Said) -> list[Emission]:
        """Words pass the scan for stop strings; before anything else what it held back is shown."""
        if said.channel == "content":
            text = self._scanner.push(said.text)
            return [Emission(text)] if text else []
        held = self._scanner.close()
        before = [Emission(held)] if held else []
        return [] if self.stopped else [*before, Emission(said.text, (), said.channel, said.call)]

    def _scored(self, shown: list[Emission], pending: int) -> list[Emission]:
        """Give the last emission the scores of all tokens whose text is no longer held back."""
        if not shown:
            return shown
        place = self._decoded - pending
        ready = 0
        while ready < len(self._waiting) and self._waiting[ready][0] < place:
            ready += 1
        scores = tuple(score for _, score in self._waiting[:ready])
        del self._waiting[:ready]
        last = shown[-1]
        return [*shown[:-1], Emission(last.text, scores, last.channel, last.call)]
