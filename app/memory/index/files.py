"""Index files: complete on the disk or not there, and never believed without a look.

A file is a line of JSON, which says what it holds, and the packed vectors of each view. Files are
written and read here and not by FAISS, which cannot open paths with letters beyond ASCII on Windows
and may end the process over bytes that are not its own.
"""

import json
import logging
import os
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import AppError
from app.memory.rows import VIEWS, View
from app.platform.lock import try_lock

log = logging.getLogger(__name__)

FORMAT: Final = 1
_LINE_BYTES: Final = 64 * 1024
_ENDING: Final = ".index"
_SET_ASIDE: Final = "set-aside.bad"

Packed = NDArray[np.uint8]


class IndexUnfit(ValueError):
    """A file that does not hold what it should."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a file holds: whose vectors, of which scope, as of which change, and how many.

    `bytes` and `sums` are of each view's packed vectors. `marks` are sums of the newest vectors by
    view, which tell another store's vectors under the same numbers.
    """

    embedder: str
    scope: int
    size: int
    seq: int
    counts: dict[View, int]
    bytes: dict[View, int]
    sums: dict[View, int]
    marks: dict[int, int]
    format: int = FORMAT


class Folder:
    """Owns the folder of index files; with the lock it may write there."""

    def __init__(self, path: Path) -> None:
        """Begin without the lock."""
        self._path = path
        self._lock: IO[str] | None = None

    def take(self) -> str:
        """Try to take the folder; return why nothing can be saved there, or ''."""
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = try_lock(self._path / "lock")
        except (OSError, AppError) as error:
            return str(error)
        return "" if self._lock else "another Echelon uses the index"

    def release(self) -> None:
        """Let others take it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def is_ours(self) -> bool:
        """Whether we may write."""
        return self._lock is not None

    def scopes(self) -> tuple[int, ...]:
        """Return the scopes that have a file."""
        names = [each.stem for each in self._path.glob(f"*{_ENDING}")]
        return tuple(sorted(int(name) for name in names if name.isdecimal()))

    def bytes(self) -> int:
        """Return how much all files take."""
        sizes = 0
        for each in self._path.glob("*"):
            with suppress(OSError):
                sizes += each.stat().st_size
        return sizes

    def write(self, header: Header, parts: Mapping[View, Packed]) -> None:
        """Replace a scope's file; it is complete on the disk or as it was.

        Raises:
            OSError: it is as it was.
        """
        target = self._file(header.scope)
        fresh = target.with_suffix(".tmp")
        try:
            with fresh.open("wb") as file:
                file.write(json.dumps(asdict(header)).encode() + b"\n")
                for view in VIEWS:
                    file.write(parts[view].data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)
            # It may hold vectors of what was deleted since.
            (self._path / _SET_ASIDE).unlink(missing_ok=True)
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)

    def header(self, scope: int) -> Header:
        """Return what a scope's file says of itself.

        Raises:
            OSError: there is none, or it cannot be read.
            IndexUnfit: it says nothing that is understood.
        """
        with self._file(scope).open("rb") as file:
            return _header(file.readline(_LINE_BYTES))

    def read(self, scope: int) -> tuple[Header, dict[View, Packed]]:
        """Return what a scope's file holds, byte for byte as it was written.

        Raises:
            OSError: there is none, or it cannot be read.
            IndexUnfit: it is cut off, or another file.
        """
        with self._file(scope).open("rb") as file:
            header = _header(file.readline(_LINE_BYTES))
            parts = {view: _packed(file, header, view) for view in VIEWS}
            if file.read(1):
                raise IndexUnfit("it is longer than it says")
        return header, parts

    def set_aside(self, scope: int, why: str) -> None:
        """Move a scope's file out of the way; the last one is kept until another is written."""
        log.warning("the index of scope %d is made anew: %s", scope, why)
        if self.is_ours:
            with suppress(OSError):
                self._file(scope).replace(self._path / _SET_ASIDE)

    def remove(self, scopes: Sequence[int]) -> None:
        """Delete the files of scopes."""
        for scope in scopes if self.is_ours else ():
            with suppress(OSError):
                self._file(scope).unlink(missing_ok=True)

    def _file(self, scope: int) -> Path:
        return self._path / f"{scope}{_ENDING}"


def summed(data: bytes | memoryview) -> int:
    """Return the sum by which bytes are known again."""
    return zlib.crc32(data)


def _header(line: bytes) -> Header:
    try:
        found: dict[str, Any] = json.loads(line)
        marks = {int(view): int(mark) for view, mark in found.pop("marks").items()}
        header = Header(**found, marks=marks)
        numbers = [header.scope, header.size, header.seq]
        for each in (header.counts, header.bytes, header.sums):
            numbers += [each[view] for view in VIEWS]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise IndexUnfit(f"its first line is none of ours ({error})") from error
    if header.format != FORMAT or not all(type(each) is int and each >= 0 for each in numbers):
        raise IndexUnfit("it has another form")
    return header


def _packed(file: IO[bytes], header: Header, view: View) -> Packed:
    size = os.fstat(file.fileno()).st_size - file.tell()
    if size < header.bytes[view]:
        raise IndexUnfit("it is cut off")
    data = np.fromfile(file, np.uint8, header.bytes[view])
    if summed(data.data) != header.sums[view]:
        raise IndexUnfit("its bytes are not those that were written")
    return data
