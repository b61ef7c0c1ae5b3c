"""Grammars the library would choke on are refused before, with the place of the mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.runner.failures import Refused
from app.engines.runner.grammar.gbnf import check
from app.engines.runner.grammar.native import Grammar
from app.engines.runner.model import Model

GOOD = {
    "literal": 'root ::= "a"',
    "classes": r'root ::= [a-z] [^\n"] [\x41-\u00ff] [a\-\]] .',
    "groups": 'root ::= ("a" | "b" ("c"?)) | "d"',
    "repetitions": 'root ::= "a"* [b]+ ("c"){2} "d"{1,} "e"{0,3} "f"{ 1 , 2 }',
    "lines": 'root ::= (\n  "a"  # first\n  | "b"\n)\n\n# more\nx ::=\n  "c" |\n  "d"\nroot2 ::= x',
    "empty": 'root ::= "a" | ',
    "right recursion": 'root ::= "a" root | "b"',
    "nothing or something": 'root ::= ("a"* "b")* ("c"*)? ("d"?){1} "e"',
}
BAD = {
    "no root": ('x ::= "a"', "no rule 'root'"),
    "undefined": ('root ::= "a" what', "'what' is used but not defined"),
    "tokens": ("root ::= [a-c] !<[6]>", "not tokens"),
    "named tokens": ("root ::= <think>", "not tokens"),
    "repeated repetition": ('root ::= "a"**', "nothing"),
    "repeated nothing": ('root ::= ""+', "nothing"),
    "repeated choice of nothing": ('root ::= ("a"*)*', "'root' repeats what may be nothing"),
    "repeated empty rule": ('root ::= x{2,3} "b"\nx ::= "a"?', "'root' repeats"),
    "open literal": ('root ::= "a', "line 1"),
    "open class": ("root ::= [a", "line 1"),
    "empty class": ("root ::= []", "line 1"),
    "open group": ('root ::= ("a"', r"'\)'"),
    "unknown escape": (r'root ::= "\q"', "line 1"),
    "second line": ('root ::= x\nx = "a"', "line 2"),
    "down": ('root ::= "a"{3,2}', "repetition"),
    "too often": ('root ::= "a"{3000}', "repetition"),
    "too much": ("root ::= " + " ".join(["(" + '"abcdefgh"' * 40 + "){2000}"] * 10), "fewer"),
    "left recursion": ('root ::= root "a" | "b"', "leads back"),
    "hidden left recursion": ('root ::= a root "b" | "c"\na ::= e\ne ::= "x"?', "leads back"),
    "left recursion by two": ('root ::= a\na ::= b "x"\nb ::= a | "y"', "leads back"),
    "deep": ("root ::= " + "(" * 100 + '"a"' + ")" * 100, "brackets"),
    "zero": ('root ::= "a\0"', "zero"),
    "long": ('root ::= "a" # ' + "x" * 300_000, "longer"),
    "many ways": (
        "\n".join(f"r{n} ::= r{n + 1} | r{n + 1}x\nr{n}x ::= r{n + 1}" for n in range(40))
        + '\nr40 ::= "a"\nr40x ::= "b"\nroot ::= r0',
        "begin with each other",
    ),
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD.keys())
def test_what_the_library_reads_passes(model: Model, text: str) -> None:
    check(text)
    Grammar.of(model, text)


@pytest.mark.parametrize(("text", "reason"), BAD.values(), ids=BAD.keys())
def test_what_it_must_not_see_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as caught:
        check(text)
    assert (caught.value.status, caught.value.code) == (400, "invalid_grammar")


@given(st.text(alphabet='ab"[]()|*+?{},0123-^\\:= \n#<>!.', max_size=40))
def test_noise_never_reaches_the_library_unread(model: Model, noise: str) -> None:
    try:
        grammar = Grammar.of(model, f"root ::= {noise}")
    except Refused:
        return
    grammar.accept(100)


def test_copies_go_their_own_way(model: Model) -> None:
    def token(text: str) -> int:
        (found,) = model.tokenize(text, add_special=False, parse_special=False)
        return found

    first = Grammar.of(model, 'root ::= "a" ("b" | "c")')
    assert first.accept(token("a"))
    second = first.clone()
    assert second.accept(token("b"))
    assert not second.accept(token("b"))
    assert first.accept(token("c"))
    assert second.accept(model.eos)
