"""Numbers between bounds: all of them, and no others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.runner.grammar.numbers import Bound, integers, numbers

bounds = st.none() | st.integers(-20, 20) | st.integers(-5000, 5000)


def pattern(grammar: str) -> re.Pattern[str]:
    """The same as a regular expression."""
    plain = re.sub(r'"([^"]*)"', lambda found: f"(?:{re.escape(found.group(1))})", grammar)
    return re.compile(f"(?:{plain.replace(' ', '')})")


@given(bounds, bounds, st.integers(-6000, 6000))
def test_whole_numbers(low: int | None, high: int | None, value: int) -> None:
    if low is not None and high is not None and low > high:
        with pytest.raises(ValueError, match="no number"):
            integers(low, high)
        return
    for each in {value, low or 0, high or 0, (low or 0) - 1, (high or 0) + 1}:
        inside = (low is None or each >= low) and (high is None or each <= high)
        assert bool(pattern(integers(low, high)).fullmatch(str(each))) == inside


@given(bounds, bounds, st.booleans(), st.booleans(), st.integers(-60000, 60000))
def test_numbers(low: int | None, high: int | None, above: bool, below: bool, tenths: int) -> None:
    if low is not None and high is not None and low > high:
        low, high = high, low
    first = None if low is None else Bound(low, above)
    last = None if high is None else Bound(high, below)
    try:
        found = pattern(numbers(first, last))
    except ValueError:
        assert low == high
        assert above or below
        return
    for value in {tenths / 10, low or 0, high or 0, (low or 0) + 0.5, (high or 0) - 0.5}:
        inside = (low is None or value > low or (value == low and not above)) and (
            high is None or value < high or (value == high and not below)
        )
        text = str(int(value)) if value == int(value) else str(value)
        assert bool(found.fullmatch(text)) == inside
