"""Brings a model from elsewhere into our folder: by a link where that can be, else by reference."""

import errno
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from app.domain.errors import AppError, DiskFull, ModelInvalid, ModelMissing, NotWritable
from app.domain.filenames import flat_name
from app.domain.names import printable
from app.domain.shelf import Folder, Found, Item, Origin
from app.models.shelf.adopt import look
from app.models.shelf.scan import free_space
from app.models.shelf.walk import is_model_file, why
from app.platform.threads import GoOn

Way = Literal["hard link", "symbolic link", "reference", "copy"]

_PIECE: Final = 4 << 20
_RESERVE: Final = 64 << 20
_PART_CHARACTERS: Final = len("-00001-of-00001.gguf")
_MOST_NAMES: Final = 1000
_NOT_POSSIBLE: Final = "Choose a file that ends in .gguf and that you may read."


@dataclass(frozen=True, slots=True)
class Brought:
    """How a model came in, the files it now has, and their hashes if they were read for that."""

    way: Way
    files: tuple[Path, ...]
    digests: tuple[str, ...] = ()


def beside(source: Path) -> Found:
    """Return the model that a file belongs to, with the parts that lie beside it.

    Raises:
        ModelMissing: there is no such file.
    """
    shown = printable(str(source))
    try:
        if source.is_file():
            return look(Folder(source, Origin.ADDED)).found[0]
        is_folder = source.is_dir()
    except (OSError, ValueError) as error:
        reason = why(error) if isinstance(error, OSError) else "this is no path"
        raise ModelMissing(f"{shown} cannot be read: {reason}.", remedy=_NOT_POSSIBLE) from error
    if is_folder:
        raise ModelMissing(
            f"{shown} is a folder.", remedy="Add it with `echelon models folders add`."
        )
    raise ModelMissing(f"There is no file {shown}.", remedy=_NOT_POSSIBLE)


def require_usable(item: Item) -> None:
    """Refuse what could not be used afterwards.

    Raises:
        ModelInvalid: the file is no model, or parts of it are missing.
    """
    if item.problem:
        raise ModelInvalid(f"{printable(item.path.name)}: {item.problem}", remedy=item.remedy)


def bring(item: Item, own: Path, *, copy: bool, go_on: GoOn = lambda: True) -> Brought:
    """Bring all files of a model into our folder; all of them come, or none.

    Raises:
        DiskFull: a copy does not fit.
        NotWritable: nothing can be written there.
    """
    names = _free_names(item, own)
    try:
        own.mkdir(parents=True, exist_ok=True)
        if copy:
            return _copied(item, names, go_on)
        return _linked(item, names)
    except OSError as error:
        raise _failed(own, error) from error


def _linked(item: Item, names: Sequence[Path]) -> Brought:
    sources = [source.absolute() for source in item.found.files]
    ways: tuple[tuple[Way, Callable[[Path, Path], None]], ...] = (
        ("hard link", _hard_link),
        ("symbolic link", _symbolic_link),
    )
    for way, link in ways:
        if _all_or_none(sources, names, link):
            return Brought(way, tuple(names))
    return Brought("reference", tuple(sources))


def _hard_link(source: Path, target: Path) -> None:
    target.hardlink_to(source.resolve())


def _symbolic_link(source: Path, target: Path) -> None:
    target.symlink_to(source)


def _all_or_none(
    sources: Sequence[Path], names: Sequence[Path], link: Callable[[Path, Path], None]
) -> bool:
    """Link all files, or leave nothing behind: another disk, or a system without such links."""
    made: list[Path] = []
    try:
        for source, target in zip(sources, names, strict=True):
            link(source, target)
            made.append(target)
    except OSError:
        for target in made:
            target.unlink(missing_ok=True)
        return False
    return True


def _copied(item: Item, names: Sequence[Path], go_on: GoOn) -> Brought:
    own = names[0].parent
    free = free_space(own)
    if free is not None and item.size + _RESERVE > free:
        raise _full(own)
    made: list[Path] = []
    digests = []
    try:
        for source, target in zip(item.found.files, names, strict=True):
            made.append(target)
            digests.append(_copy(source, target, go_on))
    except BaseException:
        for target in made:
            target.unlink(missing_ok=True)
        raise
    return Brought("copy", tuple(names), tuple(digests))


def _copy(source: Path, target: Path, go_on: GoOn) -> str:
    """Copy one file and return its hash; it has its name once all of it is on the disk."""
    digest = hashlib.sha256()
    fresh = target.with_name(f"{target.name}.new")
    try:
        with source.open("rb") as reading, fresh.open("wb") as writing:
            while piece := reading.read(_PIECE):
                if not go_on():
                    raise OSError(errno.ECANCELED, os.strerror(errno.ECANCELED))
                digest.update(piece)
                writing.write(piece)
            writing.flush()
            os.fsync(writing.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return digest.hexdigest()


def _free_names(item: Item, own: Path) -> list[Path]:
    """Return names in our folder that nobody has yet, the same for all parts."""
    for number in range(1, _MOST_NAMES):
        names = [own / _named(item, file, number) for file in item.found.files]
        if not any(os.path.lexists(name) for name in names):
            return names
    raise NotWritable(
        f"There are too many models of this name in {printable(str(own))}.",
        remedy="Delete some of them.",
    )


def _named(item: Item, file: Path, number: int) -> str:
    name = file.name
    if not is_model_file(name):  # another program's blob, named by its digest
        recipe = f"-{item.card.quantisation}" if item.card and item.card.quantisation else ""
        name = f"{item.name.replace(' ', '-')}{recipe}.gguf"
    again = f"-{number}" if number > 1 else ""
    ending = name[-_PART_CHARACTERS:] if len(item.found.files) > 1 else name[-5:]
    # The number of a part stands at the very end, where its siblings are looked for.
    return flat_name(f"{name[: -len(ending)]}{again}.gguf")[:-5] + ending


def _failed(own: Path, error: OSError) -> AppError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _full(own)
    return NotWritable(
        f"Nothing can be written to {printable(str(own))}: {why(error)}.",
        remedy="Check the folder's rights and the disk, then try again.",
    )


def _full(own: Path) -> DiskFull:
    return DiskFull(
        f"The copy does not fit onto the disk of {printable(str(own))}.",
        remedy="Free some space, or import without a copy.",
    )
