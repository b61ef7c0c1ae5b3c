"""Figures about answers, with units, as the user's country writes them."""

from PySide6.QtCore import QLocale


def duration(milliseconds: float) -> str:
    """Return a time with a unit that suits it."""
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    if milliseconds < 60_000:
        return f"{QLocale().toString(milliseconds / 1000, 'f', 1)} s"
    return f"{QLocale().toString(milliseconds / 60_000, 'f', 1)} min"


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{share * 100:.0f} %"
