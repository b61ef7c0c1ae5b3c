"""Runs a function that a model wrote against its cases, in a process of its own with limits."""

import ast
import re
import subprocess
import sys
from collections.abc import Sequence

from resources.models.recipe.families.task import Check, visible

SECONDS = 5
BYTES = 400_000_000

_FENCE = re.compile(r"```(?:python)?\n(.*?)(?:```|$)", re.DOTALL)
# What a function of these tasks never needs; such code is not run at all.
_REFUSED = (
    ast.Import,
    ast.ImportFrom,
    ast.Global,
    ast.Nonlocal,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)
_REFUSED_NAMES = frozenset("open exec eval compile input globals vars breakpoint exit quit".split())

_HARNESS = """
import ast, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({bytes}, {bytes}))
    resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
except ImportError:
    pass
code, name, cases = ast.literal_eval(sys.stdin.read())
space = {{}}
exec(code, space)
for given, wanted in cases:
    found = space[name](given)
    if found != wanted or type(found) is not type(wanted):
        sys.exit(1)
"""


def passes(name: str, cases: Sequence[tuple[object, object]]) -> Check:
    """Return a checker for code that defines `name`, which has to give each case's result."""

    def check(answer: str) -> bool:
        code = code_of(answer)
        return is_harmless(code, name) and _run(code, name, tuple(cases))

    return check


def code_of(answer: str) -> str:
    """Return the code in the first fence of an answer, or all of it."""
    text = visible(answer)
    found = _FENCE.search(text)
    return found.group(1) if found else text


def is_harmless(code: str, name: str) -> bool:
    """Return whether `code` parses, defines `name`, and reaches for nothing outside of itself."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    defined = any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)
    return defined and not any(_is_refused(node) for node in ast.walk(tree))


def _is_refused(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr.startswith("_")
    if isinstance(node, ast.Name):
        return node.id.startswith("__") or node.id in _REFUSED_NAMES
    return isinstance(node, _REFUSED)


def _run(code: str, name: str, cases: tuple[tuple[object, object], ...]) -> bool:
    harness = _HARNESS.format(bytes=BYTES, seconds=SECONDS)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", harness],
            input=repr((code, name, cases)),
            text=True,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
