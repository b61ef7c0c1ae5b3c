"""Which files of a folder are read: no hidden ones, no links, nothing that cannot be text."""

import fnmatch
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.platform.storage import storable

MOST_FILES: Final = 10_000
MOST_BYTES: Final = 5_000_000
IGNORED: Final = (
    "node_modules", "__pycache__", "venv", "build", "dist", "target", "*.egg-info", "*.lock",
    "*.min.js", "*.min.css", "*.map", "package-lock.json", "~*", "*~", "*.tmp", "*.bak", "*.swp",
)  # fmt: skip
# What is never text: not even opened.
_BINARY_NAMES: Final = """
.png .jpg .jpeg .gif .webp .bmp .ico .tif .tiff .heic .mp3 .mp4 .mkv .mov .avi .wav .flac .ogg .zip
.gz .xz .7z .tar .rar .exe .dll .so .dylib .o .a .class .pyc .gguf .bin .db .sqlite .woff .woff2
.ttf .otf .safetensors .npy .iso
"""
_BINARY: Final = frozenset(_BINARY_NAMES.split())


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was seen: its place in the folder, and what tells that it changed."""

    place: str
    path: Path
    modified: int
    size: int


@dataclass
class Walk:
    """What was found in a folder, what was passed over and why, in words."""

    files: list[Seen] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    incomplete: str = ""


def walk(root: Path, ignored: Sequence[str] = ()) -> Walk:
    """Return the files of a folder, or the one file this is, in the order of their names.

    Raises:
        OSError: the folder cannot be read.
    """
    found = Walk()
    if root.is_file():
        _look(root, root.name, found)
        return found
    patterns = (*IGNORED, *ignored)
    for place, path in _below(root, patterns, found):
        if len(found.files) >= MOST_FILES:
            found.incomplete = f"Only the first {MOST_FILES:,} files are read."
            break
        _look(path, place, found)
    return found


def _below(root: Path, patterns: Sequence[str], found: Walk) -> Iterator[tuple[str, Path]]:
    next(root.iterdir(), None)  # a folder that cannot be read is an error, one below is skipped

    def failed(error: OSError) -> None:
        place = storable(Path(error.filename).relative_to(root).as_posix())
        found.skipped[place] = f"It cannot be read: {error.strerror}."

    for folder, folders, names in os.walk(root, onerror=failed, followlinks=False):
        below = Path(folder).relative_to(root)
        folders[:] = sorted(
            each
            for each in folders
            if not _is_ignored(below / each, patterns) and not (Path(folder) / each).is_symlink()
        )
        for name in sorted(names):
            if not _is_ignored(below / name, patterns):
                # A name in no encoding has a place in words, too.
                yield storable((below / name).as_posix()), Path(folder) / name


def _is_ignored(place: Path, patterns: Sequence[str]) -> bool:
    name, whole = place.name, place.as_posix()
    return (
        name.startswith(".")
        or place.suffix.casefold() in _BINARY
        or any(fnmatch.fnmatch(name, each) or fnmatch.fnmatch(whole, each) for each in patterns)
    )


def _look(path: Path, place: str, found: Walk) -> None:
    try:
        state = path.lstat()
    except OSError as error:
        found.skipped[place] = f"It cannot be read: {error.strerror}."
        return
    if stat.S_ISLNK(state.st_mode):
        found.skipped[place] = "It is a link; links are not followed."
    elif not stat.S_ISREG(state.st_mode):
        found.skipped[place] = "It is no file."
    elif state.st_size > MOST_BYTES:
        found.skipped[place] = f"It is larger than {MOST_BYTES // 1_000_000} MB."
    else:
        found.files.append(Seen(place, path, state.st_mtime_ns, state.st_size))
