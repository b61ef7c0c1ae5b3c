"""Looks into model files, once for as long as they stay the same."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from app.domain.gguf import GgufError, GgufHeader, read_header
from app.domain.models import ModelSpec
from app.domain.shelf import Found, Item, Origin, described
from app.models.identity import Identities
from app.models.shelf.records import Key, Row
from app.models.shelf.walk import why

_AGAIN: Final = "Download it again, or delete it."
_NO_MODEL: Final = "Delete it, or move it out of the folder."
_RIGHTS: Final = "Give yourself the right to read it."
_LOST_LINK: Final = "The file was moved or deleted; delete the link, or put the file back."


@dataclass(slots=True)
class Reader:
    """Reads models and collects what is worth keeping in `fresh`.

    `known` is what was read before; a file that has not changed since is not opened.
    """

    identities: Identities
    known: Mapping[Path, Row]
    fresh: dict[Path, Row] = field(default_factory=dict)

    def item(self, found: Found) -> Item:
        """Return one model; what is wrong with its files becomes words, never an exception."""
        path = found.files[0]
        try:
            key = _key(found)
            row = self.known.get(path)
            if row is None or row.key != key:
                row = self.fresh[path] = self._read(found, key)
            elif row.id and (now := self.identities.remember(path, row.id)) != row.id:
                row = self.fresh[path] = replace(row, id=now)
        except OSError as error:
            return _unreadable(found, error)
        size = sum(each for each, _, _ in key)
        problem, remedy = _complete(found, row.problem)
        return Item(found, size, row.id, row.card, problem, remedy, row.digests)

    def _read(self, found: Found, key: Key) -> Row:
        card = None
        try:
            headers = [
                _header(file, size) for file, (size, _, _) in zip(found.files, key, strict=True)
            ]
            card = described(headers)
            _require_whole(headers, key)
        except GgufError as error:
            return Row(key, "", card, f"The file cannot be used: {error}.")
        spec = ModelSpec(name="library", path=found.files[0])
        return Row(key, "" if found.absent else self.identities(spec), card, "")


def keys_of(files: tuple[Path, ...]) -> Key:
    """Return what tells whether files have changed.

    Raises:
        OSError: one of them is not there, or may not be looked at.
    """
    states = [file.stat() for file in files]
    return tuple((state.st_size, state.st_mtime_ns, state.st_ino) for state in states)


def _key(found: Found) -> Key:
    for file in found.files:
        # A pipe under the name of a model would keep us waiting for ever.
        if not stat.S_ISREG(file.stat().st_mode):
            raise OSError(0, "it is no ordinary file")
    return keys_of(found.files)


def _header(file: Path, size: int) -> GgufHeader:
    with file.open("rb") as stream:
        return read_header(stream, size=size)


def _require_whole(headers: list[GgufHeader], key: Key) -> None:
    for header, (size, _, _) in zip(headers, key, strict=True):
        if header.expected_size > size:
            raise GgufError(f"it is cut short, {size:,} of at least {header.expected_size:,} bytes")


def _complete(found: Found, problem: str) -> tuple[str, str]:
    if problem:
        return problem, _AGAIN if found.origin.ours else _theirs(found.origin)
    if found.absent:
        told = f"{found.absent} of its {found.count} parts are not there."
        return told, "Download the missing parts into the same folder."
    return "", ""


def _theirs(origin: Origin) -> str:
    return f"Download it again with the program it belongs to ({origin.label})."


def _unreadable(found: Found, error: OSError) -> Item:
    path = found.files[0]
    if isinstance(error, FileNotFoundError) and path.is_symlink():
        return Item(found, 0, problem="The link leads nowhere.", remedy=_LOST_LINK)
    if isinstance(error, FileNotFoundError):
        return Item(found, 0, problem="The file is not there any more.", remedy=_AGAIN)
    remedy = _RIGHTS if isinstance(error, PermissionError) else _NO_MODEL
    return Item(found, 0, problem=f"The file cannot be read: {why(error)}.", remedy=remedy)
