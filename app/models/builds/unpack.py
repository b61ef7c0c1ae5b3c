"""Unpacks archives of strangers: every file stays in its folder, and none is larger than it says.

What is refused: names that lead out or mean devices, links to anything but a neighbour, special
files, names that meet, and more bytes or files than a build can have.
"""

import contextlib
import gzip
import io
import os
import shutil
import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from app.domain.amounts import in_words
from app.domain.builds import ArchiveUnfit
from app.domain.errors import NameRefused
from app.domain.filenames import safe_name
from app.models.downloads.partfile import require_space

_CHUNK: Final = 1 << 20
_DEEPEST: Final = 16
_LONGEST_LINK: Final = 255
_REMEDY: Final = "Nothing of it was kept. Choose another build, or try again later."


@dataclass(frozen=True, slots=True)
class Limits:
    """The most an archive may hold; no build of an engine comes near."""

    files: int = 5_000
    bytes: int = 12 << 30
    # No library is packed this well; small archives may be.
    ratio: int = 100
    free: int = 64 << 20

    def room(self, packed: int) -> int:
        """Return how many bytes may come out of so many packed ones."""
        return min(self.bytes, max(self.free, packed * self.ratio))


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing in an archive; `link` is where it points, `size` what it claims."""

    name: str
    size: int
    executable: bool
    content: IO[bytes] | None
    link: str = ""


def unpack(archive: Path, folder: Path, limits: Limits = Limits()) -> int:
    """Unpack a .zip, .whl or .tar.gz into a folder and return how many bytes it took. It blocks.

    Args:
        archive: the file; it is read with suspicion.
        folder: where everything goes; it must be there.
        limits: how much may come out.

    Raises:
        ArchiveUnfit: it holds what it must not, or is damaged.
        DiskFull: it does not fit.
    """
    writer = _Writer(folder, limits, archive.stat().st_size)
    try:
        with contextlib.closing(_entries(archive, writer.room)) as entries:
            for entry in entries:
                writer.take(entry)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _unfit(f"{archive.name} is damaged or no archive: {error}") from error
    except (NotImplementedError, RuntimeError, UnicodeError, gzip.BadGzipFile) as error:
        raise _unfit(f"{archive.name} is packed in a way that is not known here") from error
    writer.link_all()
    return writer.written


def _unfit(why: str) -> ArchiveUnfit:
    return ArchiveUnfit(f"The archive is not unpacked: {why}.", remedy=_REMEDY)


def _entries(archive: Path, room: int) -> Generator[_Entry, None, None]:
    packed = zipfile.is_zipfile(archive)
    return _of_zip(archive) if packed else _of_tar(archive, room)


def _of_zip(archive: Path) -> Generator[_Entry, None, None]:
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            if info.is_dir():
                continue
            mode = info.external_attr >> 16
            kind = stat.S_IFMT(mode)
            if kind not in {0, stat.S_IFREG, stat.S_IFLNK}:
                raise _unfit(f"“{info.filename[:80]}” is no plain file")
            with packed.open(info) as stream:
                link = ""
                if kind == stat.S_IFLNK:
                    link = stream.read(_LONGEST_LINK).decode("utf-8")
                runs = bool(mode & 0o111)
                yield _Entry(info.filename, info.file_size, runs, stream, link)


def _of_tar(archive: Path, room: int) -> Generator[_Entry, None, None]:
    with (
        _Bounded(archive, room) as plain,
        tarfile.open(fileobj=plain, mode="r:") as packed,
    ):
        for info in packed:
            if info.isdir():
                continue
            runs = bool(info.mode & 0o111)
            if info.issym():
                yield _Entry(info.name, 0, runs, None, info.linkname)
            elif info.isreg():
                yield _Entry(info.name, info.size, runs, packed.extractfile(info))
            else:
                raise _unfit(f"“{info.name[:80]}” is no plain file")


class _Bounded(gzip.GzipFile):
    """What is inside a .gz, up to a limit: its headers may claim to be of any length."""

    def __init__(self, archive: Path, room: int) -> None:
        self._room = room
        super().__init__(archive, "rb")

    def read(self, size: int | None = -1) -> bytes:
        """Return bytes; a single read is never longer than a file is read at once."""
        if size is None or not 0 <= size <= 4 * _CHUNK:
            raise _unfit("a header in it is too long")
        self._check(self.tell() + size)
        return super().read(size)

    def tell(self) -> int:
        """Return the place; the general way to know it goes through `seek`."""
        return super().seek(0, io.SEEK_CUR)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on to a place within the limit."""
        self._check(offset if whence == io.SEEK_SET else self.tell() + offset)
        return super().seek(offset, whence)

    def _check(self, place: int) -> None:
        if place > self._room + 4 * _CHUNK:
            raise _too_much(self._room)


def _too_much(room: int) -> ArchiveUnfit:
    return _unfit(f"more than {in_words(room)} would come out of it")


class _Writer:
    """Leaves files in one folder. Knows what it has left there."""

    def __init__(self, folder: Path, limits: Limits, packed: int) -> None:
        self._folder = folder
        self._limits = limits
        self.room = limits.room(packed)
        self.written = 0
        self._names: set[str] = set()
        self._links: list[tuple[Path, str]] = []
        self._claimed = 0

    def take(self, entry: _Entry) -> None:
        """Write one file, or note one link for later."""
        place = self._place(entry.name)
        self._claimed += entry.size
        if self._claimed > self.room:
            raise _too_much(self.room)
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.link:
            self._links.append((place, _neighbour(entry)))
        elif entry.content is not None:
            require_space(self._folder, entry.size)
            self._write(entry.content, place, executable=entry.executable)

    def link_all(self) -> None:
        """Make the links, now that nothing is written through them any more.

        Raises:
            ArchiveUnfit: one leads nowhere.
        """
        left = self._links
        while left:
            later = [link for link in left if not _made(*link)]
            if len(later) == len(left):
                raise _unfit(f"“{left[0][0].name}” points to a file that is not there")
            left = later

    def _place(self, name: str) -> Path:
        """Return where a file goes."""
        inner = PurePosixPath(name)
        steps = inner.parts
        odd = inner.is_absolute() or ".." in steps or "\\" in name or "\0" in name
        if odd or not steps or len(steps) > _DEEPEST:
            raise _unfit(f"“{name[:80]}” would lie outside its folder")
        for step in steps:
            _require_plain(step)
        self._note("/".join(steps))
        return self._folder.joinpath(*steps)

    def _note(self, name: str) -> None:
        folded = name.casefold()
        if folded in self._names:
            raise _unfit(f"“{name[:80]}” is in it twice")
        self._names.add(folded)
        if len(self._names) > self._limits.files:
            raise _unfit(f"it holds more than {self._limits.files:,} files")

    def _write(self, source: IO[bytes], place: Path, *, executable: bool) -> None:
        mode = 0o755 if executable else 0o644
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(place, flags, mode), "wb") as target:
            while chunk := source.read(_CHUNK):
                self.written += len(chunk)
                if self.written > self.room:
                    raise _too_much(self.room)
                target.write(chunk)


def _require_plain(step: str) -> None:
    """Refuse a name that some system would take for something else.

    Raises:
        ArchiveUnfit: it is one.
    """
    try:
        plain = safe_name(step) == step
    except NameRefused:
        plain = False
    if not plain:
        raise _unfit(f"“{step[:80]}” is no name for a file")


def _neighbour(entry: _Entry) -> str:
    """Return the name of the file beside it that a link points to; builds have no other links."""
    if "/" in entry.link or "\\" in entry.link:
        raise _unfit(f"“{entry.name[:80]}” points to another folder")
    _require_plain(entry.link)
    return entry.link


def _made(place: Path, target: str) -> bool:
    """Make a link if what it points to is there; where there are no links, a copy."""
    source = place.with_name(target)
    if not source.is_file():
        return False
    if sys.platform == "win32":
        shutil.copy2(source, place)
    else:
        place.symlink_to(target)
    return True
