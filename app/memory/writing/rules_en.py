"""Plain claims in English. What is not surely meant to last is left out."""

import re
from typing import Final, NamedTuple

from app.domain.memories import MemoryKind


class Rule(NamedTuple):
    """A form of a clause, what it is about, and what its value has to be like."""

    form: re.Pattern[str]
    about: str
    kind: MemoryKind = MemoryKind.FACT
    fits: re.Pattern[str] | None = None
    denied: bool = False


def rule(
    form: str,
    about: str,
    kind: MemoryKind = MemoryKind.FACT,
    fits: re.Pattern[str] | None = None,
    *,
    denied: bool = False,
) -> Rule:
    """Return a rule for whole clauses, in any case."""
    return Rule(re.compile(rf"{form}$", re.IGNORECASE), about, kind, fits, denied)


VALUE: Final = r"(?P<value>.+?)"
# A name begins with a capital letter, and is not long.
NAME: Final = re.compile(
    r"[^\W\d_a-zäöüß][\w'-]*(?: (?:van|von|de|der|la|[^\W\d_a-z][\w'.-]*)){0,3}"
)
# "the second paragraph" and "your answer" are of this talk alone.
LASTING: Final = re.compile(
    r"(?!(?:the|this|your|my|deine?[nrm]?|den|die|das|der)\b).+", re.IGNORECASE
)
# A thing is down today and slow tomorrow: what it is has a name or a number.
SAID_OF: Final = re.compile(r"(?!not\b|nicht\b)(?:.*(?<![\w])[A-ZÄÖÜ]\w.*|.*\d.*)")
_AM: Final = r"(?:i am|i'm)"
_THING: Final = r"(?:my|our) (?P<thing>[\w' -]{2,40}?)"
_DAY: Final = re.compile(
    r"(?:on |the |in )?(?:\d{1,2}|[A-Z][a-z]+ \d|\d{4}|[A-Z][a-z]+ the).{0,30}", re.IGNORECASE
)
_AGE: Final = re.compile(r"\d{1,3}(?: years old)?")
# Somewhere in it is a name, or it is one of many: "I live in fear" says nothing of a place.
NAMED: Final = re.compile(r"(?:an? |einem |einer )\w.{1,60}|.{0,40}?(?<!\w)[A-ZÄÖÜ]\w.{0,60}")
# Nobody lives in a version, and whoever comes "aus dem Urlaub" is not from there.
PLACE: Final = re.compile(rf"(?!.*\d|dem )(?:{NAMED.pattern})")
_LIKE: Final = r"(?:really |also |absolutely |personally )?"
_TRAIT: Final = re.compile(
    r"(?:a )?(?:vegetarian|vegan|pescatarian|married|single|divorced|widowed|retired|pregnant|"
    r"diabetic|"
    r"left[- ]handed|right[- ]handed|colou?r[- ]?blind|blind|deaf|dyslexic|autistic|asthmatic|"
    r"celiac|"
    r"lactose[- ]intolerant|gluten[- ]intolerant|self[- ]employed|unemployed|bilingual|"
    r"an? (?:only child|early riser|night owl|morning person))",
    re.IGNORECASE,
)
_JOB: Final = re.compile(
    r"(?!(?:\w+ )*(?:member|user|beginner|customer|number|newcomer|visitor)\b)"
    r"(?:[\w-]+ ){0,3}(?:\w+(?:er|or|ist|ian|ant|ect|yst)|nurse|chef|cook|student|pilot|judge|"
    r"clerk|"
    r"lawyer|architect|scientist|apprentice|intern|freelancer|farmer|priest|coach|guide|"
    r"mathematician)(?: (?:at|in|for|from) .{2,40})?",
    re.IGNORECASE,
)
_WHEN: Final = (
    r"(?:today|tonight|tomorrow|next|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"in \w+ (?:day|week|"
    r"month)s?|this (?:week|month|\w+day)|on (?:the )?\d|by |until |before |\w+day)"
)
_DUE: Final = re.compile(rf"(?!.*\b(?:this|that|it)\b).{{2,90}}?\b{_WHEN}.*", re.IGNORECASE)

ENGLISH: Final = (
    rule(
        rf"(?:my (?:full )?name is|my name's|i am called|i'm called) {VALUE}",
        "self.name",
        fits=NAME,
    ),
    rule(rf"(?:please )?call me {VALUE}", "self.name", fits=NAME),
    rule(rf"{_THING}(?: is|'s) (?:called|named) {VALUE}", "{thing}.name", fits=NAME),
    rule(rf"{_THING}(?:'s|s') name is {VALUE}", "{thing}.name", fits=NAME),
    rule(rf"the name of my (?P<thing>[\w ]{{2,40}}?) is {VALUE}", "{thing}.name", fits=NAME),
    rule(
        rf"i have an? (?P<thing>[\w -]{{2,30}}?) (?:called|named) {VALUE}",
        "{thing}.name",
        fits=NAME,
    ),
    rule(
        r"(?:my birthday is|i was born) (?P<value>(?:on|in|the) .+?|.+?)",
        "self.birthday",
        fits=_DAY,
    ),
    rule(rf"{_AM} (?P<value>\d{{1,3}}) years old", "self.age"),
    rule(rf"my age is {VALUE}", "self.age", fits=_AGE),
    rule(rf"(?:i|we) (?:now |currently )?live (?:in|at|near) {VALUE}", "self.home", fits=PLACE),
    rule(
        rf"(?:i|we) (?:have )?(?:just |recently )?moved (?:from .+? )?to {VALUE}",
        "self.home",
        fits=PLACE,
    ),
    rule(rf"(?:{_AM}|i come) (?:originally )?from {VALUE}", "self.origin", fits=NAME),
    rule(rf"i (?:now |currently )?work as (?:an? |the )?{VALUE}", "self.job"),
    rule(rf"i (?:now |currently )?work (?:for|at) {VALUE}", "self.employer", fits=NAMED),
    rule(rf"i (?:now |currently )?study {VALUE}", "self.study", fits=LASTING),
    rule(rf"{_AM} an? {VALUE}", "self.job", fits=_JOB),
    rule(rf"{_AM} (?:not )?allergic to {VALUE}", "self.allergy"),
    rule(rf"{_AM} (?:not )?{VALUE}", "self.trait", fits=_TRAIT),
    rule(rf"i (?:(?:can|also) )?speak {VALUE}", "self.language", fits=NAMED),
    rule(rf"my (?P<thing>favou?rite [\w ]{{2,30}}?) (?:is|are) {VALUE}", "{thing}"),
    rule(rf"{_THING} (?:is|are) {VALUE}", "{thing}", fits=SAID_OF),
    rule(rf"i {_LIKE}(?:like|love|enjoy) {VALUE}", "self.likes", MemoryKind.PREFERENCE, LASTING),
    rule(rf"i {_LIKE}prefer {VALUE}", "self.prefers", MemoryKind.PREFERENCE, LASTING),
    rule(
        rf"i {_LIKE}(?:hate|dislike|can't stand|cannot stand|detest) {VALUE}",
        "self.likes",
        MemoryKind.PREFERENCE,
        LASTING,
        denied=True,
    ),
    rule(
        rf"i (?:don't|do not) (?:really )?(?:like|love|enjoy) {VALUE}",
        "self.likes",
        MemoryKind.PREFERENCE,
        LASTING,
        denied=True,
    ),
    rule(
        rf"i (?:don't|do not|never|no longer) (?:eat|drink) {VALUE}",
        "self.eats",
        MemoryKind.PREFERENCE,
        LASTING,
        denied=True,
    ),
    rule(
        rf"i (?:always |usually |only )?(?:eat|drink) {VALUE}",
        "self.eats",
        MemoryKind.PREFERENCE,
        LASTING,
    ),
    rule(rf"remind me to {VALUE}", "", MemoryKind.TASK),
    rule(
        rf"i (?:have to|need to|must|have an? (?:\w+ )?appointment) {VALUE}",
        "",
        MemoryKind.TASK,
        _DUE,
    ),
)
