"""A file becomes passages, or a word about why it does not."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.memory.collections.decoding import NotText, decoded
from app.memory.collections.passages import Passage, passages
from app.memory.collections.walking import MOST_BYTES, Seen

MOST_PASSAGES: Final = 2_000
_TRIES: Final = 2
CHANGING: Final = "It changed while it was read; it will be read again."


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says. `digest` is of its bytes; `why` says what is wrong, '' for nothing."""

    seen: Seen
    digest: str = ""
    passages: tuple[Passage, ...] = ()
    why: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether this is the last word on the file as it stands."""
        return bool(self.digest)


def read(seen: Seen, known: str = "") -> Read:
    """Read a file that was seen; where its bytes are those already known, only that is said."""
    try:
        data = _bytes(seen.path)
    except OSError as error:
        return Read(seen, why=f"It cannot be read: {error.strerror}.")
    if data is None:
        return Read(seen, why=CHANGING)
    digest = hashlib.sha256(data).hexdigest()
    if digest == known:
        return Read(seen, digest)
    try:
        text = decoded(data)
    except NotText as error:
        return Read(seen, digest, why=str(error))
    found = tuple(passages(text, seen.place))
    why = ""
    if len(found) > MOST_PASSAGES:
        found = found[:MOST_PASSAGES]
        why = f"Only its first {MOST_PASSAGES:,} passages are kept."
    return Read(seen, digest, found, why)


def _bytes(path: Path) -> bytes | None:
    """Return the bytes of a file that stood still while it was read; None where it does not."""
    for _ in range(_TRIES):
        # No link that was put in its place meanwhile is followed, and no pipe is waited for.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                return b"\0"
            data = file.read(MOST_BYTES + 1)
            after = os.fstat(file.fileno())
        same = (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
        if same and len(data) == after.st_size:
            return data
    return None
