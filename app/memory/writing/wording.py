"""Words compared across their endings, and what tells how a text is meant. Pure."""

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ENGLISH: Final = """
a about all also am an and any are as at be been being but by can could did do does doing for from
get got had has have having he her hers him his i if in into is it its just let may me might mine
more must my myself now of on or our ours please she should so some such than that the their them
then there these they this those to too up us very was we were what when which who will with would
you your yours called named user person someone likes
"""
_GERMAN: Final = """
aber als am auch auf aus bei bin bist bitte da damit das dass dein deine dem den denn der des die
dies diese dir doch du ein eine einem einen einer eines er es euch für habe haben hast hat hatte ich
ihm ihn ihr ihre im ins ist ja jetzt kann mal man mein meine meinem meinen meiner mich mir mit nach
noch nun nur ob oder sehr sein seine seit sich sie sind über um und uns unser unsere unter vom von
vor war wenn wer werde wie wir wird zu zum zur heiße heißt heißen
"""
_DENIAL: Final = """
no not never none nobody nothing without neither nor cannot
kein keine keinen keinem keiner nicht nie niemals nichts ohne
"""
_SMALL: Final = frozenset(f"{_ENGLISH} {_GERMAN}".split())
NEGATIONS: Final = frozenset(_DENIAL.split())
_ENDINGS: Final = (
    "ings", "ing", "edly", "ed", "ies", "es", "en", "em", "er", "s", "e", "n", "y",
)  # fmt: skip
_OWN: Final = re.compile(
    r"\b(?:i|i'(?:m|ve|d|ll)|me|my|mine|myself|we|our|ours|us|ich|mir|mich|mein(?:e[mnrs]?)?|"
    r"wir|unser(?:e[mnrs]?)?|uns)\b",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"\s*(?:what|who|whom|whose|when|where|why|how|which|is|are|am|was|were|do|does|did|can|could|"
    r"will|would|should|shall|may|has|have|had|was|wer|wen|wem|wann|wo|warum|wieso|weshalb|wie|"
    r"welche[mnrs]?|ist|sind|bin|hast|hat|haben|kann|kannst|können|könntest|wird|werden|soll|"
    r"darf|muss|if|wenn|falls|suppose|imagine|angenommen|stell dir)\b",
    re.IGNORECASE,
)
_REQUEST: Final = re.compile(
    r"\b(?:i (?:want|need|would like|'d like|wish|expect) (?:you|to know|to see|a |an |the |some"
    r"|help|your)|i'd like|help me|tell me|give me|show me|explain|let me know|i(?:'m| am) "
    r"(?:looking|trying|wondering|asking|getting|seeing|using|working|going|not sure|sure|sorry|"
    r"confused|stuck|curious|thinking|writing|building|reading|talking|testing)|i (?:think|guess|"
    r"believe|suppose|wonder|see|mean|know|understand|tried|am trying)|pretend|act as|role-?play|"
    r"translate|übersetze|rewrite|summari[sz]e|for example|zum beispiel|e\.g\.|z\.\s?b\.|hilf mir|"
    r"zeig mir|gib mir|sag mir|erklär\w*|ich (?:möchte|will|brauche|glaube|denke|meine|vermute|"
    r"frage mich|suche|versuche|weiß nicht))\b",
    re.IGNORECASE,
)


def straight(text: str) -> str:
    """Return a text with the apostrophe of typewriters, which all patterns know."""
    return text.replace("\u2019", "'").replace("\u02bc", "'")


def words(text: str) -> list[str]:
    """Return the words of a text as they stand."""
    return _WORD.findall(straight(text))


def stem(word: str) -> str:
    """Return a word without its ending, the same for most of its forms; short words stay."""
    plain = word.casefold().removesuffix("'s")
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            plain = plain.removesuffix(ending)
            break
    return plain


def content(text: str) -> frozenset[str]:
    """Return what a text is about: its words without endings, small words left out."""
    return frozenset(
        stem(each)
        for each in words(text)
        if each.casefold().removesuffix("'s") not in _SMALL | NEGATIONS
    )


def is_negated(text: str) -> bool:
    """Say whether something is denied."""
    plain = [each.casefold() for each in words(text)]
    return any(each in NEGATIONS or each.endswith("n't") for each in plain)


def is_own(text: str) -> bool:
    """Say whether somebody speaks of themselves."""
    return _OWN.search(straight(text)) is not None


def is_question(text: str) -> bool:
    """Say whether something is asked, wished for or only supposed, and so no fact."""
    asked = text.rstrip(" \"'»)*\u201d\u201c").endswith("?") or _QUESTION.match(text)
    return bool(asked or _REQUEST.search(straight(text)))
