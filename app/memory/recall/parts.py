"""A question as the parts that can be answered one by one. Pure; English and German."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.memory.recall.terms import ends, terms, words

MOST_PARTS: Final = 4
# Words taken along from before, for words that stand for something said there.
_MOST_CARRIED: Final = 4

_ASKING: Final = (
    "what|which|who|whom|whose|when|where|why|how|does|do|did|is|are|was|were|has|have|had|can|could"
    "|will|would|should|tell|give|show|list|name|remind"
    "|was|welche[mnrs]?|wer|wem|wen|wessen|wann|wo|wohin|woher|warum|weshalb|wie|wieviel|ist|sind|war"
    "|waren|hat|hatte|haben|kann|wird|soll|nenne|zeige|sage?"
)
_AND: Final = r"and\s+also|as\s+well\s+as|and|or|und\s+auch|sowie|und|oder|but|aber"
_POINT: Final = (
    "my|our|the|his|her|their"
    "|meine?[mnrs]?|unsere?[mnrs]?|seine?[mnrs]?|ihre?[mnrs]?|de[rmns]|die|das"
)
_SENTENCE: Final = re.compile(
    r"(?<=[?!;\n])|(?<=[.])\s+|(?:^|(?<=[\s:]))(?:\d{1,2}[.)]|[-*\u2022])\s+"
)
_CLAUSE: Final = re.compile(
    rf"(?:\s*,\s*(?:(?:{_AND})\s+)?|\s+(?:{_AND})\s+)(?=(?:{_ASKING})\b)", re.IGNORECASE
)
# One of several things asked about at once: "Anna, Tom and Eva", "my dog and my cat".
_NAMED: Final = r"[A-ZÄÖÜ][\w'\u2019-]{0,40}"
_ITEM: Final = rf"(?:\b(?i:{_POINT})\s+[^\W\d_]{{1,40}}|\b{_NAMED}(?:\s{_NAMED}){{0,2}})"
_ROW: Final = re.compile(
    rf"({_ITEM}(?:\s*,\s*{_ITEM}){{0,4}})\s*,?\s+(?:and|or|und|oder)\s+({_ITEM})"
)
# A word with a capital that begins no sentence.
_NAME: Final = re.compile(r"(?<=[\w,;:\u2019'\"(])\s+([A-ZÄÖÜ][\w\u2019-]+)")
_POINTERS: Final = """
he she it they him them her his hers its their theirs this that these those there then one ones
er sie es ihm ihn ihr ihre ihren ihrem ihrer ihnen sein seine seinen seinem seiner dies dieser diese
dieses das dort da damals davon dazu damit dessen deren
"""
_POINTING: Final = frozenset(_POINTERS.split())


@dataclass(frozen=True, slots=True)
class Part:
    """Something asked; `carried` are words from before that its own words point to."""

    text: str
    carried: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """Return it so that it can be understood by itself."""
        return " ".join((self.text, *self.carried))


def parts(question: str, thread: Sequence[str] = ()) -> tuple[Part, ...]:
    """Return what is asked, one by one; of very many things the first and the last.

    Args:
        question: any text.
        thread: what was said before, the last words last.
    """
    text = ends(question)
    clauses = [clause for sentence in _SENTENCE.split(text) for clause in _CLAUSE.split(sentence)]
    apart = [each for clause in clauses for each in _each(clause.strip()) if terms(each)]
    pieces = _first_and_last(list(dict.fromkeys(apart))) or [" ".join(text.split())]
    before = _standing(thread[-1]) if thread else ()
    found = []
    for piece in pieces:
        part = Part(piece, before if _points(piece) else ())
        found.append(part)
        before = _standing(part.whole) or before
    return tuple(found)


def _each(clause: str) -> list[str]:
    """Return a clause once for each of the things it asks about."""
    row = _ROW.search(clause)
    if row is None:
        return [clause]
    items = [*re.split(r"\s*,\s*", row[1]), row[2]]
    return [f"{clause[: row.start()]}{item}{clause[row.end() :]}" for item in items]


def _first_and_last(found: list[str]) -> list[str]:
    if len(found) <= MOST_PARTS:
        return found
    return [*found[: MOST_PARTS // 2], *found[-MOST_PARTS // 2 :]]


def _points(text: str) -> bool:
    """Whether a text can only be understood with what was said before."""
    return not terms(text) or any(word.lower() in _POINTING for word in words(text))


def _standing(text: str) -> tuple[str, ...]:
    """Return what later words may point to: names first, then what else a text is about."""
    names = _NAME.findall(ends(text))
    known = terms(text)
    inner = [each for name in names if (each := name.lower()) in known]
    return tuple(dict.fromkeys((*inner, *known)))[:_MOST_CARRIED]
