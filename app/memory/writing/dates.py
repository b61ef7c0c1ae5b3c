"""Relative time becomes dates: "next Friday" means nothing a month later. Pure.

"this Friday" is in this week and "next Friday" in the one after it, weeks beginning on Monday; the
German "nächsten Freitag" is the next one that comes. "on Friday" is the next one, or the last one
where the sentence is about the past. What could mean two things is left as it stands.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.memory.writing.calendars import (
    AGO,
    COUNTS,
    DAYS,
    IN,
    MONTHS,
    NAMED,
    NEXT,
    PAST,
    UNITS,
    WEEKDAYS,
    of,
)


@dataclass(frozen=True, slots=True)
class When:
    """Some words of a text and the days they mean, first and last."""

    start: int
    end: int
    first: date
    last: date

    @property
    def words(self) -> str:
        """The days as they are written down."""
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first.isoformat()} to {self.last.isoformat()}"


Span = tuple[date, date]


def dates(text: str, today: date) -> tuple[When, ...]:
    """Return what a text, said on this day, says about days, in its order."""
    found: list[When] = []
    for form, meant in _FORMS:
        for match in form.finditer(text):
            if any(match.start() < each.end and each.start < match.end() for each in found):
                continue
            try:
                span = meant(match, today)
            except (ValueError, OverflowError):  # no such day, or beyond all calendars
                continue
            if span is not None:
                found.append(When(match.start(), match.end(), *span))
    return tuple(sorted(found, key=lambda each: each.start))


def dated(text: str, today: date) -> str:
    """Return a text with the days behind the words that mean them only today."""
    parts, at = [], 0
    for when in dates(text, today):
        if str(when.first.year) not in text[when.start : when.end]:
            parts.append(f"{text[at : when.end]} ({when.words})")
            at = when.end
    return "".join((*parts, text[at:]))


def _day(match: re.Match[str], today: date) -> Span | None:
    if match[0].startswith("Morgen") and match.start():
        return None  # the morning, not tomorrow: within a sentence a noun
    day = today + timedelta(DAYS[" ".join(match[0].casefold().split())])
    return day, day


def _counted(match: re.Match[str], today: date) -> Span | None:
    groups = match.groupdict()
    count = groups["count"].casefold()
    number = int(count) if count.isdigit() else COUNTS[count]
    unit = UNITS[groups["unit"].casefold()]
    sign = 1 if groups["way"].casefold() == "in" else -1
    return _later(today, unit, sign * number)


def _later(today: date, unit: str, number: int) -> Span:
    if unit in {"month", "year"}:
        months = today.year * 12 + today.month - 1 + number * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        day = date(year, month + 1, min(today.day, last))
    else:
        day = today + timedelta(number * (7 if unit == "week" else 1))
    return day, day


def _named(match: re.Match[str], today: date) -> Span | None:
    """Return what "next week", "letzten Monat" or "this Friday" means."""
    way, name = match["way"].casefold(), match["name"].casefold()
    step = next(step for step, words in NEXT.items() if re.fullmatch(words, way))
    if name in WEEKDAYS:
        return _weekday(way, WEEKDAYS[name], step, today)
    monday = today - timedelta(today.weekday())
    match UNITS[name]:
        case "week":
            first = monday + timedelta(7 * step)
            return first, first + timedelta(6)
        case "weekend":
            first = monday + timedelta(7 * step + 5)
            return first, first + timedelta(1)
        case "month":
            first = _later(today.replace(day=1), "month", step)[0]
            return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
        case "year":
            return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    return None


def _weekday(way: str, wanted: int, step: int, today: date) -> Span:
    if step < 0:
        day = today - timedelta((today.weekday() - wanted - 1) % 7 + 1)
    elif step and way.startswith(("nächst", "naechst", "kommend", "coming")):
        day = _coming(today, wanted)
    else:
        day = today - timedelta(today.weekday()) + timedelta(7 * step + wanted)
    return day, day


def _coming(today: date, wanted: int) -> date:
    return today + timedelta((wanted - today.weekday() - 1) % 7 + 1)


def _on(match: re.Match[str], today: date) -> Span:
    """Return the day "on Friday" means: the sentence tells if it was or will be."""
    wanted = WEEKDAYS[match["name"].casefold()]
    if PAST.search(_sentence_around(match)):
        return _weekday("", wanted, -1, today)
    day = _coming(today, wanted)
    return day, day


def _sentence_around(match: re.Match[str]) -> str:
    text = match.string
    begin = max(text.rfind(each, 0, match.start()) for each in ".!?\n") + 1
    ends = [at for each in ".!?\n" if (at := text.find(each, match.end())) >= 0]
    return text[begin : min(ends, default=len(text))]


def _calendar(match: re.Match[str], today: date) -> Span | None:
    """Return a day of the calendar; without a year it is the one nearest to come."""
    groups = match.groupdict()
    if groups["month"] == "may":
        return None  # a verb: the month has a capital letter
    name = groups["month"].casefold().rstrip(".")
    month = int(name) if name.isdigit() else MONTHS[name]
    day_of = int(groups["day"])
    if groups["year"]:
        year = int(groups["year"])
    else:
        year = (
            today.year if PAST.search(_sentence_around(match)) else _next_year(today, month, day_of)
        )
    day = date(year, month, day_of)
    return day, day


def _next_year(today: date, month: int, day: int) -> int:
    return today.year + ((month, day) < (today.month, today.day))


_Meant = Callable[[re.Match[str], date], "Span | None"]
_YEAR: Final = r"(?:,?\s+(?P<year>\d{4}))?"
_MONTH: Final = rf"(?P<month>{of(MONTHS)})\.?"
_DAY_FIRST: Final = r"(?<![\d.])(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?"
_DAY_BEHIND: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?![:.]\d)"


def _forms() -> Iterator[tuple[re.Pattern[str], _Meant]]:
    words: dict[str, _Meant] = {
        r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d-])": _calendar,
        r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)": _calendar,
        rf"{_DAY_FIRST}{_MONTH}\b{_YEAR}": _calendar,
        rf"\b{_MONTH}\s+{_DAY_BEHIND}{_YEAR}": _calendar,
        of(DAYS, guarded=True): _day,
        IN: _counted,
        AGO: _counted,
        NAMED: _named,
        rf"\b(?:on|am)\s+(?P<name>{of(WEEKDAYS)})\b(?!')": _on,
    }
    for form, meant in words.items():
        yield re.compile(form, re.IGNORECASE), meant


_FORMS: Final = tuple(_forms())
