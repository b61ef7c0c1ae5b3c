"""Whether an answer has the form that was wanted: JSON of a schema, Python that compiles."""

import ast
import json
import re
import warnings
from typing import Final

from app.orchestration.gate.schema import Schema, mismatch
from app.orchestration.question import Question

LONGEST: Final = 200_000  # characters of a piece that is parsed
DEEPEST: Final = 100  # brackets within brackets; deeper ones exhaust parsers
LONGEST_NUMBER: Final = 4000  # digits; Python takes long over longer ones

_MARK = re.compile(r"^[ \t]*```", re.MULTILINE)
_WANTS_JSON = re.compile(r"\bJSON\b", re.IGNORECASE)
_WANTS_WORDS = re.compile(
    r"\b(?:explain|describe|what is|why|erkläre?|was ist|warum)\b", re.IGNORECASE
)
_WANTS_PYTHON = re.compile(r"\bpython\b|^[ \t]*def \w+\(", re.IGNORECASE | re.MULTILINE)
_DIGITS = re.compile(rf"\d{{{LONGEST_NUMBER}}}")
_PYTHON: Final = frozenset({"python", "py", "python3"})

Verdict = tuple[int, str]
NO_OPINION: Final[Verdict] = (0, "")


def json_form(question: Question, answer: str) -> Verdict:
    """Say whether an answer that has to be JSON is, and of the wanted schema."""
    schema = question.schema
    if schema is None:
        if not _asks_for_json(question.text):
            return NO_OPINION
        schema = described_schema(question.text)
    piece = json_piece(answer)
    if too_much(piece):
        return NO_OPINION
    try:
        value = json.loads(piece)
    except ValueError as error:
        return -1, f"The JSON is not valid: {error}."
    wrong = mismatch(value, schema) if schema is not None else ""
    return (-1, f"The JSON does not fit its schema: {wrong}.") if wrong else (1, "")


def python_form(question: Question, answer: str) -> Verdict:
    """Say whether the Python in an answer can be compiled; nothing of it is run."""
    pieces = [code for name, code in fenced(answer) if name.lower() in _PYTHON]
    if not pieces and _WANTS_PYTHON.search(question.text) and not _MARK.search(answer):
        pieces = [answer] if re.match(r"\s*(?:def|class|import|from) ", answer) else []
    for code in pieces:
        if too_much(code):
            return NO_OPINION
        try:
            wrong = _compiled(code)
        except (RecursionError, MemoryError):
            return NO_OPINION  # it may be right, only too deep for this parser
        if wrong:
            return -1, f"The Python code does not compile: {wrong}."
    return (1, "") if pieces else NO_OPINION


def fences(_question: Question, answer: str) -> Verdict:
    """Say whether every block of code that was opened is closed."""
    marks = len(_MARK.findall(answer[:LONGEST]))
    if not marks:
        return NO_OPINION
    return (1, "") if marks % 2 == 0 else (-1, "A block of code is not closed.")


def fenced(text: str) -> list[tuple[str, str]]:
    """Return the closed blocks of code in a text, each with the language it is marked with."""
    found: list[tuple[str, str]] = []
    name = ""
    code: list[str] | None = None  # the block that is open, if one is
    for line in text[:LONGEST].splitlines(keepends=True):
        mark = _MARK.match(line)
        if mark is None:
            if code is not None:
                code.append(line)
        elif code is None:
            name = line[mark.end() :].strip().split(" ")[0]
            code = []
        else:
            found.append((name, "".join(code)))
            code = None
    return found


def json_piece(answer: str) -> str:
    """Return the part of an answer that has to be JSON: a block of code, or all of it."""
    blocks = fenced(answer)
    marked = [code for name, code in blocks if name.lower() in {"json", ""}]
    return (marked or [answer])[0].strip()


def described_schema(text: str) -> Schema | None:
    """Return the JSON schema of an object that stands in a question, if one does."""
    if too_much(text):
        return None
    start = text.find('{"type"')
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return None
    is_schema = isinstance(found, dict) and isinstance(found.get("properties"), dict)
    return found if is_schema else None


def too_much(text: str) -> bool:
    """Return whether parsing a text would take long or break the parser."""
    if len(text) > LONGEST or _DIGITS.search(text):
        return True
    depth = deepest = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    return deepest > DEEPEST


def _asks_for_json(text: str) -> bool:
    """Return whether the answer itself is to be JSON, not words about it."""
    return bool(_WANTS_JSON.search(text)) and not _WANTS_WORDS.search(text[:200])


def _compiled(code: str) -> str:
    """Return why code cannot be compiled, or ''."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd but valid escapes
            compile(ast.parse(code), "answer", "exec")
    except (SyntaxError, ValueError, OverflowError) as error:
        line = getattr(error, "lineno", None)
        place = f" (line {line})" if line else ""
        return f"{getattr(error, 'msg', None) or error}{place}"
    return ""
