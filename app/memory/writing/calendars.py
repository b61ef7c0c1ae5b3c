"""The words for days, in English and German."""

import re
from collections.abc import Iterable, Mapping
from typing import Final


def _numbered(*lists: str, first: int = 0) -> Mapping[str, int]:
    return {
        name: number for names in lists for number, name in enumerate(names.split(), start=first)
    }


def of(names: Iterable[str], *, guarded: bool = False) -> str:
    """Return a form for any of these names, long ones first."""
    forms = "|".join(
        re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True)
    )
    return rf"(?<![\w-])(?:{_GUARDS}(?:{forms}))(?![\w-])" if guarded else forms


# "am Morgen", "guten Morgen" and "every morning" are no days.
_GUARDS: Final = r"(?<!\bjeden )(?<!\bguten )(?<!\bGuten )"

DAYS: Final = {
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "tomorrow": 1,
    "yesterday": -1,
    "last night": -1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "heute": 0,
    "morgen": 1,
    "gestern": -1,
    "übermorgen": 2,
    "vorgestern": -2,
}
WEEKDAYS: Final = {
    **_numbered(
        "monday tuesday wednesday thursday friday saturday sunday",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    ),
    "sonnabend": 5,
}
MONTHS: Final = {
    **_numbered(
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        first=1,
    ),
    "jänner": 1,
    "sept": 9,
    "okt": 10,
    "dez": 12,
}
COUNTS: Final = {
    **_numbered(
        "one two three four five six seven eight nine ten eleven twelve",
        "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        first=1,
    ),
    "a": 1,
    "an": 1,
    "eine": 1,
    "einem": 1,
    "einer": 1,
    "einen": 1,
    "a couple of": 2,
}
UNITS: Final = {
    **dict.fromkeys(("day", "days", "tag", "tage", "tagen"), "day"),
    **dict.fromkeys(("week", "weeks", "woche", "wochen"), "week"),
    **dict.fromkeys(("month", "months", "monat", "monate", "monaten"), "month"),
    **dict.fromkeys(("year", "years", "jahr", "jahre", "jahren"), "year"),
    **dict.fromkeys(("weekend", "wochenende"), "weekend"),
}
_LENGTHS: Final = [name for name, unit in UNITS.items() if unit != "weekend"]
_COUNT: Final = rf"(?P<count>\d{{1,4}}|{of(COUNTS)})\s+(?P<unit>{of(_LENGTHS)})"
# How far away a day is, and to which side; English says the side behind it.
IN: Final = rf"\b(?P<way>in|vor)\s+{_COUNT}\b"
AGO: Final = rf"\b{_COUNT}\s+(?P<way>ago)\b"
NEXT: Final = {
    0: r"this|diese[nrsm]?",
    1: r"next|coming|nächste[nrsm]?|naechste[nrsm]?|kommende[nrsm]?",
    -1: r"last|past|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?",
}
NAMED: Final = (
    rf"\b(?P<way>{'|'.join(NEXT.values())})\s+(?P<name>week(?:end)?|month|year|woche(?:nende)?|"
    rf"monat|"
    rf"jahr|{of(WEEKDAYS)})\b"
)
PAST: Final = re.compile(
    r"\b(?:was|were|had|went|did|met|saw|got|bought|moved|started|came|left|flew|took|[a-z]{3,}ed|"
    r"war|waren|hatte|hatten|ging|gingen|wurde|wurden|kam|ge[a-zäöüß]{2,}(?:t|en))\b",
    re.IGNORECASE,
)
