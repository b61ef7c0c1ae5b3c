"""What a wish must be before it enters the queue, and whether it is there already."""

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from app.domain.downloads import State, Wanted
from app.domain.errors import DownloadError, FileInTheWay
from app.domain.filenames import safe_name, same_name
from app.models.downloads.rows import Entry

_SHA256_LETTERS = 64
_LEAVES = frozenset({State.DONE, State.CANCELLED})


def checked(wanted: Wanted) -> Wanted:
    """Return a wish whose files all stay inside its folder and do not meet there.

    Raises:
        DownloadError: a name, a hash or the folder cannot be used.
    """
    parts = tuple(
        replace(part, name=safe_name(part.name), sha256=_checked_hash(part.sha256))
        for part in wanted.parts
    )
    names = [part.name for part in parts]
    twice = [name for n, name in enumerate(names) for other in names[:n] if same_name(name, other)]
    if not parts or twice:
        raise DownloadError(
            f"{wanted.label} names {twice[0]} twice." if twice else f"{wanted.label} has no files.",
            remedy="Choose the files anew.",
        )
    if not wanted.folder.is_absolute():
        raise DownloadError(f"{wanted.folder} is no full path.", remedy="Name the whole path.")
    return replace(wanted, parts=parts)


def joined(wanted: Wanted, entries: Iterable[Entry]) -> Entry | None:
    """Return the entry that brings the same files.

    Raises:
        FileInTheWay: an entry brings some of them, or other content under their names.
    """
    for entry in entries:
        if entry.state in _LEAVES or not _meets(wanted, entry.wanted):
            continue
        if _key(wanted) != _key(entry.wanted):
            raise FileInTheWay(
                f"{entry.wanted.label} is in the queue and has a file of the same name.",
                remedy="Wait for it or cancel it, or choose another folder.",
            )
        return entry
    return None


def _checked_hash(sha256: str | None) -> str | None:
    if sha256 is None:
        return None
    plain = sha256.lower().removeprefix("sha256:").strip()
    if len(plain) != _SHA256_LETTERS or not set(plain) <= set("0123456789abcdef"):
        raise DownloadError(
            f"“{sha256[:80]}” is no SHA-256.", remedy="It has 64 digits from 0 to 9 and a to f."
        )
    return plain


def _meets(one: Wanted, other: Wanted) -> bool:
    if _folder(one.folder) != _folder(other.folder):
        return False
    names = [part.name for part in other.parts]
    return any(same_name(part.name, name) for part in one.parts for name in names)


def _folder(folder: Path) -> str:
    return os.path.normpath(folder)


def _key(wanted: Wanted) -> tuple[tuple[str, str | None], ...]:
    """Return what makes two wishes one: the names and the hashes that are known."""
    return tuple(sorted((part.name.casefold(), part.sha256) for part in wanted.parts))
