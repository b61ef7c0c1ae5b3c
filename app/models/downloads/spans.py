"""Who fetches which bytes: in order, and in the end the idle take half of what others have."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.models.downloads.pieces import PIECE

# Long enough that asking costs little, short enough that the file grows from its beginning.
STRETCH = 32 * PIECE
_SHORTEST = 2 * PIECE
# Who has more than this left when all else is done is slow. What is under way to it comes twice.
_WORTH_SHARING = 4 * PIECE


@dataclass(slots=True, eq=False)
class Span:
    """Bytes one connection is to bring; `start` moves on as they come, `end` may come nearer."""

    start: int
    end: int

    @property
    def left(self) -> int:
        """How many bytes are still to come."""
        return self.end - self.start


class Spans:
    """What is missing, handed out in stretches; a single connection gets all at once."""

    def __init__(self, gaps: Iterable[tuple[int, int]], connections: int) -> None:
        self._free = sorted(gaps, reverse=True)
        self._held: list[Span] = []
        self._connections = connections

    def take(self) -> Span | None:
        """Return what to fetch next, or None when nothing is left to be shared."""
        span = self._first() or self._shared()
        if span is not None:
            self._held.append(span)
        return span

    def give_back(self, span: Span) -> None:
        """Take back a span; what is left of it is somebody's again."""
        self._held.remove(span)
        if span.left:
            self._free.append((span.start, span.end))
            self._free.sort(reverse=True)

    def _first(self) -> Span | None:
        if not self._free:
            return None
        start, end = self._free.pop()
        cut = start // PIECE * PIECE + self._stretch(end - start)
        if cut < end:
            self._free.append((cut, end))
        return Span(start, min(cut, end))

    def _stretch(self, ahead: int) -> int:
        """Return how much to hand out: less towards the end, so that all finish together."""
        if self._connections == 1:
            return ahead + PIECE
        left = ahead + sum(end - start for start, end in self._free)
        fair = left // (2 * self._connections) // PIECE * PIECE
        return min(STRETCH, max(_SHORTEST, fair))

    def _shared(self) -> Span | None:
        longest = max(self._held, key=lambda span: span.left, default=None)
        if longest is None or longest.left < _WORTH_SHARING:
            return None
        middle = (longest.start + longest.left // 2) // PIECE * PIECE
        shared = Span(middle, longest.end)
        longest.end = middle
        return shared
