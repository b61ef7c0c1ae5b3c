"""Recomputes the sums in an answer: every `a op b = c` that stands there."""

import ast
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_NUMBER = r"-?\d[\d,]*(?:\.\d+)?"
# Signs of multiplication and division as people type and print them.
# At least one operation on the left, numbers alone on the right; no letters in between.
_EQUATION = re.compile(
    rf"(?<![\w.])(\(*{_NUMBER}\)*(?:\s*[-+*/x\u00d7\u00b7\u00f7]\s*\(*{_NUMBER}\)*)+)\s*=\s*({_NUMBER})(?![\w.]*[\w])"
)
# A calculation in a question, whole. Minus and slash stand alone there: numbers of telephones,
# dates and ratios are no calculations.
_SIGN: Final = r"(?:\s+[-/]\s+|\s*[+*x\u00d7\u00b7\u00f7]\s*)"
_ASKED = re.compile(rf"(?<![\w.,]){_NUMBER}(?:{_SIGN}{_NUMBER})+(?![\w]|[.,]\d|\s*[-+*/^%])")
_BEFORE: Final = "+-*/^%"
_CUE = re.compile(
    r"\b(?:what(?:'s| is)|how much|calculate|compute|work out|evaluate|solve|add|"
    r"was (?:ist|ergibt)|wie ?viel|rechne|berechne)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(_NUMBER)
_SAID: Final = {
    "plus|added to": " + ",
    "minus|less": " - ",
    "times|multiplied by|mal": " * ",
    "divided by|over|geteilt durch": " / ",
}
_SIGNS: Final = str.maketrans({"x": "*", "\u00d7": "*", "\u00b7": "*", "\u00f7": "/", ",": ""})
_OPERATIONS: Final[dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
LONGEST: Final = 300  # characters of an expression that is looked at
# A rounded result is right if it is right to its last digit.
_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Equation:
    """One equation as it stands in the text; `right` is None where it cannot be computed."""

    text: str
    right: bool | None


def equations(text: str) -> Iterator[Equation]:
    """Yield the equations in a text with whether each is right."""
    for found in _EQUATION.finditer(text):
        yield Equation(found[0], _check(found[1], found[2]))


def verdict(text: str) -> int:
    """Return 1 if all equations are right and there are some, -1 if one is wrong, else 0."""
    judged = [each.right for each in equations(text) if each.right is not None]
    if not judged:
        return 0
    return 1 if all(judged) else -1


def answered(question: str, answer: str) -> int:
    """Return 1 if the answer ends in what the question's one calculation gives, -1 if not.

    0 where the question has none, or more than one.
    """
    asked = _calculation(question)
    if not asked:
        return 0
    said = _FIGURE.findall(answer[-LONGEST:])
    right = _check(asked, said[-1]) if said else False
    return 0 if right is None else (1 if right else -1)


def has_calculation(question: str) -> bool:
    """Return whether a question asks for the result of one calculation."""
    return bool(_calculation(question))


def _calculation(question: str) -> str:
    """Return the one calculation a question asks for, or ''."""
    if len(question) > LONGEST or "=" in question:
        return ""
    text = _spelled(question)
    asked = [found for found in _ASKED.finditer(text) if not _goes_before(text, found.start())]
    whole = len(asked) == 1 and len(asked[0][0]) >= len(text.strip(" ?.!"))
    return asked[0][0] if len(asked) == 1 and (whole or _CUE.search(question)) else ""


def _goes_before(text: str, place: int) -> bool:
    """Whether a sign before `place` makes what follows a part of something longer."""
    return text[:place].rstrip()[-1:] in _BEFORE and bool(text[:place].strip())


def _spelled(question: str) -> str:
    """Return the question with signs for words of arithmetic."""
    text = question
    for words, sign in _SAID.items():
        text = re.sub(rf"(?<=\d)\s+(?:{words})\s+(?=\d)", sign, text, flags=re.IGNORECASE)
    return text


def _check(left: str, right: str) -> bool | None:
    if len(left) > LONGEST:
        return None
    try:
        value = _value(ast.parse(left.translate(_SIGNS), mode="eval").body)
        said = Fraction(right.translate(_SIGNS))
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError):
        return None
    decimals = len(right.partition(".")[2])
    return bool(abs(value - said) * 10**decimals <= (_HALF if decimals else 0))


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Fraction(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError("no arithmetic")
