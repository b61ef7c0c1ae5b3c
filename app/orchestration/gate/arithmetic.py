"""Recomputes the sums in an answer: every `a op b = c` that stands there."""

import ast
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Final

_NUMBER = r"-?\d+(?:[.,]\d+)*"
# Signs of multiplication and division as people type and print them; an x before a minus is a name.
_PLAIN_SIGN: Final = r"(?:[-+*/\u00d7\u00b7\u00f7]|x(?=\s*\d))"
# What stands left of an equals sign: at least one operation.
_LEFT = re.compile(rf"(?<![\w.,])(\(*{_NUMBER}\)*(?:\s*{_PLAIN_SIGN}\s*\(*{_NUMBER}\)*)+)\s*$")
# And right of it: a number alone, not the beginning of something longer.
_RIGHT = re.compile(
    rf"=\s*({_NUMBER})(?![\w.,]*\w)(?!\s*[%^!])(?!\s*[-+*/x\u00d7\u00b7\u00f7]\s*[\d(])(?!\s\d)"
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
_SIGNS: Final = str.maketrans({"x": "*", "\u00d7": "*", "\u00b7": "*", "\u00f7": "/"})
_BEFORE_LEFT: Final = "+-*/^%x!)]\u00d7\u00b7\u00f7\u221a"
# Commas that divide no thousands, dots that could, and dots that cannot.
_ODD_COMMA = re.compile(r"\d,(?!\d{3}(?!\d))|\d{4},|\.\d+,")
_DOTTED = re.compile(r"\d\.\d{3}(?!\d)")
_ODD_DOT = re.compile(r"\d\.(?!\d{3}(?!\d))|,\d+[.,]")
_OPERATIONS: Final[dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
LONGEST: Final = 300  # characters of an expression that is looked at
MOST: Final = 200  # equations that are looked at
# A rounded result is right if it is right to its last digit.
_HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Equation:
    """One equation as it stands in the text; `right` is None where it cannot be computed."""

    text: str
    right: bool | None


def equations(text: str) -> Iterator[Equation]:
    """Yield the equations in a text with whether each is right.

    Looks back from every equals sign a little way only: what was made to be slow is not.
    """
    for found in islice(_RIGHT.finditer(text), MOST):
        sides = (text.rfind(each, 0, found.start()) + 1 for each in "\n=")
        begin = max(*sides, found.start() - LONGEST)
        before = text[begin : found.start()]
        left = _LEFT.search(before)
        if left is None or _belongs_to_more(before[: left.start()]):
            continue
        yield Equation(f"{left[1]} = {found[1]}", _check(left[1], found[1]))


def answered(question: str, answer: str) -> int:
    """Return 1 if the answer ends in what the question's one calculation gives, -1 if not.

    0 where the question has none, or more than one.
    """
    asked = _calculation(question)
    if not asked:
        return 0
    said = _FIGURE.findall(answer[-LONGEST:])
    if not said:
        return -1
    right = _check(asked, said[-1])
    if right is False and any(_check(asked, each) for each in said):
        return 0  # the result stands there, and something else behind it
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


def _belongs_to_more(before: str) -> bool:
    """Whether a calculation goes on to the left of what was understood of it."""
    rest = before.rstrip()
    # A dash that begins a line is one of a list.
    return rest[-1:] in _BEFORE_LEFT and rest.strip() != "-" and bool(rest)


def _check(left: str, right: str) -> bool | None:
    """Return whether two sides are equal as numbers are written somewhere; None for no numbers."""
    if len(left) > LONGEST:
        return None
    found = [_equal(one, other) for one, other in _readings(left, right)]
    known = [each for each in found if each is not None]
    return any(known) if known else None


def _readings(left: str, right: str) -> Iterator[tuple[str, str]]:
    """Yield what may be meant: a comma or a dot may divide thousands, or begin decimals."""
    both = f"{left} = {right}"
    if not _ODD_COMMA.search(both):
        yield left.replace(",", ""), right.replace(",", "")
    if "," in both or _DOTTED.search(both):
        if _ODD_DOT.search(both):
            return
        swap = str.maketrans({".": "", ",": "."})
        yield left.translate(swap), right.translate(swap)


def _equal(left: str, right: str) -> bool | None:
    try:
        value = _value(ast.parse(left.translate(_SIGNS).strip(), mode="eval").body)
        said = Fraction(right)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
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
