"""Which of several candidates a message means: “forget 2”, “vergiss 1 und 3”, “all”. Pure."""

import re
from typing import Final

_CHOICE: Final = re.compile(
    r"\s*(?:please\s+|bitte\s+)?(?:forget|vergiss)?\s*"
    r"(?P<which>all(?:\s+of\s+them)?|alle|yes|ja|none|no|nein|keine?"
    r"|(?:(?:#|nr\.?\s*|number\s+)?\d{1,4}(?:\s*(?:,|and|und|&)\s*)?)+)\s*[.!]?\s*",
    re.IGNORECASE,
)
_ALL: Final = frozenset({"all", "all of them", "alle"})
_YES: Final = frozenset({"yes", "ja"})


def chosen(text: str, count: int) -> tuple[int, ...] | None:
    """Return the places (from 0) of what is meant, () for none; None where it is no choice.

    A yes is one only where there is one candidate.
    """
    match = _CHOICE.fullmatch(text)
    if match is None:
        return None
    which = " ".join(match["which"].casefold().split())
    if which in _ALL or (which in _YES and count == 1):
        return tuple(range(count))
    numbers = [int(each) for each in re.findall(r"\d+", which)]
    if which in _YES or any(not 1 <= each <= count for each in numbers):
        return None
    return tuple(dict.fromkeys(each - 1 for each in numbers))
