"""Rules for the code of the window that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_UI = Path(__file__).resolve().parents[2] / "app" / "ui"
_FILES = sorted(_UI.rglob("*.py"))


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id


@pytest.mark.parametrize("file", _FILES, ids=lambda file: str(file.relative_to(_UI)))
def test_nothing_runs_a_nested_loop_or_an_orphan_task(file: Path) -> None:
    """A nested loop loses wake-ups for good; an `asyncSlot` may be collected while it waits."""
    banned = {"exec", "exec_", "asyncSlot", "asyncClose", "asyncWrap", "processEvents"}
    tree = ast.parse(file.read_text("utf-8"))
    found = [f"line {line}: {name}" for line, name in _names(tree) if name in banned]
    assert not found


def test_the_rule_sees_every_file() -> None:
    assert _UI / "aio.py" in _FILES
    assert [name for _, name in _names(ast.parse("dialog.exec()"))] == ["exec", "dialog"]
