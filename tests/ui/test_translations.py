"""Every word of the window is translated, and what is shipped is what the sources say."""

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.ui.chat.composer import Composer
from tests.ui.conftest import RESOURCES

_WORDS = RESOURCES / "i18n" / "echelon_de.ts"
_UI = RESOURCES.parent / "app" / "ui"

Words = dict[tuple[str, str], str]


def _words(file: Path) -> Words:
    found = {}
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = message.findtext("translation", "")
    return found


def _tool(name: str) -> str:
    tool = shutil.which(name, path=str(Path(sys.executable).parent))
    assert tool, f"{name} comes with PySide6"
    return tool


def test_every_text_has_a_translation_with_the_same_gaps() -> None:
    for (context, source), translation in _words(_WORDS).items():
        assert translation, f"{context}: {source}"
        assert source.count("%1") == translation.count("%1"), source


def test_no_text_was_added_since_the_words_were_collected(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    sources = [str(file) for file in sorted(_UI.rglob("*.py"))]
    subprocess.run(
        [_tool("pyside6-lupdate"), "-locations", "none", *sources, "-ts", str(fresh)],
        check=True,
        capture_output=True,
    )
    assert set(_words(fresh)) == set(_words(_WORDS)), "run resources/i18n/update.sh"


def test_the_compiled_words_are_those_of_the_source(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(_WORDS.with_suffix(".qm")))
    for (context, source), translation in _words(_WORDS).items():
        assert translator.translate(context, source) == translation


@pytest.fixture
def german(qapp: QApplication) -> QTranslator:
    translator = QTranslator()
    assert translator.load(QLocale("de_AT"), "echelon", "_", str(RESOURCES / "i18n"))
    return translator


def test_a_german_window_speaks_german(qapp: QApplication, german: QTranslator) -> None:
    QCoreApplication.installTranslator(german)
    try:
        composer = Composer()
        composer.write("Hallo")
        assert composer._send.text() == "Senden"
        composer.deleteLater()
    finally:
        QCoreApplication.removeTranslator(german)
