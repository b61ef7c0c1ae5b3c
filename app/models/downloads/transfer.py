"""One file on its way: several connections bring stretches of it until every piece is here."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from app.domain.downloads import Step
from app.models.downloads.faults import Hitch
from app.models.downloads.partfile import GrowingHash, PartFile, Writer
from app.models.downloads.patience import Pace, Throttle
from app.models.downloads.pieces import Pieces
from app.models.downloads.source import Found, Source
from app.models.downloads.spans import Span, Spans

_HASH_BYTES = 8 << 20
_SEAL_BYTES = 256 << 20

# Told when the state of a download moves, with the reason where there is one.
Tell = Callable[[Step, str], None]


class Gauge:
    """How far a download is. Written by the thread that carries it, read by everybody."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.fetched = 0  # bytes that came over the line in this run
        self._here: tuple[int, Pieces | None] = 0, None

    @property
    def done(self) -> int:
        """Bytes of the whole download that are here."""
        before, pieces = self._here
        return before + (pieces.done if pieces else 0)

    def watch(self, before: int, pieces: Pieces | None) -> None:
        """Count the complete files, and the pieces of the one that grows."""
        self._here = before, pieces


@dataclass(frozen=True, slots=True)
class Means:
    """What every transfer works with."""

    pace: Pace
    throttle: Throttle
    gauge: Gauge
    tell: Tell


class Transfer:
    """Fetches what is missing of one open file."""

    def __init__(self, source: Source, found: Found, file: PartFile, means: Means) -> None:
        self._source = source
        self._found = found
        self._file = file
        self._means = means
        self._spans = Spans((), 1)
        self._workers = 0
        self._resting = 0
        self._flowing = True
        self.hash = GrowingHash(file)

    async def run(self) -> None:
        """Fetch until nothing is missing.

        Raises:
            AppError: this will not heal by itself.
            Changed: the server has another file now.
        """
        pieces, ranged = self._file.pieces, self._found.ranged
        connections = self._means.pace.connections if ranged else 1
        self._spans = Spans(pieces.gaps() if ranged else [(0, pieces.size)], connections)
        whole = asyncio.Event()
        beside = asyncio.create_task(self._hash_and_seal(whole))
        try:
            await self._work_all(connections)
        finally:
            whole.set()
            await beside
        if self.hash.behind:
            await asyncio.to_thread(self.hash.catch_up)
        await self._file.seal()

    async def _work_all(self, connections: int) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(connections):
                    group.create_task(self._work())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _work(self) -> None:
        """Be one connection: take a stretch, bring it, take the next."""
        tries = 0
        self._workers += 1
        try:
            while (span := self._spans.take()) is not None:
                hitch = await self._try(span)
                tries = tries + 1 if hitch and not hitch.moved else 0
                if hitch:
                    await self._rest(hitch, tries)
        finally:
            self._workers -= 1

    async def _try(self, span: Span) -> Hitch | None:
        """Bring a span; return what came between, if it may pass."""
        begun = span.start
        try:
            await self._bring(span)
        except Hitch as hitch:
            hitch.moved = span.start > begun
            return hitch
        finally:
            self._spans.give_back(span)
        return None

    async def _bring(self, span: Span) -> None:
        if not self._found.ranged:
            self._begin_anew(span)
        start = span.start
        async with self._source.fetch(start, span.end) as answer:
            writer = Writer(self._file, start)
            try:
                await self._pour(answer, span, writer)
            finally:
                writer.note()
        if span.left:
            raise Hitch(f"{self._source.host} ended too early")

    async def _pour(self, answer: httpx.Response, span: Span, writer: Writer) -> None:
        async for chunk in answer.aiter_raw():
            kept = chunk if len(chunk) <= span.left else chunk[: span.left]
            writer.write(kept, span.start)
            span.start += len(kept)
            self._arrived(len(kept))
            await self._means.throttle.take(len(chunk))  # nothing is in hand meanwhile
            if not span.left:
                return

    def _begin_anew(self, span: Span) -> None:
        """A server that sends only whole files sends from the first byte on."""
        span.start = 0
        for piece in range(self._file.pieces.count):
            self._file.pieces.forget(piece)
        self.hash = GrowingHash(self._file)

    def _arrived(self, count: int) -> None:
        self._means.gauge.fetched += count
        if not self._flowing:
            self._flowing = True
            self._means.tell(Step.FLOW, "")
        self._source.arrived()

    async def _rest(self, hitch: Hitch, tries: int) -> None:
        """Wait before another try; when all wait, the download says why."""
        self._resting += 1
        try:
            if self._resting == self._workers:
                self._flowing = False
                self._means.tell(Step.HITCH, hitch.reason)
            pace = self._means.pace
            await pace.sleep(pace.back_off(tries, hitch.wait_s))
        finally:
            self._resting -= 1

    async def _hash_and_seal(self, whole: asyncio.Event) -> None:
        """Follow the growing file: hash it while it is still in memory, force it to the disk."""
        sealed = 0
        while not await _within(self._means.pace.tick_s, whole):
            if self.hash.behind >= _HASH_BYTES:
                await asyncio.to_thread(self.hash.catch_up)
            if self._means.gauge.fetched - sealed >= _SEAL_BYTES:
                sealed = self._means.gauge.fetched
                await self._file.seal()


async def _within(seconds: float, event: asyncio.Event) -> bool:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
