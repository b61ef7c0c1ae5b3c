"""JSON numbers between bounds, as GBNF."""

from dataclasses import dataclass
from typing import Final

DIGITS: Final = 15  # beyond, a double no longer tells neighbouring whole numbers apart
# Between bounds a number must not be rounded onto one of them when it is read.
FRACTION: Final = '("." [0-9]{1,6})?'
ZEROS: Final = '("." "0"{1,6})?'
NOT_ZERO: Final = '"." [0-9]{0,5} [1-9]'
ANY: Final = '"-"? ("0" | [1-9] [0-9]{0,14}) ("." [0-9]{1,15})? ([eE] [+-]? [0-9]{1,2})?'


def integers(low: int | None, high: int | None) -> str:
    """Return a grammar for the whole numbers from `low` to `high`, both included.

    Raises:
        ValueError: there is none.
    """
    if low is not None and high is not None and low > high:
        raise ValueError(f"no number is at least {low} and at most {high}")
    parts: list[str] = []
    if low is None or low < 0:
        most = None if low is None else -low
        parts.append(f'"-" ({_magnitudes(max(1, -high) if high is not None else 1, most)})')
    if high is None or high >= 0:
        parts.append(_magnitudes(max(0, low or 0), high))
    return " | ".join(parts)


def _magnitudes(low: int, high: int | None) -> str:
    """Digits without a sign from `low` to `high`, or to as many digits as are exact."""
    if high is None:
        high = max(10**DIGITS - 1, 10 ** (len(str(low)) + 1) - 1)
    parts = []
    while low <= high:
        top = min(high, 10 ** len(str(low)) - 1)
        parts.append(_same_length(str(low), str(top)))
        low = top + 1
    return " | ".join(parts)


def _same_length(low: str, high: str) -> str:
    """Digits between two numbers of the same length."""
    if not low:
        return '""'
    if low[0] == high[0]:
        return " ".join(filter(None, (f'"{low[0]}"', _tail(low[1:], high[1:]))))
    first, last, rest = int(low[0]), int(high[0]), len(low) - 1
    parts = []
    if low[1:].strip("0"):
        parts.append(f'"{first}" {_tail(low[1:], "9" * rest)}')
        first += 1
    if high[1:].strip("9"):
        last -= 1
    if first <= last:
        parts.append(f"[{first}-{last}]" + _any_digits(rest))
    if high[1:].strip("9"):
        parts.append(f'"{last + 1}" {_tail("0" * rest, high[1:])}')
    return " | ".join(parts)


def _tail(low: str, high: str) -> str:
    if not low:
        return ""
    if not low.strip("0") and not high.strip("9"):
        return _any_digits(len(low)).strip()
    return f"({_same_length(low, high)})"


def _any_digits(count: int) -> str:
    return f" [0-9]{{{count}}}" if count else ""


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of a range of numbers; `open` when it does not belong to it."""

    value: int
    open: bool = False


def numbers(low: Bound | None, high: Bound | None) -> str:
    """Return a grammar for the numbers between whole-numbered bounds.

    Raises:
        ValueError: there is none.
    """
    if low is None and high is None:
        return ANY
    parts = []
    if low is None or low.value < 0:
        nearest = Bound(-high.value, high.open) if high and high.value <= 0 else Bound(0, True)
        parts.append(f'"-" ({_between(nearest, Bound(-low.value, low.open) if low else None)})')
    if high is None or high.value > 0 or not (high.value or high.open):
        parts.append(_between(low if low and low.value >= 0 else Bound(0), high))
    found = " | ".join(part for part in parts if "()" not in part and part)
    if not found:
        raise ValueError("no number lies between the bounds")
    return found


def _between(low: Bound, high: Bound | None) -> str:
    """Numbers without a sign; '' for none."""
    if high is not None and low.value == high.value:
        return "" if low.open or high.open else f'"{low.value}" {ZEROS}'
    if high is not None and low.value > high.value:
        return ""
    parts = []
    first = low.value
    if low.open:
        parts.append(f'"{low.value}" {NOT_ZERO}')
        first += 1
    last = high.value - 1 if high is not None else None
    if last is None or first <= last:
        parts.append(f"({_magnitudes(first, last)}) {FRACTION}")
    if high is not None and not high.open:
        parts.append(f'"{high.value}" {ZEROS}')
    return " | ".join(parts)
