"""Relative time becomes dates: of every day, in both languages, and whatever else is said."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.memory.writing.dates import dated, dates

SATURDAY = date(2026, 11, 28)
days = st.dates(date(1971, 1, 1), date(2200, 1, 1))
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WOCHE = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("I fly tomorrow", "2026-11-29"),
        ("the day after tomorrow", "2026-11-30"),
        ("it was yesterday", "2026-11-27"),
        ("see you next Friday", "2026-12-04"),
        ("see you this friday", "2026-11-27"),
        ("it was last Saturday", "2026-11-21"),
        ("the dentist on Friday", "2026-12-04"),
        ("I met her on Friday", "2026-11-27"),
        ("in two weeks", "2026-12-12"),
        ("a month ago", "2026-10-28"),
        ("3 days ago", "2026-11-25"),
        ("in a year", "2027-11-28"),
        ("last month", "2026-10-01 to 2026-10-31"),
        ("next week", "2026-11-30 to 2026-12-06"),
        ("this weekend", "2026-11-28 to 2026-11-29"),
        ("next year", "2027-01-01 to 2027-12-31"),
        ("on 3 May", "2027-05-03"),
        ("on December 24th", "2026-12-24"),
        ("I was there on October 3", "2026-10-03"),
        ("Morgen fliege ich", "2026-11-29"),
        ("ich fliege morgen früh", "2026-11-29"),
        ("übermorgen", "2026-11-30"),
        ("vorgestern", "2026-11-26"),
        ("nächsten Freitag", "2026-12-04"),
        ("kommenden Sonntag", "2026-11-29"),
        ("letzten Montag", "2026-11-23"),
        ("am Freitag", "2026-12-04"),
        ("am Freitag war ich da", "2026-11-27"),
        ("in drei Tagen", "2026-12-01"),
        ("vor zwei Wochen", "2026-11-14"),
        ("letztes Jahr", "2025-01-01 to 2025-12-31"),
        ("am 24. Dezember", "2026-12-24"),
    ],
)
def test_words_mean_days(said: str, meant: str) -> None:
    (found,) = dates(said, SATURDAY)
    assert found.words == meant
    assert f"({meant})" in dated(said, SATURDAY)


@pytest.mark.parametrize(
    "said",
    ["Guten Morgen", "am Morgen jogge ich", "jeden morgen", "I may 5 times", "on monday's list",
     "in 99999 years", "vor 3000 Jahren", "31 February", "99.99.2026", "todays", "2026-13-40"],
)  # fmt: skip
def test_what_is_no_day_stays(said: str) -> None:
    assert dated(said, SATURDAY) == said


@pytest.mark.parametrize("said", ["on 2026-12-24", "am 24.12.2026", "on 24 December 2026"])
def test_whole_dates_are_found_and_stay(said: str) -> None:
    (found,) = dates(said, SATURDAY)
    assert found.words == "2026-12-24"
    assert dated(said, SATURDAY) == said


@given(days, st.integers(1, 400))
def test_days_are_counted(today: date, number: int) -> None:
    for said in (f"in {number} days", f"in {number} Tagen"):
        assert dates(said, today)[0].first == today + timedelta(number)
    for said in (f"{number} days ago", f"vor {number} Tagen"):
        assert dates(said, today)[0].first == today - timedelta(number)
    assert dates(f"in {number} weeks", today)[0].first == today + timedelta(7 * number)


@given(days, st.integers(0, 6))
def test_weekdays_are_of_the_week_that_is_meant(today: date, wanted: int) -> None:
    monday = today - timedelta(today.weekday())
    named = {
        f"this {WEEK[wanted]}": (monday, 7),
        f"next {WEEK[wanted]}": (monday + timedelta(7), 7),
        f"last {WEEK[wanted]}": (today - timedelta(7), 7),
        f"nächsten {WOCHE[wanted]}": (today + timedelta(1), 7),
        f"am {WOCHE[wanted]}": (today + timedelta(1), 7),
    }
    for said, (begin, length) in named.items():
        (found,) = dates(said, today)
        assert found.first == found.last
        assert found.first.weekday() == wanted
        assert begin <= found.first < begin + timedelta(length)


@given(days, st.integers(1, 60))
def test_months_are_counted_and_no_day_is_skipped(today: date, number: int) -> None:
    (found,) = dates(f"in {number} months", today)
    months = (found.first.year - today.year) * 12 + found.first.month - today.month
    assert months == number
    assert found.first.day <= today.day
    (named,) = dates("last month", today)
    assert named.last == today.replace(day=1) - timedelta(1)
    assert named.first.day == 1


pieces = st.lists(
    st.sampled_from(
        ["in", "vor", "2", "9999", "weeks", "ago", "next", "last", "friday", "Freitag", "am", "on",
         "31", ".", "february", "tomorrow", "morgen", "2026", "-", "12", "(", "\n", "\u00e4"]
    ),
    max_size=12,
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), pieces.map(" ".join), pieces.map("".join)), st.dates())
def test_whatever_is_said_nothing_is_lost(said: str, today: date) -> None:
    found = dates(said, today)
    assert all(0 <= each.start < each.end <= len(said) for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(each.first <= each.last for each in found)
    told = dated(said, today)
    for each in reversed(found):
        told = told.replace(f" ({each.words})", "", 1) if each.words in told else told
    assert len(told) <= len(dated(said, today))
    assert dated(said, today).startswith(said[: found[0].end] if found else said)
