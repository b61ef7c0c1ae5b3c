"""Which pieces of a file are here: a small table beside the part file, true after any crash.

Every slot says how many bytes of a piece were written and what their checksum is. It is written
after the bytes, so that a killed process has at most left bytes the table does not know of. A power
cut may lose bytes the table knows of; what was not sealed (forced to the disk, then marked) is
therefore read and compared before it is believed.

The checksum is a CRC-32: it tells a disk that lost or changed bytes, nobody who wants to deceive.
Against those stands the SHA-256 of the whole file, which needs no help from the pieces.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from app.models.downloads.rawfile import RawFile

PIECE = 1 << 20
_MAGIC = b"echelon2"
_HEAD = struct.Struct("<8sIQH")
_HEAD_BYTES = 512
_MARK_BYTES = _HEAD_BYTES - _HEAD.size
_SLOT = struct.Struct("<IBI")
_UNSEALED, _SEALED = 0, 1

Reader = Callable[[int, int], bytes]


def checksum_of(data: bytes | memoryview, before: int = 0) -> int:
    """Return the checksum of bytes that follow others, whose checksum is `before`."""
    return zlib.crc32(data, before)


class Pieces:
    """The table of one file; `mark` is what its server calls this version of it (an ETag)."""

    def __init__(self, file: RawFile, size: int, mark: str, slots: bytearray) -> None:
        self._file = file
        self._slots = slots
        self.size = size
        self.mark = mark
        self.count = -(-size // PIECE)
        self.done = sum(self.held(piece) for piece in range(self.count))
        self._fresh = {piece for piece in self.unsealed() if self.is_whole(piece)}

    @classmethod
    def create(cls, path: Path, size: int, mark: str) -> "Pieces":
        """Begin a table in which nothing is here yet."""
        name = mark.encode()[:_MARK_BYTES]
        head = _HEAD.pack(_MAGIC, PIECE, size, len(name)) + name
        slots = bytearray(-(-size // PIECE) * _SLOT.size)
        file = RawFile(path)
        file.resize(0)
        file.write(head.ljust(_HEAD_BYTES, b"\0") + slots, 0)
        return cls(file, size, mark, slots)

    @classmethod
    def load(cls, path: Path) -> "Pieces | None":
        """Return the table in a file, or None when there is none that can be understood."""
        if not path.exists():
            return None
        file = RawFile(path)
        head = file.read(_HEAD_BYTES, 0)
        if len(head) == _HEAD_BYTES:
            magic, piece, size, length = _HEAD.unpack_from(head)
            slots = bytearray(file.read(file.size, _HEAD_BYTES))
            whole = len(slots) == -(-size // PIECE) * _SLOT.size
            if (magic, piece) == (_MAGIC, PIECE) and whole:
                mark = head[_HEAD.size : _HEAD.size + length].decode(errors="replace")
                return cls(file, size, mark, slots)
        file.close()
        return None

    def close(self) -> None:
        """Close the table's file."""
        self._file.close()

    def length(self, piece: int) -> int:
        """Return how long a piece is; the last may be shorter."""
        return min(PIECE, self.size - piece * PIECE)

    def held(self, piece: int) -> int:
        """Return how many bytes of a piece are here."""
        length: int = _SLOT.unpack_from(self._slots, piece * _SLOT.size)[0]
        return min(length, self.length(piece))

    def checksum(self, piece: int) -> int:
        """Return the checksum of what is here of a piece."""
        found: int = _SLOT.unpack_from(self._slots, piece * _SLOT.size)[2]
        return found

    def is_whole(self, piece: int) -> bool:
        """Say whether a piece is here from its first to its last byte."""
        return self.held(piece) == self.length(piece)

    def note(self, piece: int, length: int, checksum: int) -> None:
        """Write down what is here of a piece; its bytes have been written before."""
        self.done += length - self.held(piece)
        self._put(piece, _SLOT.pack(length, _UNSEALED, checksum))
        if length == self.length(piece):
            self._fresh.add(piece)

    def forget(self, piece: int) -> None:
        """Let a piece be fetched again."""
        self.note(piece, 0, 0)

    def unsealed(self) -> list[int]:
        """Return the pieces that a power cut might take back."""
        return [piece for piece in range(self.count) if self.held(piece) and not self._seal(piece)]

    @property
    def fresh(self) -> list[int]:
        """The pieces that became whole and were not sealed."""
        return list(self._fresh)

    def seal(self, pieces: list[int]) -> None:
        """Mark whole pieces whose bytes have been forced to the disk.

        That the mark itself gets there is not waited for: without it a piece is only read again.
        """
        for piece in pieces:
            if self.is_whole(piece):
                at = piece * _SLOT.size
                length, _, checksum = _SLOT.unpack_from(self._slots, at)
                self._put(piece, _SLOT.pack(length, _SEALED, checksum))
        self._fresh.difference_update(pieces)

    def gaps(self) -> Iterator[tuple[int, int]]:
        """Yield what is missing, as first byte and end, joined where it touches."""
        start: int | None = None
        for piece in range(self.count):
            at, held = piece * PIECE, self.held(piece)
            if held and start is not None:
                yield start, at
                start = None
            if held < self.length(piece) and start is None:
                start = at + held
        if start is not None:
            yield start, self.size

    def distrust(self, read: Reader, pieces: list[int] | None = None) -> list[int]:
        """Compare pieces (the unsealed, if not said) with the disk; forget and return the bad."""
        bad = []
        for piece in self.unsealed() if pieces is None else pieces:
            length = self.held(piece)
            found = read(length, piece * PIECE)
            if len(found) != length or checksum_of(found) != self.checksum(piece):
                self.forget(piece)
                bad.append(piece)
        return bad

    def _seal(self, piece: int) -> bool:
        return bool(_SLOT.unpack_from(self._slots, piece * _SLOT.size)[1])

    def _put(self, piece: int, slot: bytes) -> None:
        at = piece * _SLOT.size
        self._slots[at : at + _SLOT.size] = slot
        self._file.write(slot, _HEAD_BYTES + at)
