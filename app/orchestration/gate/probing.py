"""Checkers of probes: exact, and safe on whatever a model writes; no code of an answer is run."""

import ast
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.domain.chat import ChatMessage
from app.orchestration.gate.forms import fenced, json_piece, too_much
from app.orchestration.question import Question

Check = Callable[[str], bool]
LONGEST: Final = 20_000  # characters of an answer that are looked at

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")
_EDGES: Final = " \t\n\r\"'`*_.!\u201c\u201d\u201e"
_NUMERALS: Final = {
    name: value
    for names in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    )
    for value, name in enumerate(names.split())
}


@dataclass(frozen=True, slots=True)
class Probe:
    """One question with its checker; `family`: the kind of task it was written for."""

    family: str
    thread: tuple[ChatMessage, ...]
    check: Check

    @property
    def question(self) -> Question:
        """The probe as gate and router see it."""
        return Question(self.thread[-1].content, self.thread)

    def is_right(self, answer: str) -> bool:
        """Whether an answer is right; what is far too long is not."""
        return len(answer) <= LONGEST and self.check(answer)


def says(*words: str, never: tuple[str, ...] = ()) -> Check:
    """Right if one of the words is in the answer, and none of those that must not be."""

    def check(answer: str) -> bool:
        text = " ".join(answer.casefold().split())
        return any(_holds(text, each) for each in words) and not any(
            _holds(text, each) for each in never
        )

    return check


def number(value: float) -> Check:
    """Right if the last number in the answer is this one, or the only numeral."""

    def check(answer: str) -> bool:
        found = _NUMBER.findall(answer)
        if not found:
            return count(int(value))(answer)
        last = re.sub(r",(?=\d{3}(?!\d))", "", found[-1]).replace(",", ".")
        try:
            return abs(float(last) - value) < 1e-9
        except ValueError:  # a version, a date
            return False

    return check


def count(value: int) -> Check:
    """Right if the only number said is this one, as figures or as a word."""

    def check(answer: str) -> bool:
        figures = {int(each) for each in re.findall(r"\b\d{1,6}\b", answer)}
        words = re.findall(r"\w+", answer.casefold())
        return (figures or {_NUMERALS[each] for each in words if each in _NUMERALS}) == {value}

    return check


def exactly(wanted: str) -> Check:
    """Right if the answer is this text; spaces and quotation marks around it do not count."""

    def check(answer: str) -> bool:
        return " ".join(answer.strip(_EDGES).split()) == " ".join(wanted.strip(_EDGES).split())

    return check


def listed(*words: str) -> Check:
    """Right if the last line is these words in this order."""

    def check(answer: str) -> bool:
        lines = [line for line in answer.casefold().splitlines() if line.strip()]
        one_each = [line.strip(" -*.0123456789)") for line in lines[-len(words) :]]
        joined = re.findall(r"[^\W\d_]+", lines[-1].rpartition(":")[2]) if lines else []
        return list(words) in (joined, one_each)

    return check


def json_is(*values: object) -> Check:
    """Right if the answer is JSON with one of these values."""

    def check(answer: str) -> bool:
        piece = json_piece(answer)
        if too_much(piece):
            return False
        try:
            found = json.loads(piece)
        except ValueError:
            return False
        # True is 1 to Python, not to JSON.
        return any(
            json.dumps(found, sort_keys=True) == json.dumps(each, sort_keys=True) for each in values
        )

    return check


def expression(name: str, *returned: str) -> Check:
    """Right if the answer defines a function that returns one of these expressions at once."""
    wanted = {ast.dump(ast.parse(each, mode="eval").body) for each in returned}

    def check(answer: str) -> bool:
        code = next((code for _, code in fenced(answer)), answer)
        if too_much(code):
            return False
        try:
            body = ast.parse(code.strip()).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return any(_returns(each, name, wanted) for each in body)

    return check


def _returns(node: ast.stmt, name: str, wanted: set[str]) -> bool:
    if not isinstance(node, ast.FunctionDef) or node.name != name:
        return False
    steps = [each for each in node.body if not _is_text(each)]
    if len(steps) != 1 or not isinstance(steps[0], ast.Return) or steps[0].value is None:
        return False
    return ast.dump(steps[0].value) in wanted


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
