"""A look at the model file before the library sees it: is it there, is it whole, is it a GGUF."""

from pathlib import Path

from app.engines.runner.failures import ExitCode, LoadFailed

MAGIC = b"GGUF"


def check(path: Path) -> None:
    """Make sure that the file can be loaded, as far as that shows from outside.

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
