"""The shape of the memories' database."""

from pathlib import Path

from app import memory
from app.platform.migrations import Migration


def migrations() -> tuple[Migration, ...]:
    """Return the steps to the newest shape."""
    files = sorted(Path(memory.__file__).parent.glob("[0-9]*.sql"))
    return tuple(
        Migration(number, each.stem, each.read_text("utf-8"))
        for number, each in enumerate(files, 1)
    )
