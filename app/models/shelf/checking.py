"""Reads all bytes of a model and says whether they are what they should be."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.domain.gguf import GgufError, read_header
from app.domain.shelf import Item
from app.models.shelf.reading import keys_of
from app.models.shelf.walk import why
from app.platform.threads import GoOn

OnRead = Callable[[int], None]

_PIECE: Final = 1 << 20
_WHOLE: Final = "sha256:"
_AGAIN: Final = "Download it again; what is on the disk now is not what it was."


class Verdict(StrEnum):
    """What a check found."""

    RIGHT = "right"
    FIRST = "first"  # there was nothing to compare with; from now on there is
    DAMAGED = "damaged"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one model, in words, with the hashes its files have now."""

    item: Item
    verdict: Verdict
    detail: str
    remedy: str = ""
    digests: tuple[str, ...] = ()


def check(item: Item, go_on: GoOn = lambda: True, on_read: OnRead = lambda _: None) -> Check:
    """Read a model as a whole and compare it with all that is known of it.

    Args:
        item: the model.
        go_on: says whether anybody still wants to know.
        on_read: is told how many bytes more were read, in the thread that reads.
    """
    if item.problem:
        return Check(item, Verdict.DAMAGED, item.problem, item.remedy)
    try:
        before = keys_of(item.found.files)
        for file in item.found.files:
            _require_bounds(file)
        read = _read(item.found.files, go_on, on_read)
        same = keys_of(item.found.files) == before
    except GgufError as error:
        return Check(item, Verdict.DAMAGED, f"The file cannot be used: {error}.", _AGAIN)
    except OSError as error:
        detail = f"It could not be read: {why(error)}."
        return Check(item, Verdict.UNREAD, detail, "Check the disk, then try again.")
    if read is None or not same:
        return Check(item, Verdict.UNREAD, "It was not read to its end.", "Try again.")
    return _compared(item, *read)


def _compared(item: Item, digests: tuple[str, ...], whole: str) -> Check:
    truths = (
        (item.found.expected, digests, f"what {item.found.origin.label} says"),
        (item.digests, digests, "what it was when it was last read"),
        ((item.id,) if item.id.startswith(_WHOLE) else (), (_WHOLE + whole,), "its id"),
    )
    known = [(told, now, words) for told, now, words in truths if told]
    for told, now, words in known:
        if told != now:
            detail = f"Its bytes are not {words}."
            return Check(item, Verdict.DAMAGED, detail, _AGAIN, digests)
    if not known:
        detail = "It was read as a whole for the first time; its hash is kept."
        return Check(item, Verdict.FIRST, detail, digests=digests)
    words = " and ".join(words for _, _, words in known)
    return Check(item, Verdict.RIGHT, f"Every byte is {words}.", digests=digests)


def _require_bounds(file: Path) -> None:
    """Refuse a file whose tensors reach beyond its end."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        header = read_header(stream, size=size)
    for tensor in header.tensors:
        if header.data_offset + tensor.offset + (tensor.size or 0) > size:
            raise GgufError(f"its tensor {tensor.name[:40]!r} reaches beyond the end of the file")


def _read(
    files: tuple[Path, ...], go_on: GoOn, on_read: OnRead
) -> tuple[tuple[str, ...], str] | None:
    """Return the SHA-256 of every file, and of all of them in a row."""
    whole = hashlib.sha256()
    digests = []
    for file in files:
        digest = hashlib.sha256()
        with file.open("rb") as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                if len(files) > 1:
                    whole.update(piece)
                on_read(len(piece))
                if not go_on():
                    return None
        digests.append(digest.hexdigest())
    return tuple(digests), whole.hexdigest() if len(files) > 1 else digests[0]
