"""Names that come from strangers: made fit for a line on a screen, or for a file of ours."""

import re
from typing import Final

SHOWN: Final = 120
_NAME_BYTES: Final = 200
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*]')
# Windows opens a device under these names, whatever the ending and wherever the folder.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def printable(text: str, limit: int = SHOWN) -> str:
    """Return text without anything that moves a cursor or turns the line around, and not too long.

    A long text keeps its two ends: files differ there.
    """
    shown = "".join(each if each.isprintable() else "?" for each in text)
    if len(shown) <= limit:
        return shown
    tail = limit // 3
    return f"{shown[: limit - tail - 1]}…{shown[-tail:]}"


def flat_file_name(name: str) -> str:
    """Return a whole text as the name of one visible file on every system, with its ending.

    Folders become part of it and nothing is refused; `filenames.safe_name` takes the last part of
    an address and may refuse it.
    """
    plain = "".join(each if each.isprintable() else "_" for each in name)
    plain = _FORBIDDEN.sub("_", plain).strip(" .") or "_"
    plain = f"_{plain}" if _DEVICES.match(plain) else plain
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 8:
        stem, ending = plain, ""
    suffix = f".{ending}" if ending else ""
    room = _NAME_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + suffix
