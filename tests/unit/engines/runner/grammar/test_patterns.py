"""Patterns become grammars that allow what the pattern finds, and name what they cannot do."""

import json

import pytest

from app.engines.runner.grammar.native import Grammar
from app.engines.runner.grammar.patterns import ESCAPED, PLAIN, Unsupported, pattern
from app.engines.runner.model import Model

FITTING = {
    r"^[a-c]{2,4}$": (["ab", "abcc"], ["a", "abcd", "abcca"]),
    r"^\d{3}-\d{4}$": (["123-4567"], ["123-456", "1234567"]),
    r"b\.c": (["b.c", "ab.cd"], ["bxc"]),
    r"^(?:yes|no|)$": (["yes", "no", ""], ["maybe"]),
    r"^(a|b)+c?$": (["abab", "bc"], ["c"]),
    r'^["\\]$': (['"', "\\"], ["a"]),
    r"^[^a\s]\S$": (["bc", "ü~"], ["ab", "b "]),
    r"^[!-~]+$": (['!"#~', "\\"], [" "]),
    r"^\u00e4\x41\n$": (["äA\n"], ["aA\n"]),
    r"^.$": (["x", "\t", "ü"], ["\n", "xx"]),
    r"^[\w.-]+@[\w-]+\.[a-z]{2,}$": (["a.b@c-d.org"], ["a@b"]),
}
UNSUPPORTED = [
    *(r"^(?=x)$", r"\bword", r"^a|b$", r"^a$|b", r"^a*?$", r"(", r")", r"[a", r"*", r"^[z-a]$"),
    *(r"\1", r"(?<name>a)", r"a{3,2}", r"a{5000}", r"\ud800", "a\\"),
]


@pytest.mark.parametrize(("source", "texts"), FITTING.items())
def test_what_a_pattern_finds_fits(
    model: Model, source: str, texts: tuple[list[str], list[str]]
) -> None:
    grammar = Grammar.of(model, f"root ::= {pattern(source)}\nchar ::= {PLAIN} | {ESCAPED}\n")

    def fits(text: str) -> bool:
        inside = json.dumps(text, ensure_ascii=False)[1:-1]
        state = grammar.clone()
        tokens = model.tokenize(inside, add_special=False, parse_special=False)
        return all(state.accept(token) for token in tokens) and state.accept(model.eos)

    good, bad = texts
    assert [text for text in good if not fits(text)] == []
    assert [text for text in bad if fits(text)] == []


@pytest.mark.parametrize("source", UNSUPPORTED)
def test_what_cannot_be_done_is_said(source: str) -> None:
    with pytest.raises(Unsupported):
        pattern(source)
