"""Names of files that come from elsewhere, made into names that stay inside their folder."""

import re
import unicodedata

from app.domain.errors import NameRefused

# Room stays for what is written behind the name while the file is not complete.
NAME_BYTES = 200
_ENDING_BYTES = 20
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*]|[\ud800-\udfff]')
# Names that mean a device to Windows, whatever follows their first dot.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)")


def safe_name(name: str) -> str:
    """Return one name without any folder that every system takes for a plain file.

    Raises:
        NameRefused: nothing of the name can be kept.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", last)).strip(" ").rstrip(" .")
    if not plain.strip("."):
        raise NameRefused(
            f"“{name[:80]!a}” is no name for a file.",
            remedy="Look at the address, or name the file yourself.",
        )
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    return _shortened(plain)


def flat_name(text: str) -> str:
    """Return a whole text, folders and all, as the name of one visible file; nothing is refused."""
    flat = "".join(each if each.isprintable() else "_" for each in text)
    return safe_name(re.sub(r"[/\\]", "_", flat).strip(" .") or "_")


def same_name(one: str, other: str) -> bool:
    """Say whether two names may mean the same file: many systems do not tell case apart."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _shortened(name: str) -> str:
    """Cut the middle of a name that is too long; its ending stays, for it says what the file is."""
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    kept = f"{dot}{ending}" if len(ending.encode()) < _ENDING_BYTES and stem else ""
    room = NAME_BYTES - len(kept.encode())
    return name.encode()[:room].decode(errors="ignore").rstrip(" .") + kept
