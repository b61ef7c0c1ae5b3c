"""When the bytes are not what was promised: which piece is to blame, the disk or the line."""

import asyncio

from app.domain.downloads import Step
from app.domain.errors import HashMismatch
from app.models.downloads.faults import Hitch
from app.models.downloads.partfile import PartFile, hash_of
from app.models.downloads.pieces import PIECE, checksum_of
from app.models.downloads.source import Found, Source
from app.models.downloads.spans import STRETCH
from app.models.downloads.transfer import Means, Transfer


class Repair:
    """Makes a whole file one with a wanted hash. Fetches no more than the file once again."""

    def __init__(self, source: Source, found: Found, file: PartFile, means: Means) -> None:
        self._source = source
        self._found = found
        self._file = file
        self._means = means

    async def damaged(self) -> bool:
        """Fetch again what the disk does not hold as it was written; say whether that was any."""
        pieces = self._file.pieces
        every = list(range(pieces.count))
        bad = await asyncio.to_thread(pieces.distrust, self._file.data.read, every)
        if bad:
            self._means.tell(Step.FLOW, f"{len(bad)} MiB were damaged on the disk")
            await Transfer(self._source, self._found, self._file, self._means).run()
            self._means.tell(Step.WHOLE, "")
        return bool(bad)

    async def compare(self, wanted: str) -> None:
        """Fetch everything once more, in order, until what differed before makes the hash right.

        Raises:
            HashMismatch: the server sends bytes of another hash.
        """
        self._means.tell(Step.FLOW, "the file is not what was promised: it is compared again")
        if not self._found.ranged:
            await Transfer(self._source, self._found, self._file, self._means).run()
        elif await self._compared(wanted):
            return
        self._means.tell(Step.WHOLE, "")
        if not await self._matches(wanted):
            raise HashMismatch(
                f"{self._file.place.target.name} is not what was promised: its hash is another, "
                "also when fetched again.",
                remedy="Look whether the file was replaced, or take it from elsewhere.",
            )

    async def _compared(self, wanted: str) -> bool:
        """Compare stretch by stretch; say whether the hash became right on the way."""
        offset, tries = 0, 0
        while offset < self._found.size:
            end = min(offset + STRETCH, self._found.size)
            try:
                other = await self._stretch(offset, end)
            except Hitch as hitch:
                tries += 1
                self._means.tell(Step.HITCH, hitch.reason)
                pace = self._means.pace
                await pace.sleep(pace.back_off(tries, hitch.wait_s))
                continue
            offset, tries = end, 0
            if other and await self._matches(wanted):
                return True
        return False

    async def _stretch(self, start: int, end: int) -> int:
        """Fetch some pieces and put those in place that differ; return how many."""
        piece, differing = start // PIECE, 0
        kept = bytearray()
        async with self._source.fetch(start, end) as answer:
            async for chunk in answer.aiter_raw():
                await self._means.throttle.take(len(chunk))
                self._means.gauge.fetched += len(chunk)
                kept += chunk
                while piece * PIECE < end and len(kept) >= self._file.pieces.length(piece):
                    length = self._file.pieces.length(piece)
                    differing += self._put(piece, bytes(kept[:length]))
                    del kept[:length]
                    piece += 1
                if piece * PIECE >= end:
                    break
        if piece * PIECE < end:
            raise Hitch(f"{self._source.host} ended too early")
        self._means.tell(Step.FLOW, "")
        return differing

    def _put(self, piece: int, data: bytes) -> bool:
        if data == self._file.data.read(len(data), piece * PIECE):
            return False
        self._file.data.write(data, piece * PIECE)
        self._file.pieces.note(piece, len(data), checksum_of(data))
        return True

    async def _matches(self, wanted: str) -> bool:
        return await asyncio.to_thread(hash_of, self._file.place.part) == wanted
