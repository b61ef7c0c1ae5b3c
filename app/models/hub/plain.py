"""Words of strangers for a line of ours: no control characters, no secrets, not too long."""

import unicodedata
from typing import Final

from app.platform.logs import without_secrets

_MOST: Final = 300
# Control characters, and marks that turn the direction of what follows.
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def plain(value: object, most: int = _MOST) -> str:
    """Return the value as one line of text that can do nothing to a terminal."""
    seen = "".join(
        " " if unicodedata.category(sign) in _UNSEEN else sign for sign in str(value)[: 4 * most]
    )
    words = without_secrets(" ".join(seen.split()))
    return words if len(words) <= most else f"{words[: most - 1]}…"
