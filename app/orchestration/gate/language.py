"""Which language a text is in, as far as that can be told from its script and smallest words."""

import re
import unicodedata
from collections import Counter
from typing import Final

LOOKED_AT: Final = 2000  # characters
# Fewer known words tell nothing.
LEAST_WORDS: Final = 3
# The first language has to have so many times the words of the second.
CLEARLY: Final = 1.5

_WORDS: Final = {
    "en": (
        "the of and to in is that it was for on are with as his they be at this have from or had "
        "by but what some we can out were all there when your how an which do if will each about "
        "many then them would so these her him has my me you i he she not who why where please"
    ),
    "de": (
        "der die das und ist nicht ich du er sie es wir ihr ein eine einen einem einer den dem "
        "des zu mit von auf für im auch sich aber oder wie was wer wo wenn dann noch nur bei nach "
        "aus kann hat haben sind war wird werden bitte mir dir mich dich kein keine schon sehr "
        "man"
    ),
    "fr": (
        "le la les et est un une des du de que qui pas vous nous je tu il elle pour dans sur avec "
        "ce cette au aux mais ou où comme plus sont être avoir fait votre mon ma mes s'il très"
    ),
    "es": (
        "el la los las y es un una de que no en por para con se lo su como más pero sus le ya o "
        "este sí porque esta entre cuando muy sin sobre también me hay donde quien usted está"
    ),
    "it": (
        "il lo la gli le e è un una di che non in per con si su come più ma sono ha del della dei "
        "alla questo questa quando molto anche dove chi perché mi ti ci vi"
    ),
    "nl": (
        "de het een en is van dat niet ik je hij zij wij op te zijn voor met als aan er maar om "
        "ook dan bij nog naar uit wat wie waar kan heeft hebben werd geen"
    ),
}
_KNOWN: Final = {name: frozenset(words.split()) for name, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FENCE = re.compile(r"```.*?(?:```|$)", re.DOTALL)
_SCRIPTS: Final = (
    "LATIN",
    "CYRILLIC",
    "GREEK",
    "ARABIC",
    "HEBREW",
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "THAI",
    "DEVANAGARI",
)
_JAPANESE: Final = frozenset({"HIRAGANA", "KATAKANA"})
# Somebody who names a language may want the answer in it.
_NAMED = re.compile(
    r"\b(?:english|german|french|spanish|italian|dutch|russian|chinese|japanese|korean|arabic|"
    r"latin|greek|portuguese|polish|turkish|translat\w*|englisch\w*|deutsch\w*|französisch\w*|"
    r"spanisch\w*|italienisch\w*|übersetz\w*|traduc\w*|tradui\w*|inglés|anglais|language|sprache)\b",
    re.IGNORECASE,
)


def script_of(text: str) -> str:
    """Return the script most letters are written in, or '' without letters."""
    if text.isascii():
        return "LATIN" if any(letter.isalpha() for letter in text[:LOOKED_AT]) else ""
    text = text[:LOOKED_AT]
    if text.isascii():  # by far the most there is, and quickly told
        return "LATIN" if any(map(str.isalpha, text)) else ""
    found: Counter[str] = Counter()
    for letter in text:
        if letter.isalpha():
            name = unicodedata.name(letter, "")
            found[next((script for script in _SCRIPTS if name.startswith(script)), "")] += 1
    if not found:
        return ""
    if any(found[each] for each in _JAPANESE):
        return "JAPANESE"
    return found.most_common(1)[0][0]


def language_of(text: str) -> str:
    """Return the language of a text in Latin letters, or '' where that is not clear."""
    prose = _FENCE.sub(" ", text[:LOOKED_AT])
    words = [word.casefold() for word in _WORD.findall(prose)]
    counts = sorted(
        ((sum(word in known for word in words), name) for name, known in _KNOWN.items()),
        reverse=True,
    )
    (most, first), (second, _) = counts[0], counts[1]
    if most < LEAST_WORDS or most < CLEARLY * second:
        return ""
    return first


def differs(question: str, answer: str) -> str:
    """Return the language an answer should have been in, or '' if it may be in the right one."""
    if _NAMED.search(question[:LOOKED_AT]):
        return ""
    asked, said = script_of(question), script_of(_FENCE.sub(" ", answer))
    if asked and said and asked != said and len(answer) >= len("a few words"):
        return asked.lower() if asked != "LATIN" else language_of(question)
    wanted, found = language_of(question), language_of(answer)
    return wanted if wanted and found and wanted != found else ""


NAMES: Final = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
}


def name_of(language: str) -> str:
    """Return the English name of a language."""
    return NAMES.get(language, language.capitalize())
