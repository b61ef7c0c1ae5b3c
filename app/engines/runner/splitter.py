"""Tells apart what a model writes: thoughts, words, and calls of tools."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from app.engines.runner.callbodies import CallDelta, Schemas
from app.engines.runner.reasoning import Thinking
from app.engines.runner.toolcalls import CallReader, CallStyle

Channel = Literal["content", "reasoning", "call"]


@dataclass(frozen=True, slots=True)
class Said:
    """Text of one channel, or a piece of a call."""

    text: str = ""
    channel: Channel = "content"
    call: CallDelta | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """What may be found in an answer; nothing but words by default."""

    thinking: Thinking | None = None
    calls: CallStyle | None = None
    schemas: Schemas = field(default_factory=dict)
    parallel: bool = True  # more than one call


PLAIN: Final = Outline()


class Listener(Protocol):
    """Hears where thoughts and calls begin and end, before the next token is chosen."""

    def thinking_ended(self, rest: str) -> None:
        """The answer proper begins with `rest`."""
        ...

    def call_began(self, rest: str) -> bool:
        """A call begins with `rest`; True when a grammar guarantees its form from now on."""
        ...

    def call_ended(self) -> None:
        """The call is over."""
        ...


class Splitter:
    """Takes text as it comes; what may become a tag is held back until it is clear."""

    def __init__(self, outline: Outline, listener: Listener) -> None:
        self._plain = outline.thinking is None and outline.calls is None
        self._thinking = outline.thinking
        self._style = outline.calls
        self._schemas: Mapping[str, Mapping[str, object]] = outline.schemas
        self._listener = listener
        self._held = ""
        self._blank = ""  # space that is shown only if words follow
        self._reader: CallReader | None = None
        self._fresh = True  # nothing of this channel was shown yet
        self._trim = False  # the space before the next words belongs to the thoughts before
        self.calls = 0
        begun = outline.thinking is not None and outline.thinking.begun
        self.channel: Channel = "reasoning" if begun else "content"

    @property
    def pending(self) -> int:
        """How many characters are held back."""
        reading = self._reader.pending if self._reader else 0
        return len(self._held) + len(self._blank) + reading

    def push(self, text: str) -> list[Said]:
        """Take more text and return what is clear now."""
        if self._plain:
            return [Said(text)] if text else []
        self._held += text
        found: list[Said] = []
        before = None
        while before != (len(self._held), self.channel):
            before = (len(self._held), self.channel)
            found += self._advance()
        return found

    def close(self) -> list[Said]:
        """Return what was held back, now that nothing follows."""
        if self._reader is not None:
            found, self._reader = list(self._told(self._reader.close())), None
            return found
        rest, self._held = self._blank + self._held, ""
        self._blank = ""
        if self.channel == "reasoning":
            return list(_thought(rest.rstrip()))
        return [Said(rest)] if rest and (rest.strip() or not self.calls) else []

    def _advance(self) -> Iterator[Said]:
        if self.channel == "reasoning":
            return self._think()
        return self._call() if self._reader is not None else self._speak()

    def _think(self) -> Iterator[Said]:
        assert self._thinking is not None
        text, close = self._blank + self._held, self._thinking.tags.close
        text = text.lstrip() if self._fresh else text
        place = text.find(close)
        if place >= 0:
            yield from _thought(text[:place].rstrip())
            self._blank, self._held = "", text[place + len(close) :].lstrip()
            self.channel, self._thinking = "content", None
            self._fresh = self._trim = True
            self._listener.thinking_ended(self._held)
            return
        sure = text[: len(text) - _doubtful(text, (close,))]
        shown = sure.rstrip()
        self._fresh = self._fresh and not shown
        self._blank, self._held = sure[len(shown) :], text[len(sure) :]
        yield from _thought(shown)

    def _speak(self) -> Iterator[Said]:
        style = self._style
        if style is not None and self._fresh:
            bare = style.begins_bare(self._held)
            if bare == "unclear":
                return
            if bare == "yes":
                self._begin_call(style, len(self._held) - len(self._held.lstrip()), 0)
                return
        thinking = self._thinking if self._fresh else None
        marks = (thinking.tags.open,) if thinking else ()
        calls = style.marks if style else ()
        places = {place: mark for mark in marks + calls if (place := self._held.find(mark)) >= 0}
        if not places:
            yield from self._words(len(self._held) - _doubtful(self._held, marks + calls))
            return
        place = min(places)
        yield from self._words(place)
        if places[place] in calls and style is not None:
            self._begin_call(style, 0, len(places[place]))
        elif self._fresh:  # only an answer's beginning can be a thought
            self._held, self._blank = self._held[len(places[place]) :], ""
            self.channel = "reasoning"

    def _words(self, count: int) -> Iterator[Said]:
        """Show that much of the held text; space around thoughts and calls is nobody's words."""
        text, self._held = self._blank + self._held[:count], self._held[count:]
        text = text.lstrip() if self._trim else text
        shown = text if self._style is None and not self._fresh else text.rstrip()
        self._blank = text[len(shown) :]
        if shown:
            self._fresh = self._trim = False
            yield Said(shown)

    def _begin_call(self, style: CallStyle, space: int, length: int) -> None:
        mark, self._held = self._held[space : space + length], self._held[space + length :]
        self._fresh = False
        sure = self._listener.call_began(self._held)
        self._reader = CallReader(style, mark, self.calls, sure=sure, schemas=self._schemas)
        self.channel = "call"

    def _call(self) -> Iterator[Said]:
        assert self._reader is not None
        text, self._held = self._held, ""
        yield from self._told(self._reader.push(text))
        self.calls = self._reader.count
        if self._reader.rest is not None:
            self._held, self._reader = self._reader.rest, None
            self.channel = "content"
            self._listener.call_ended()

    def _told(self, parts: Sequence[CallDelta | str]) -> Iterator[Said]:
        for part in parts:
            blank, self._blank = self._blank, ""
            yield Said(blank + part) if isinstance(part, str) else Said(channel="call", call=part)


def _thought(text: str) -> Iterator[Said]:
    if text:
        yield Said(text, "reasoning")


def _doubtful(text: str, marks: Sequence[str]) -> int:
    """The length of the longest end of the text that begins one of the marks."""
    longest = max((len(mark) for mark in marks), default=1) - 1
    for length in range(min(longest, len(text)), 0, -1):
        if any(mark.startswith(text[-length:]) for mark in marks):
            return length
    return 0
