"""Whether a fact is really said in the words it is taken from: small models invent. Pure."""

import re
from typing import Final

from app.memory.writing.orders import is_order
from app.memory.writing.wording import content, is_negated, is_own, is_question, straight

_LONGEST: Final = 240
_LEAST: Final = 2
_MOST_REPEATED: Final = 0.5
_META: Final = re.compile(
    r"\b(?:the )?user (?:asks?|asked|wants? to know|is asking|said|requests?|mentions?)\b"
    r"|\b(?:assistant|chatbot|ai model|language model|as an ai|i cannot|i'm sorry|json|schema)\b"
    r"|\b(?:conversation|this chat|the message|der nutzer|die nachricht)\b",
    re.IGNORECASE,
)


def grounded(fact: str, sentence: str) -> bool:
    """Say whether all a fact says is said in a sentence, and nothing is turned around."""
    told = content(fact)
    return (
        len(told) >= 1
        and told <= content(sentence)
        and is_negated(fact) is is_negated(sentence)
        and _in_order(fact, sentence)
    )


def worth_keeping(fact: str) -> bool:
    """Say whether a text has the form of a fact: no question, no order, no talk about the talk."""
    plain = straight(fact).strip()
    return (
        len(plain.split()) >= _LEAST
        and len(plain) <= _LONGEST
        and "\n" not in plain
        and "?" not in plain
        and not is_question(plain)
        and not is_order(plain)
        and _META.search(plain) is None
        and not _is_stuttered(plain)
    )


def worth_asking(sentence: str) -> bool:
    """Say whether a sentence may hold a fact about who says it."""
    return is_own(sentence) and worth_keeping(sentence)


def _in_order(fact: str, sentence: str) -> bool:
    """Say whether names stand in the order they were said in: another order may turn it around."""
    # The first word has a capital letter whatever it is.
    names = re.findall(r"(?<=\s)[^\W\d_a-zäöüß]\w+", fact)
    places = [sentence.find(name) for name in names]
    return -1 not in places and places == sorted(places)


def _is_stuttered(text: str) -> bool:
    told = text.casefold().split()
    return len(told) > 3 and len(set(told)) / len(told) < _MOST_REPEATED
