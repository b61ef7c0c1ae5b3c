"""Names that come from strangers, made fit for a line on a screen; for files: `filenames.py`."""

from typing import Final

SHOWN: Final = 120


def printable(text: str, limit: int = SHOWN) -> str:
    """Return text without anything that moves a cursor or turns the line around, and not too long.

    A long text keeps its two ends: files differ there.
    """
    shown = "".join(each if each.isprintable() else "?" for each in text)
    if len(shown) <= limit:
        return shown
    tail = limit // 3
    return f"{shown[: limit - tail - 1]}…{shown[-tail:]}"
