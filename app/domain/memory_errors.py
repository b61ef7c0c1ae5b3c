"""Errors about what is remembered; the tree of all errors is in `errors.py`."""

from app.domain.errors import AppError


class MemoriesError(AppError):
    """What was asked of the memories cannot be done."""

    code = "memories"


class MemoryMissing(MemoriesError):
    """The memory was deleted."""

    code = "memory_missing"


class MemoryRefused(MemoriesError):
    """A memory cannot be kept or changed like this; nothing was."""

    code = "memory_refused"


class MemoriesFileUnfit(MemoriesError):
    """No memories can be taken from this file, or written to it."""

    code = "memories_file_unfit"
