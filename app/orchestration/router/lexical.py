"""A question as 24 numbers: how long it is and what signs of effort it carries. No model is asked.

Everything is counted on a bounded part of the text, so that a pasted book costs no more.
"""

import re
from math import log1p
from typing import Final

from app.orchestration.gate.language import script_of
from app.orchestration.question import Question

# A longer text is known by its begin and end.
EDGE: Final = 4000
WIDTH: Final = 24

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_OPERATOR = re.compile(r"[-+*/^=<>%\u00d7\u00f7\u00b7]|\b(?:plus|minus|times|mal)\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not?|never|without|except|none|nicht|kein\w*|ohne|nie)\b", re.IGNORECASE
)
_QUANTIFIER = re.compile(
    r"\b(?:all|every|each|any|most|some|only|alle\w*|jede\w*|nur)\b", re.IGNORECASE
)
_CODE = re.compile(r"```|`[^`]+`|\bdef \w|\bclass \w|[{};]\s*$", re.MULTILINE)
_TRACE = re.compile(r"Traceback|\w+(?:Error|Exception)\b|\\[dws]|\(\?:")
_PATH = re.compile(r"(?:[A-Za-z]:)?[\\/][\w.-]+[\\/][\w.-]+|\bhttps?://")
_STEP = re.compile(
    r"\b(?:then|next|step|first|finally|after that|dann|danach|schritt|zuerst)\b", re.IGNORECASE
)
_CONSTRAINT = re.compile(
    r"\b(?:must|should|at (?:least|most)|exactly|between|maximum|minimum|muss|soll|höchstens|"
    r"mindestens|genau)\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\b(\d{1,5}) (?:words?|sentences?|lines?|paragraphs?|wörter|sätze|zeilen)\b")
_HARD = re.compile(
    r"\b(?:explain|prove|why|compare|analy[sz]e|derive|design|evaluate|discuss|erkläre?|beweise?|"
    r"warum|vergleiche?|analysiere?)\b",
    re.IGNORECASE,
)
_LEADING_NUMBER = 6  # digits of the longest number that make a difference


def lexical(question: Question) -> tuple[float, ...]:
    """Return the 24 numbers; all are finite and of about the same size."""
    text = question.text
    text = text if len(text) <= 2 * EDGE else f"{text[:EDGE]}\n{text[-EDGE:]}"
    words = text.split()
    letters = sum(letter.isalpha() for letter in text)
    numbers = _NUMBER.findall(text)
    size = max(1, len(text))
    wished = _LENGTH.search(text)
    longest = max((sum(map(str.isdigit, each)) for each in numbers), default=0)
    return (
        log1p(len(question.text)),
        log1p(len(words)),
        log1p(text.count("\n")),
        sum(letter.isdigit() for letter in text) / size,
        log1p(len(numbers)),
        min(longest, 2 * _LEADING_NUMBER) / _LEADING_NUMBER,
        log1p(len(_OPERATOR.findall(text))),
        log1p(text.count("?")),
        log1p(text.count(",")),
        log1p(text.count(":")),
        log1p(len(_NEGATION.findall(text))),
        log1p(len(_QUANTIFIER.findall(text))),
        log1p(len(_CODE.findall(text))),
        float(bool(_TRACE.search(text))),
        float(bool(_PATH.search(text))),
        log1p(len(_STEP.findall(text))),
        log1p(len(_CONSTRAINT.findall(text))),
        float(bool(_HARD.search(text))),
        log1p(int(wished[1])) if wished else 0.0,
        log1p(question.turns),
        float(question.retry),
        sum(map(len, words)) / max(1, len(words)) / 10,
        sum(letter.isupper() for letter in text) / max(1, letters),
        float(script_of(text) not in {"LATIN", ""}),
    )
