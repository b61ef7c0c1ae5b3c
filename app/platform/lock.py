"""A lock of the operating system on a file: it ends with the process that holds it."""

import errno
import sys
from pathlib import Path
from typing import IO

from app.domain.errors import InstanceError, NotWritable

_HELD_ELSEWHERE = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}


def try_lock(path: Path) -> IO[str] | None:
    """Return the locked file, or None when another process holds it.

    Raises:
        NotWritable: the file belongs to somebody else.
        InstanceError: the file system has no locks.
    """
    try:
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise NotWritable(
            f"Echelon cannot write to {path}: {error.strerror}.",
            remedy="Give yourself the right to write there, or remove that file.",
        ) from error
    try:
        _lock(file)
    except OSError as error:
        file.close()
        if error.errno in _HELD_ELSEWHERE:
            return None
        raise InstanceError(
            f"The disk with {path.parent} cannot lock files: {error.strerror}.",
            remedy="Name a folder on another disk in ORCHESTRATOR_DATA_DIR.",
        ) from error
    return file


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - exists on POSIX only

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
