"""The model file seen from outside: is it there, is it a GGUF, is all of it there."""

from pathlib import Path

from app.domain.gguf import MAGIC, GgufError, read_header
from app.engines.runner.failures import ExitCode, LoadFailed


def check(path: Path) -> None:
    """Make sure that there is something to load.

    Raises:
        LoadFailed: the file is missing, unreadable, or no GGUF.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"The model file cannot be opened: {path} ({reason})."
        raise LoadFailed(ExitCode.MODEL_MISSING, message) from error
    if magic != MAGIC:
        raise LoadFailed(ExitCode.MODEL_INVALID, f"This file is no GGUF model: {path}.")


def complaint(path: Path) -> str:
    """Say in words for people what is wrong with a file the library refused, or ''.

    Reading a big vocabulary takes a while, so this is asked only after a failure.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = read_header(file, size=size)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    except GgufError as error:
        return str(error)
    if header.expected_size > size:
        return f"it is cut short: {size} of {header.expected_size} bytes are there"
    return ""
