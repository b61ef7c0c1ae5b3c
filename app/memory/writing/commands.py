"""“Remember that …” and “forget …”: what a message orders at its very beginning. Pure."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from app.memory.writing.wording import content, straight

Language = Literal["en", "de"]


class Order(StrEnum):
    """What is to be done."""

    REMEMBER = "remember"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Command:
    """An order: the words it is about, and what else the message says.

    `broad`: everything about it is meant. `plain`: it can be nothing but an order; else it is one
    only if something is known of it. `task`: it is something to be done.
    """

    order: Order
    words: str
    language: Language = "en"
    broad: bool = False
    plain: bool = True
    task: bool = False
    rest: str = ""


_ASKED: Final = r"(?:please[,:]?\s+|bitte[,:]?\s+|hey[,!]?\s+|ok(?:ay)?[,.]?\s+|and\s+|und\s+)*"
_POLITE: Final = r"(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?|(?:kannst|könntest)\s+du\s+)"
_REMEMBER: Final = re.compile(
    rf"{_ASKED}(?P<polite>{_POLITE})?(?:please\s+)?"
    r"(?:(?:remember|memori[sz]e|don'?t\s+forget|do\s+not\s+forget|keep\s+in\s+memory)"
    r"(?:\s+(?:please|for\s+me))?"
    r"(?:\s*:\s*(?P<colon>\S)|\s*,?\s+that(?:[:,])?\s+|\s+(?P<task>to)\s+|"
    r"\s+(?=(?:i|i'm|my|our|we)\b))|"
    r"(?:please\s+)?note\s+for\s+later\s*[:,]\s*)",
    re.IGNORECASE,
)
_MERKE: Final = re.compile(
    rf"{_ASKED}(?P<polite>{_POLITE})?"
    r"(?:(?:merke?\s+(?:dir|sie\s+sich)|dir\s+merken|denk(?:e)?\s+(?:bitte\s+)?(?:daran|dran)|"
    r"vergiss\s+(?:bitte\s+)?nicht)(?:\s+bitte)?"
    r"(?:\s*:\s*(?P<colon>\S)|\s*,?\s+dass\s+|\s*,\s+(?P<task>(?=.*\bzu\s+\w+))|"
    r"\s*,?\s+(?=(?:ich|mein\w*|wir|unser\w*)\b)))",
    re.IGNORECASE,
)
_FORGET: Final = re.compile(
    rf"{_ASKED}(?P<polite>{_POLITE})?(?:please\s+)?forget\s+(?:please\s+)?"
    r"(?:(?P<broad>(?:everything|anything|all)(?:\s+(?:that\s+)?(?:you\s+know|i\s+(?:said|"
    r"told\s+you)))?"
    r"\s+(?:about|of|on)\s+)|(?P<plain>(?:about\s+)?(?:the\s+fact\s+)?that\s+|about\s+|"
    r"what\s+(?:you\s+know|i\s+(?:said|told\s+you))\s+about\s+|(?=my\b|our\b))|)",
    re.IGNORECASE,
)
_VERGISS: Final = re.compile(
    rf"{_ASKED}vergiss\s*(?:bitte\s*)?,?\s*(?:bitte\s+)?"
    r"(?:(?P<broad>alles\s*,?\s+(?:über|von|zu|was\s+(?:du|"
    r"ich\s+(?:dir\s+)?)\s*(?:weißt\s+)?über)\s+)|"
    r"(?P<plain>dass\s+|was\s+ich\s+(?:dir\s+)?(?:über|von)\s+|(?=mein|unser))|)",
    re.IGNORECASE,
)
# What is to be forgotten in these words is said in this chat, and kept nowhere.
_NOTHING: Final = re.compile(
    r"(?:about\s+)?(?:it|that|this|them|those|these|everything|all|me|the\s+(?:above|last|rest|"
    r"previous|former|first|idea|question|code|example|list)|previous|prior|above|earlier|all\s+"
    r"(?:previous|prior|of|the)|(?:your|the|my|any|all)\s+(?:previous\s+|last\s+|earlier\s+)?"
    r"(?:instructions?|prompts?|rules|system|question|message|request|answer)\w*|what|how|es|"
    r"das|alles|"
    r"dies\w*|die\s+(?:letzte|vorige|obige)|nicht|einfach|meine\s+(?:letzte|vorige)\w*|"
    r"meine\s+frage)\b(?!\s+(?:my|ich|mein))",
    re.IGNORECASE,
)
_SAID: Final = re.compile(r"\s+(?:gesagt|erzählt)(?:\s+habe)?$", re.IGNORECASE)
LONGEST_ORDER: Final = 4_000
_Forms = tuple[tuple[re.Pattern[str], Language], ...]
_REMEMBERS: Final[_Forms] = ((_REMEMBER, "en"), (_MERKE, "de"))
_FORGETS: Final[_Forms] = ((_FORGET, "en"), (_VERGISS, "de"))


def command(text: str) -> Command | None:
    """Return what a message orders, or None where it does not begin with an order."""
    first, _, rest = straight(text).strip().partition("\n\n")
    said = " ".join(first.split())
    if len(said) > LONGEST_ORDER:
        return None
    found = _remembered(said) or _forgotten(said)
    if found is None or not content(found.words):
        return None
    return replace(found, rest=rest.strip())


def _remembered(said: str) -> Command | None:
    for form, language in _REMEMBERS:
        match = form.match(said)
        if match is None:
            continue
        at = match.start("colon") if match.groupdict().get("colon") else match.end()
        words = said[at:].strip()
        if words.endswith("?") and not match["polite"]:
            return None  # "Remember that scene in which …?"
        found = _order(Order.REMEMBER, words, language)
        return replace(found, task=match["task"] is not None)
    return None


def _forgotten(said: str) -> Command | None:
    for form, language in _FORGETS:
        match = form.match(said)
        if match is None:
            continue
        words = _SAID.sub("", said[match.end() :].strip(" ,:.!?"))
        if not (match["broad"] or match["plain"]) and _NOTHING.match(words):
            return None
        if said.endswith("?") and not match.groupdict().get("polite"):
            return None
        plain = bool(match["broad"]) or match["plain"] is not None
        return _order(Order.FORGET, words, language, broad=bool(match["broad"]), plain=plain)
    return None


def _order(
    order: Order, words: str, language: Language, *, broad: bool = False, plain: bool = True
) -> Command:
    return Command(order, words.rstrip("? "), language, broad=broad, plain=plain)
