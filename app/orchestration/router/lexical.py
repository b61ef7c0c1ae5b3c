"""A question as 24 numbers: how long it is and what signs of effort it carries. No model is asked.

Everything is counted on a bounded part of the text, so that a pasted book costs no more.
"""

import re
from collections import Counter
from math import log1p
from typing import Final

from app.orchestration.gate.language import script_of
from app.orchestration.question import Question

# A longer text is known by its begin and end.
EDGE: Final = 1500
WIDTH: Final = 24

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+){0,8}")
_OPERATORS: Final = frozenset("-+*/^=<>%\u00d7\u00f7\u00b7")
_CODE = re.compile(r"```|`[^`\n]{1,200}`|\b(?:def|class) \w|[{};][ \t]*$", re.MULTILINE)
_TRACE = re.compile(r"\bTraceback\b|\b\w{1,60}(?:Error|Exception)\b|\\[dws]|\(\?:")
_PATH = re.compile(r"[\\/][\w.-]{1,80}[\\/][\w.-]|\bhttps?://")
_LENGTH = re.compile(
    r"\b(\d{1,5}) (?:words?|sentences?|lines?|paragraphs?|wörter|wörtern|sätze|sätzen|zeilen)\b"
)
# Words that are counted, by what they are a sign of.
_KINDS: Final = {
    word: kind
    for kind, words in {
        "operator": "plus minus times mal divided geteilt",
        "negation": "no not never without except none nor nicht kein keine keinen keinem keiner "
        "ohne nie",
        "quantifier": "all every each any most some only alle allen aller alles jede jeder jedes "
        "jeden nur",
        "step": "then next step steps first finally afterwards dann danach schritt schritte zuerst",
        "constraint": "must should least exactly between maximum minimum muss müssen soll sollen "
        "höchstens mindestens genau zwischen",
        "effort": "explain prove why compare analyze analyse derive design evaluate discuss "
        "erkläre erklär beweise warum vergleiche analysiere begründe",
    }.items()
    for word in words.split()
}
_LONG_NUMBER: Final = 6  # digits


def lexical(question: Question) -> tuple[float, ...]:
    """Return the 24 numbers; all are finite and of about the same size."""
    text = question.text
    text = text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"
    words = _WORD.findall(text.casefold())
    length = log1p(len(question.text))
    return (length, *_shape(text), *_signs(text, words), *_turn(question, text, words))


def _shape(text: str) -> tuple[float, ...]:
    """Return how text and numbers look."""
    numbers = _NUMBER.findall(text)
    longest = max((sum(map(str.isdigit, each)) for each in numbers), default=0)
    return (
        log1p(len(text.split())),
        log1p(text.count("\n")),
        sum(map(len, numbers)) / max(1, len(text)),
        log1p(len(numbers)),
        min(longest, 2 * _LONG_NUMBER) / _LONG_NUMBER,
    )


def _signs(text: str, words: list[str]) -> tuple[float, ...]:
    """Return how often there are words and marks that make an answer harder."""
    found = Counter(map(_KINDS.get, words))
    wished = _LENGTH.search(text)
    return (
        log1p(sum(map(text.count, _OPERATORS)) + found["operator"]),
        log1p(text.count("?")),
        log1p(text.count(",")),
        log1p(text.count(":")),
        log1p(found["negation"]),
        log1p(found["quantifier"]),
        log1p(len(_CODE.findall(text))),
        float(bool(_TRACE.search(text))),
        float(bool(_PATH.search(text))),
        log1p(found["step"]),
        log1p(found["constraint"]),
        float(found["effort"] > 0),
        log1p(int(wished[1])) if wished else 0.0,
    )


def _turn(question: Question, text: str, words: list[str]) -> tuple[float, ...]:
    """Return where in a conversation this is, and how words are written."""
    letters = sum(map(len, words))
    return (
        log1p(question.turns),
        float(question.retry),
        min(3.0, letters / max(1, len(words)) / 10),
        sum(map(str.isupper, text)) / max(1, letters),
        float(script_of(text) not in {"LATIN", ""}),
    )
