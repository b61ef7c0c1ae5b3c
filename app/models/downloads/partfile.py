"""A file that is not complete: its bytes, the table of its pieces, and its hash as it grows."""

import asyncio
import contextlib
import hashlib
import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from app.domain.amounts import in_words
from app.domain.errors import DiskFull, FileInTheWay
from app.models.downloads.pieces import PIECE, Pieces, checksum_of
from app.models.downloads.rawfile import RawFile

_PART, _TABLE = ".part", ".part.pieces"
# What stays free for everybody else on the disk.
_SPARE_BYTES = 64 << 20
_READ_BYTES = 1 << 20
# After a kill, every connection may have to fetch so much again, besides what it had in hand.
_NOTE_BYTES = 32 << 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file will be, and what lies beside it until then."""

    target: Path

    @property
    def part(self) -> Path:
        """The bytes that are here."""
        return self.target.with_name(self.target.name + _PART)

    @property
    def table(self) -> Path:
        """Which pieces they are."""
        return self.target.with_name(self.target.name + _TABLE)

    def kept(self) -> tuple[int, int]:
        """Return how many bytes are here, and of how many; zeros when nothing was begun."""
        pieces = Pieces.load(self.table) if self.part.exists() else None
        if pieces is None:
            return 0, 0
        pieces.close()
        return pieces.done, pieces.size

    def taken(self) -> int:
        """Return the bytes of the disk that the part file holds already."""
        try:
            stat = self.part.stat()
        except OSError:
            return 0
        blocks: int | None = getattr(stat, "st_blocks", None)
        return stat.st_size if blocks is None else blocks * 512

    def settle(self) -> None:
        """Give a verified file its name.

        Raises:
            FileInTheWay: another one has it.
        """
        if not self.part.exists() and self.target.exists():
            return  # done before a crash
        require_free(self.target)
        self.part.replace(self.target)
        _sync_folder(self.target.parent)
        self.table.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what lies beside the target."""
        for file in (self.part, self.table):
            file.unlink(missing_ok=True)


class PartFile:
    """The open files of one place. Owns both until `close`; used by one thread at a time."""

    def __init__(self, place: Place, data: RawFile, pieces: Pieces) -> None:
        self.place = place
        self.data = data
        self.pieces = pieces

    @classmethod
    def begin(cls, place: Place, size: int, mark: str) -> "PartFile":
        """Start over: a table without a piece, and room for all bytes."""
        place.clear()
        data = RawFile(place.part)
        try:
            data.reserve(size)
            return cls(place, data, Pieces.create(place.table, size, mark))
        except BaseException:
            data.close()
            place.clear()
            raise

    @classmethod
    def resume(cls, place: Place) -> "PartFile | None":
        """Open what an earlier run left, believing only what a power cut cannot have changed."""
        pieces = Pieces.load(place.table) if place.part.exists() else None
        if pieces is None:
            return None
        with ExitStack() as on_failure:
            on_failure.callback(pieces.close)
            data = RawFile(place.part)
            on_failure.callback(data.close)
            if data.size != pieces.size:
                data.reserve(pieces.size)
            pieces.distrust(data.read)
            on_failure.pop_all()
        return cls(place, data, pieces)

    async def seal(self) -> None:
        """Force what is whole by now to the disk, in a thread beside the writing, then mark it."""
        whole = self.pieces.fresh
        await asyncio.to_thread(self.data.sync)
        self.pieces.seal(whole)

    def close(self) -> None:
        """Close both files."""
        self.data.close()
        self.pieces.close()


class Writer:
    """Writes what one connection brings, piece by piece."""

    def __init__(self, file: PartFile, offset: int) -> None:
        self._data = file.data
        self._pieces = file.pieces
        self._piece, self._within = divmod(offset, PIECE)
        self._noted = self._within
        self._checksum = checksum_of(self._data.read(self._within, self._piece * PIECE))

    def write(self, chunk: bytes, offset: int) -> None:
        """Write bytes that follow those before: first the bytes, then the note of them."""
        self._data.write(chunk, offset)
        rest = memoryview(chunk)
        while rest:
            length = self._pieces.length(self._piece)
            bit = rest[: length - self._within]
            self._checksum = checksum_of(bit, self._checksum)
            self._within += len(bit)
            if self._within == length or self._within - self._noted >= _NOTE_BYTES:
                self.note()
            if self._within == length:
                self._piece, self._within, self._noted = self._piece + 1, 0, 0
                self._checksum = 0
            rest = rest[len(bit) :]

    def note(self) -> None:
        """Write down how far the piece is."""
        if self._within > self._noted:
            self._pieces.note(self._piece, self._within, self._checksum)
            self._noted = self._within


class GrowingHash:
    """The SHA-256 of the file from its first byte on, read from the disk as far as it is whole."""

    def __init__(self, file: PartFile) -> None:
        self._pieces = file.pieces
        self._path = file.place.part
        self._hash = hashlib.sha256()
        self._next = 0  # the first piece that is not hashed
        self._front = 0  # the first piece that is not whole

    @property
    def behind(self) -> int:
        """How many bytes could be hashed and are not."""
        while self._front < self._pieces.count and self._pieces.is_whole(self._front):
            self._front += 1
        return (self._front - self._next) * PIECE

    def catch_up(self) -> None:
        """Hash what is whole by now; runs in a thread of its own."""
        until = min(self._front * PIECE, self._pieces.size)
        buffer = memoryview(bytearray(_READ_BYTES))
        with self._path.open("rb", buffering=0) as file:
            file.seek(self._next * PIECE)
            left = until - self._next * PIECE
            while left > 0 and (count := file.readinto(buffer[: min(left, _READ_BYTES)])):
                self._hash.update(buffer[:count])
                left -= count
        self._next = self._front

    def hexdigest(self) -> str:
        """Return the hash of what was read."""
        return self._hash.hexdigest()


def require_free(target: Path) -> None:
    """Make sure that nothing is overwritten.

    Raises:
        FileInTheWay: something of that name is there.
    """
    if target.exists() or target.is_symlink():
        raise FileInTheWay(
            f"There is another {target.name} in {target.parent}.",
            remedy="Move it away, or choose another folder.",
        )


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_space(folder: Path, wanted: int) -> None:
    """Make sure that so many more bytes fit.

    Raises:
        DiskFull: they do not.
    """
    free = shutil.disk_usage(folder).free
    if wanted > max(0, free - _SPARE_BYTES):
        raise DiskFull(
            f"{in_words(wanted)} are needed in {folder}, and {in_words(free)} are free.",
            remedy="Free some space or choose a folder on another disk, then try again.",
        )


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where a folder can be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
