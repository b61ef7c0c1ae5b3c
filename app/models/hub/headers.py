"""The header of a GGUF on the hub, read before anything is downloaded, and no more than that."""

import asyncio
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from app.domain.errors import HubAnswerInvalid, ModelInvalid
from app.domain.gguf import GgufError, GgufHeader, read_header
from app.domain.hub import Bundle, HubFile
from app.models.hub.wire import Wire

if TYPE_CHECKING:
    import httpx

FIRST: Final = 256 << 10
# The longest vocabularies take some 20 MiB.
MOST: Final = 64 << 20
# Parts beyond the first one hold a list of tensors and nothing else.
_PARTS_MOST: Final = 200
_KEPT: Final = 24
# The one revision that is no commit.
_MOVING: Final = "main"
_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


@dataclass(frozen=True, slots=True)
class Peek:
    """A header, and how many bytes were fetched to know it."""

    header: GgufHeader
    fetched: int


class _Short(Exception):
    """The header goes on beyond what was fetched."""


class _Fetched:
    """The beginning of a file as a stream that says when more of it is needed."""

    def __init__(self, data: bytearray) -> None:
        self._data = data
        self._at = 0

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes.

        Raises:
            _Short: they have not been fetched yet.
        """
        end = self._at + count
        if end > len(self._data):
            raise _Short
        piece = bytes(self._data[self._at : end])
        self._at = end
        return piece


@dataclass
class _Beginning:
    """What was fetched of one file, and how many more bytes may be."""

    file: HubFile
    left: int
    data: bytearray
    fetched: int = 0

    @property
    def wanted(self) -> int:
        """How far the next request goes: twice as far as the last one, within the limits."""
        grown = max(FIRST, 2 * len(self.data))
        return min(grown, self.file.size, len(self.data) + self.left)

    def take(self, piece: bytes, most: int, enough: int) -> bool:
        """Keep what comes, up to `most` in all; return whether there is `enough`."""
        kept = piece[: min(most - len(self.data), self.left)]
        self.data += kept
        self.left -= len(kept)
        self.fetched += len(kept)
        return len(self.data) >= enough or not self.left


class HeaderReader:
    """Reads headers over HTTP, in ranges that grow until they hold the whole of it.

    Owns the latest of them: a file at a commit never changes, and people ask for other contexts.
    """

    def __init__(self, wire: Wire, most: int = MOST) -> None:
        """Read through `wire`, for one model `most` bytes in all."""
        self._wire = wire
        self._most = most
        self._known: dict[tuple[HubFile, ...], Peek] = {}

    async def peek(self, bundle: Bundle) -> Peek:
        """Return the header of a model, with the tensors of all its parts.

        Raises:
            ModelInvalid: it is no GGUF, or one whose header has no end.
            HubError: the hub did not give it.
        """
        known = self._known.get(bundle.files)
        if known is not None:
            return known
        peek = await self._whole(bundle.files)
        if bundle.files[0].revision != _MOVING:
            self._known[bundle.files] = peek
            while len(self._known) > _KEPT:
                del self._known[next(iter(self._known))]
        return peek

    async def _whole(self, files: tuple[HubFile, ...]) -> Peek:
        first, *others = files
        peek = await self._peek(first, self._most)
        header, fetched = peek.header, peek.fetched
        for file in others[:_PARTS_MOST]:
            part = await self._peek(file, self._most - fetched)
            header = replace(header, tensors=(*header.tensors, *part.header.tensors))
            fetched += part.fetched
        if len(others) <= _PARTS_MOST:
            # Its tensors are all here, as if it had come in one piece.
            whole = {key: each for key, each in header.metadata.items() if key != "split.count"}
            header = replace(header, metadata=whole)
        return Peek(header, fetched)

    async def _peek(self, file: HubFile, most: int) -> Peek:
        beginning = _Beginning(file, most, bytearray())
        while True:
            have = len(beginning.data)
            header = await self._fetch(beginning)
            if header is not None:
                return Peek(header, beginning.fetched)
            if len(beginning.data) >= file.size:
                raise _invalid(file, "it is cut short within its header")
            if not beginning.left:
                raise _invalid(file, f"its header is longer than {most >> 20} MiB")
            if len(beginning.data) <= have:
                raise HubAnswerInvalid(
                    f"The hub gives less of {file.name} than it says there is.",
                    remedy="Try again in a moment.",
                )

    async def _fetch(self, beginning: _Beginning) -> GgufHeader | None:
        """Fetch more of the file; return the header if that is enough."""
        file, begin, end = beginning.file, len(beginning.data), beginning.wanted
        ask = {"Range": f"bytes={begin}-{end - 1}", "Accept-Encoding": "identity"}
        if end <= begin:
            return None
        async with self._wire.stream(file.url, file.path, file.repo, headers=ask) as response:
            if response.status_code == 206:
                _check(response, begin, file)
                await _read(response, beginning, end)
                return await _parsed(beginning)
            # It knows no ranges and sends everything: read on as far as the header goes.
            beginning.data.clear()
            return await _read_on(response, beginning)


async def _read(response: "httpx.Response", beginning: _Beginning, end: int) -> None:
    async for piece in response.aiter_raw():
        if beginning.take(piece, end, end):
            return


async def _read_on(response: "httpx.Response", beginning: _Beginning) -> GgufHeader | None:
    enough = beginning.wanted
    async for piece in response.aiter_raw():
        if beginning.take(piece, beginning.file.size, enough):
            header = await _parsed(beginning)
            if header is not None or not beginning.left:
                return header
            enough = beginning.wanted
    return await _parsed(beginning)


async def _parsed(beginning: _Beginning) -> GgufHeader | None:
    """Return the header, or None if it goes on.

    Raises:
        ModelInvalid: it is none.
    """
    stream = cast("BinaryIO", _Fetched(beginning.data))
    try:
        return await asyncio.to_thread(read_header, stream, size=beginning.file.size)
    except _Short:
        return None
    except GgufError as error:
        raise _invalid(beginning.file, str(error)) from error


def _check(response: "httpx.Response", begin: int, file: HubFile) -> None:
    """See that a part of this file comes, from where it was asked for.

    Raises:
        HubAnswerInvalid: it is something else.
    """
    found = _RANGE.fullmatch(response.headers.get("content-range", ""))
    size = found[3] if found else ""
    if found is None or int(found[1]) != begin or size not in {"*", str(file.size)}:
        raise HubAnswerInvalid(
            f"The hub gives another part of {file.name} than was asked for.",
            remedy="It may have changed just now: try again in a moment.",
        )


def _invalid(file: HubFile, why: str) -> ModelInvalid:
    return ModelInvalid(
        f"{file.name} cannot be used: {why}.", remedy="Choose another file or another model."
    )
