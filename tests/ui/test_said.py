"""What the core says is said in the language of the window, and no sentence is forgotten."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from app.domain.errors import AppError, HubBusy, ModelMissing
from app.ui.said import Sayings, said, speak, told
from resources.i18n.collect import APP, HERE, collected, read, said_in, sources

_FILE = HERE / "core_de.json"
_GAP = re.compile(r"%\d+")
# Their errors are told in terminals alone, or by something else than a window.
_NOT_IN_THE_WINDOW = {
    "benches.py", "cli.py", "records.py", "terminal.py", "domain/errors.py",
}  # fmt: skip


@pytest.fixture
def german() -> Iterator[None]:
    speak(HERE, QLocale("de_AT"))
    yield
    speak(HERE, QLocale("en_GB"))


def _kinds(kind: type[AppError]) -> Iterator[str]:
    yield kind.__name__
    for below in kind.__subclasses__():
        yield from _kinds(below)


def _raises(file: Path, kinds: set[str]) -> bool:
    calls = (
        node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)
    )
    return any(isinstance(call.func, ast.Name) and call.func.id in kinds for call in calls)


def test_every_sentence_of_the_core_has_a_translation() -> None:
    known = read(_FILE)
    assert set(collected()) == set(known), "run resources/i18n/update.sh"
    assert [saying for saying, words in known.items() if not words] == []


def test_a_translation_has_the_gaps_of_its_sentence() -> None:
    for saying, words in read(_FILE).items():
        assert sorted(set(_GAP.findall(saying))) == sorted(set(_GAP.findall(words))), saying


def test_who_raises_an_error_is_listened_to() -> None:
    kinds, heard = set(_kinds(AppError)), set(sources())
    deaf = {
        file.relative_to(APP).as_posix()
        for file in APP.rglob("*.py")
        if "ui" not in file.relative_to(APP).parts and file not in heard and _raises(file, kinds)
    }
    assert deaf - _NOT_IN_THE_WINDOW == set()


def _filled(text: str, saying: str) -> str:
    """Return a text with names in its gaps; what follows on another gap begins as words do."""
    follows = {gap[1] for gap in re.finditer(r"%\d+(?=(%\d+))", saying)}
    return _GAP.sub(lambda gap: f" ({gap[0][1:]})" if gap[0] in follows else f"x{gap[0][1:]}", text)


def test_every_sentence_is_found_again_by_its_words() -> None:
    known = read(_FILE)
    sayings = Sayings(known)
    for saying, words in known.items():
        assert sayings.say(_filled(saying, saying)) == _filled(words, saying)


def test_values_fill_the_gaps_and_are_translated_where_they_are_words(german: None) -> None:
    text = "The JSON does not fit its schema: 'name' is missing in entry 3 of the value."
    assert (
        said(text) == "Das JSON passt nicht zu seinem Schema: 'name' fehlt in Eintrag 3 von Wert."
    )


def test_gaps_without_words_between_are_divided_so_that_most_is_understood(german: None) -> None:
    error = HubBusy(
        "h.example takes no more requests now.",
        remedy="Try again later. With a token more is allowed.",
    )
    assert told(error) == (
        "h.example nimmt jetzt keine Anfragen mehr an. Versuche es später noch einmal. "
        "Mit einem Token ist mehr erlaubt."
    )


def test_several_sentences_are_translated_one_by_one(german: None) -> None:
    text = (
        "The model registry /r.yaml cannot be used:\nline 3: the role `a` has no `model`\nA riddle."
    )
    assert said(text) == (
        "Die Registry /r.yaml kann nicht benutzt werden:\n"
        "Zeile 3: die Rolle `a` hat kein `model`\nA riddle."
    )


def test_a_sentence_with_nothing_at_its_end_is_known(german: None) -> None:
    assert said("coder made a mistake") == "coder hat einen Fehler gemacht"


@pytest.mark.parametrize(
    "text", ["", " ", "Nobody has said this before.", "word " * 5000, "%1", "\n\n"]
)
def test_what_is_not_known_is_shown_as_it_came(german: None, text: str) -> None:
    assert said(text) == text


def test_an_english_window_says_what_the_core_says() -> None:
    error = ModelMissing("There is no file x.", remedy="Choose another name.")
    assert told(error) == str(error)


def test_fields_of_formats_are_gaps_and_what_machines_read_is_left_out() -> None:
    source = """
'A docstring of words.'
log.info("not for people")
x = f"the {a} of " + "{b:.0%} of {c}"
y = "SELECT a FROM b"
"""
    assert said_in(source) == ["the %1 of", "%1 of %2"]
