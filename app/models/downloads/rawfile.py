"""A file written at any place, without buffers of our own between it and the system."""

import os
import sys
from pathlib import Path

_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# A link laid where our file should be leads nowhere.
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


class RawFile:
    """One open file. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, _FLAGS | _NO_LINKS, 0o666)

    @property
    def size(self) -> int:
        """How long the file is."""
        return os.fstat(self._descriptor).st_size

    def write(self, data: bytes | memoryview, offset: int) -> None:
        """Write all of `data` at `offset`."""
        rest = memoryview(data)
        while rest:
            written = self._write(rest, offset)
            offset += written
            rest = rest[written:]

    def read(self, length: int, offset: int) -> bytes:
        """Return up to `length` bytes from `offset`; fewer where the file ends before."""
        found = b""
        while len(found) < length and (more := self._read(length - len(found), offset)):
            found += more
            offset += len(more)
        return found

    def resize(self, size: int) -> None:
        """Make the file as long as told."""
        os.ftruncate(self._descriptor, size)

    def reserve(self, size: int) -> None:
        """Make the file as long as told, with room on the disk for all of it where that exists."""
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(self._descriptor, 0, size)
        self.resize(size)

    def sync(self) -> None:
        """Wait until what was written is on the disk."""
        getattr(os, "fdatasync", os.fsync)(self._descriptor)

    def close(self) -> None:
        """Close the file; closing twice is fine."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self, data: memoryview, offset: int) -> int:
        if sys.platform == "win32":
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            return os.write(self._descriptor, data)
        return os.pwrite(self._descriptor, data, offset)

    def _read(self, length: int, offset: int) -> bytes:
        if sys.platform == "win32":
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            return os.read(self._descriptor, length)
        return os.pread(self._descriptor, length, offset)
