"""Whether an answer is as long as was asked for, where that can be counted without doubt.

"About 100 words" is a wish and not judged; neither is a length of which a question only tells.
"""

import re
from typing import Final

from app.orchestration.gate.forms import NO_OPINION, Verdict
from app.orchestration.question import Question

LONGEST: Final = 2000  # characters of a question that is understood
_NAMES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve",
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
)
_NUMBERS: Final = {name: value for names in _NAMES for value, name in enumerate(names.split())} | {
    "eine": 1,
    "einem": 1,
    "einen": 1,
}
_COUNT: Final = rf"(?P<count>\d{{1,4}}|{'|'.join(_NUMBERS)})"
_UNIT: Final = (
    r"(?P<unit>words?|characters?|lines?|bullet points?|wörter[n]?|worten?|zeichen|zeilen?|"
    r"stichpunkten?)"
)
_LIMITS: Final = {
    "most": r"at most|no more than|not more than|a maximum of|up to|höchstens|maximal|"
    r"nicht mehr als",
    "below": r"fewer than|less than|under|weniger als|unter",
    "least": r"at least|no fewer than|mindestens",
    "exact": r"exactly|in|with|using|genau|mit|aus",
}
_BOUNDS: Final = "|".join(f"(?P<{name}>{words})" for name, words in _LIMITS.items())
_ASKED = re.compile(
    rf"\b(?:in |with |using |mit |aus )?(?:{_BOUNDS}) (?:only |just |nur )?{_COUNT} {_UNIT}\b",
    re.IGNORECASE,
)
# Who asks for something begins like this; who tells or asks about something else does not.
_WISH = re.compile(
    r"^\W*(?:please |bitte |now )?(?:answer|describe|explain|say|write|tell|give|summari[sz]e|"
    r"reply|list|name|define|in \w+ words|use|antworte|beschreib\w*|erklär\w*|sag\w*|schreib\w*|"
    r"nenn\w*|fass\w*|gib)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"^\s*(?:[-*\u2022]|\d+[.)])\s+\S", re.MULTILINE)


def length(question: Question, answer: str) -> Verdict:
    """Say whether an answer keeps to the length the question sets."""
    text = question.text
    if len(text) > LONGEST:
        return NO_OPINION
    named = list(_ASKED.finditer(text))
    if len(named) != 1 or not _is_wish(text, named[0].start()):
        return NO_OPINION
    wish = named[0]
    limit = next(name for name in _LIMITS if wish[name])
    wanted = int(wish["count"]) if wish["count"].isdigit() else _NUMBERS[wish["count"].lower()]
    count = _counted(answer.strip(), wish["unit"].lower())
    if limit == "exact" and wanted == 1:
        return NO_OPINION  # a check of its own
    fits = {
        "most": count <= wanted,
        "below": count < wanted,
        "least": count >= wanted,
        "exact": count == wanted,
    }[limit]
    return (
        (1, "") if fits else (-1, f"The answer has {count} {wish['unit']}, not {wish[0].strip()}.")
    )


def _is_wish(text: str, place: int) -> bool:
    """Whether the sentence around `place` asks for an answer."""
    begin = max(text.rfind(end, 0, place) for end in (". ", "? ", "! ", "\n", ": ")) + 1
    return _WISH.match(text[begin:]) is not None


def _counted(answer: str, unit: str) -> int:
    if unit.startswith(("wo", "wö")):
        return len(re.findall(r"\w+(?:['\u2019.,-]\w+)*", answer))
    if unit.startswith(("char", "zeichen")):
        return len(answer)
    if unit.startswith(("line", "zeile")):
        return sum(bool(line.strip()) for line in answer.splitlines())
    return len(_MARK.findall(answer))
