"""A German window says in German what goes wrong in the core, which speaks English."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.engines.exits import decode
from app.ui.chat.receipt import ReceiptLine
from app.ui.models.bringing import BringDialog
from app.ui.models.page import ModelsPage
from app.ui.said import speak
from tests.fakes.files import Served
from tests.ui.conftest import RESOURCES
from tests.ui.core import FINAL
from tests.ui.finding import finding, said, searched, small
from tests.ui.managed import managed, shown
from tests.ui.pages import until
from tests.ui.test_chat_page import answering, answers, chat, send
from tests.ui.test_coming import BODY, downloading
from tests.ui.test_main_window import opened
from tests.ui.test_set_aside import Desk, set_aside


@pytest.fixture(autouse=True)
def _german(qapp: QApplication) -> Iterator[None]:
    words, locale = QTranslator(qapp), QLocale("de_AT")
    assert words.load(locale, "echelon", "_", str(RESOURCES / "i18n"))
    qapp.installTranslator(words)
    speak(RESOURCES / "i18n", locale)
    yield
    speak(RESOURCES / "i18n", QLocale("en_GB"))
    QCoreApplication.removeTranslator(words)


async def test_a_question_that_cannot_be_sent_and_a_role_that_is_not_there(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with chat(qapp, tmp_path) as (_, page):
        page.composer.submitted.emit("  ", "")
        await until(page.composer._problem.isVisible)
        assert page.composer._problem.text() == "Die Nachricht ist leer. Schreib zuerst etwas."
        page.composer.submitted.emit("Hallo", "coda")
        await until(lambda: bool(answers(page)) and bool(answers(page)[0].note))
        assert answers(page)[0].note == (
            "Es gibt keine Rolle „coda“, die antworten kann. "
            "War „coder“ gemeint? Rollen hier: front, worker, coder."
        )


async def test_an_engine_that_ends_in_mid_answer(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        core.will_answer("Ein halber", decode(-11, loading=False).error)
        send(page, "Hallo")
        await until(lambda: bool(answers(page)) and bool(answers(page)[0].note))
        note = (
            "Die Engine ist an einem Speicherfehler abgestürzt. Versuche es noch einmal: die "
            "Engine wird neu gestartet. Geschieht es wieder, sieh in ihr Protokoll."
        )
        assert answers(page)[0].note == note
        entry = answers(page)[0].entry
        assert entry is not None
        assert entry.message.error.startswith("The engine crashed on a memory error. Try again")


async def test_the_receipt_says_why_who_answered(qapp: QApplication, tmp_path: Path) -> None:
    async with chat(qapp, tmp_path) as (core, page):
        core.will_answer("Wien.", FINAL)
        page.composer.write("Was ist die Hauptstadt?")
        page.composer.submitted.emit(page.composer.text, "coder")
        await until(lambda: bool(answers(page)) and not answering(page))
        receipt = answers(page)[0].findChild(ReceiptLine)
        assert isinstance(receipt, ReceiptLine)
        await until(lambda: receipt._facts.toolTip() == "Warum: du hast sie gewählt")


async def test_faults_of_the_hub(qapp: QApplication, tmp_path: Path) -> None:
    async with finding(qapp, tmp_path, small()) as (tab, _, hub):
        hub.faults["search"] = "429"
        tab.search()
        await until(lambda: bool(tab.trouble.text))
        assert "nimmt jetzt keine Anfragen mehr an." in tab.trouble.text
        assert "Versuche es in 17 Sekunden noch einmal." in tab.trouble.text
        hub.faults.clear()
        (row,) = await searched(tab, "small")
        assert any("läuft gut" in words for words in said(row))
        assert "läuft gut: braucht " in row._expected.full.toolTip()


async def test_a_download_that_fails(qapp: QApplication, tmp_path: Path) -> None:
    async with downloading(qapp, tmp_path, a=Served(BODY, status=404)) as stage:
        wanted = await stage.add("a")
        await stage.says(
            wanted,
            "fehlgeschlagen: 127.0.0.1 hat keine solche Datei (Status 404). "
            "Sieh nach, ob die Datei verschoben oder umbenannt wurde.",
        )
        assert stage.now(wanted).message.startswith("127.0.0.1 has no such file")


async def test_a_file_that_is_no_model(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "notes.gguf"
    file.write_text("These are notes, and no model at all.")
    async with managed(tmp_path) as (core, _), shown(qapp, core, ModelsPage) as page:
        page.installed.bring([file])
        await until(lambda: bool(page.installed.findChildren(BringDialog)))
        page.installed.findChildren(BringDialog)[0].accept()
        await until(lambda: bool(page.installed.notices.text))
        assert "Die Datei kann nicht benutzt werden: sie ist keine GGUF-Datei" in (
            page.installed.notices.text
        )


async def test_why_a_model_is_set_aside(qapp: QApplication, tmp_path: Path) -> None:
    async with opened(qapp, tmp_path) as at:
        Desk({}).sits_in(at)
        await until(set_aside(at))
        assert "Für den Kontext war nicht genug Speicher da." in at.window.notices.text
