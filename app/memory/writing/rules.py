"""What is said so plainly that no model is needed to see it: "my cat is called Mimi". Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.domain.memories import MemoryKind
from app.memory.writing.claims import Claim
from app.memory.writing.owned import is_attribute, known_thing
from app.memory.writing.rules_de import GERMAN
from app.memory.writing.rules_en import ENGLISH, Rule
from app.memory.writing.wording import NEGATIONS, is_negated, is_question, straight, words

_LONGEST_VALUE: Final = 9
_LONGEST: Final = 240
# What a value never begins with: it stands for something said elsewhere, or is no value.
_POINTERS_WORDS: Final = """
it this that these those them him her you your how when what why where which who if because
being to a bit little kind sort one ones here there so very just same only
es das dies diese dieser diesen dich dir wie wenn was warum weil dass zu du ihr sie ihn
"""
_POINTERS: Final = frozenset(_POINTERS_WORDS.split())
_BREAKS: Final = re.compile(
    r"\s*(?:[,;:(\u2013\u2014\n]|\s-\s|\b(?:but|because|so that|although|though|while|since|"
    r"unless|if|when|"
    r"which|who|aber|weil|obwohl|sondern|denn|damit|falls|wenn)\s|"
    r"\band (?:i|my|we|our|it|he|she|they|this|that)\b|\bund (?:ich|mein|meine|wir|er|es)\b)",
    re.IGNORECASE,
)
_CLAUSES: Final = re.compile(
    r"\s*(?:[;\u2013\u2014]|,|\bbut\b|\baber\b|\band(?= (?:i|my|we|our)\b)|\bund(?= (?:ich|"
    r"mein\w*|wir)\b))\s*"
    r"(?:and |but |und |aber )?(?=(?:i|i'm|my|we|our|ich|mein\w*|wir|unser\w*)\b)",
    re.IGNORECASE,
)
_OPENINGS: Final = re.compile(
    r"^(?:(?:hi|hello|hey|hallo|moin|servus|guten (?:tag|morgen|abend)|by the way|btw|fyi|also|"
    r"well|"
    r"actually|just so you know|übrigens|ja|yes|no|nein|ok(?:ay)?|oh|and|und|but|aber|"
    r"for your information|zur info)\b[\s,!.:\u2013-]*)+",
    re.IGNORECASE,
)


# Only behind a greeting "I'm Ana" is surely a name.
_INTRODUCED: Final = re.compile(
    r"(?i:hi|hello|hey|hallo|moin|servus|guten (?:tag|morgen|abend))(?: \w+)?[,!. ]+"
    r"(?P<text>(?i:i am|i'm|my name is|ich bin|ich heiße)"
    r" (?P<value>[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)?))"
    r"(?=[.,!]|$| (?:and|und) )"
)


def claims(sentences: Sequence[str]) -> Iterator[Claim]:
    """Yield what sentences plainly claim of who says them; questions claim nothing."""
    for sentence in sentences:
        if len(sentence) <= _LONGEST and not is_question(bare(sentence)):
            if (named := _INTRODUCED.match(straight(sentence).strip())) is not None:
                yield _made(
                    named["text"], MemoryKind.FACT, "self.name", named["value"], denied=False
                )
            for clause in clauses(sentence):
                if (found := claim(clause)) is not None:
                    yield found


def bare(sentence: str) -> str:
    """Return a sentence without its greeting."""
    return _OPENINGS.sub("", straight(sentence).strip())


def clauses(sentence: str) -> Iterator[str]:
    """Yield the pieces of a sentence in which somebody begins anew about themselves."""
    yield from (part for each in _CLAUSES.split(bare(sentence)) if (part := each.strip()))


def claim(clause: str) -> Claim | None:
    """Return what one clause claims, or None."""
    plain = straight(clause).strip().rstrip(".!…").strip()
    if is_question(clause):
        return None
    for rule in (*ENGLISH, *GERMAN):
        found = rule.form.match(plain)
        if found is not None and (made := _claimed(rule, found, plain)) is not None:
            return made
    return None


def _claimed(rule: Rule, found: re.Match[str], plain: str) -> Claim | None:
    value, about = _value(found["value"]), rule.about
    if "thing" in found.groupdict():
        thing = known_thing(found["thing"])
        if thing is None:
            return None
        about = about.format(thing=f"self.{thing}" if is_attribute(thing) else thing)
    if not value or (rule.fits is not None and not rule.fits.fullmatch(value)):
        return None
    # What stands behind the value belongs to it where German puts the verb there.
    rest = plain[found.end("value") :] if value == found["value"] else ""
    text = plain[: found.start("value")] + value + rest
    return _made(text, rule.kind, about, value, denied=rule.denied or is_negated(plain))


def _made(text: str, kind: MemoryKind, about: str, value: str, *, denied: bool) -> Claim:
    return Claim(f"{text[0].upper()}{text[1:]}.", kind, about, value, denied)


def _value(said: str) -> str:
    """Return a value up to where something else begins; '' where it is none."""
    value = _BREAKS.split(said, maxsplit=1)[0].strip(" .!'\"")
    told = words(value)
    if not told or len(told) > _LONGEST_VALUE or told[0].casefold() in _POINTERS:
        return ""
    return "" if told[-1].casefold() in NEGATIONS else value
