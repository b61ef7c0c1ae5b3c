"""The set for this computer in the window: fetched with one button, changed, and put to use."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.downloads import State
from app.domain.settings import Settings
from app.models.registry import load_registry
from app.models.sets.catalogue import load_catalogue
from app.models.sets.choosing import Chooser, Machine
from app.ui.models.find import FindTab
from app.ui.models.set_card import SetCard, Step
from app.ui.models.set_change import SetChange
from tests.fakes.hub import FakeRepo
from tests.fakes.manager import Computer
from tests.ui.conftest import RESOURCES
from tests.ui.managed import managed, shown
from tests.ui.pages import until

GIB = 1 << 30
CATALOGUE = load_catalogue(RESOURCES)


def repos(*left_out: str) -> list[FakeRepo]:
    """Return the catalogue on the hub: small files under the names of large ones."""
    found: list[FakeRepo] = []
    for entry in CATALOGUE.models:
        if entry.name not in left_out:
            name = "all-MiniLM-L6-v2-q8_0" if entry.embeddings else "draft"
            data = (RESOURCES / "models" / f"{name}.gguf").read_bytes()
            found.append(FakeRepo(entry.repository, {entry.file: data + bytes(len(found))}))
    return found


async def at(card: SetCard, step: Step) -> None:
    """Wait until the filled button does this."""
    await until(lambda: card.standing is not None and card.step is step)


async def test_one_button_gets_all_and_another_one_uses_it(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with managed(tmp_path, *repos()) as (core, hub), shown(qapp, core, FindTab) as tab:
        card = tab.set_card
        tab.refresh()
        await at(card, Step.GET)
        assert hub.asked == [], "a set is chosen without asking anybody"
        assert card.cast.text().startswith("front Qwen3.5 0.8B · worker Qwen3.5 4B · ")
        assert "together " in card.cast.text()
        assert card.main.text().startswith("Get all, about ")
        card.main.click()
        await at(card, Step.USE)
        assert card.plan is not None
        for entry in card.plan.files:
            assert (core.app.paths.models / entry.file).exists()
        assert {each.state for each in core.app.manager.downloads.all} == {State.DONE}
        assert "kept as a backup" in card.note.text()
        card.main.click()
        await at(card, Step.DONE)
        assert "from the next question on" in card.note.text()
        settings = Settings.model_validate({})
        front = load_registry(None, settings=settings, paths=core.app.paths).find("front")
        assert front is not None
        assert front.model.path == core.app.paths.models / "Qwen3.5-0.8B-Q8_0.gguf"
        assert not card.main.isEnabled()


async def test_what_is_here_is_not_fetched_and_what_fails_names_itself(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with (
        managed(tmp_path, *repos("Qwen3.5 4B")) as (core, hub),
        shown(qapp, core, FindTab) as tab,
    ):
        card, front = tab.set_card, CATALOGUE.models[0]
        here = hub.repos[0].files[front.file]
        core.app.paths.models.mkdir(parents=True, exist_ok=True)
        (core.app.paths.models / front.file).write_bytes(here)
        tab.refresh()
        await at(card, Step.GET)
        assert "Here already: Qwen3.5 0.8B." in card.note.text()
        card.main.click()
        await at(card, Step.WAIT)
        await at(card, Step.GET)
        await until(
            lambda: all(each.state is State.DONE for each in core.app.manager.downloads.all)
        )
        await until(lambda: card.standing is not None and len(card.standing.missing) == 1)
        assert "Qwen3.5 4B: " in card.note.text()
        assert "has no repository" in card.note.text()
        fetched = {name for each in core.app.manager.downloads.all for name in each.names}
        assert front.file not in fetched
        assert fetched
        hub.repos.extend(repo for repo in repos() if "Qwen3.5-4B" in repo.repo)
        card.main.click()
        await at(card, Step.USE)
        assert "has no repository" not in card.note.text()


async def test_a_changed_set_is_the_one_that_is_fetched(qapp: QApplication, tmp_path: Path) -> None:
    computer = Computer(memory=16 * GIB)
    async with (
        managed(tmp_path, computer=computer) as (core, _),
        shown(qapp, core, FindTab) as tab,
    ):
        card = tab.set_card
        tab.refresh()
        await at(card, Step.GET)
        card.change.click()
        await until(lambda: bool(tab.window().findChildren(SetChange)))
        (dialog,) = tab.window().findChildren(SetChange)
        coder, embed = dialog.boxes["coder"], dialog.boxes["embed"]
        assert dialog.boxes["front"].findText("leave out") < 0
        assert coder.currentText() != "Qwen3.5 4B"
        coder.setCurrentIndex(coder.findText("Qwen3.5 4B"))
        coder.activated.emit(coder.currentIndex())
        embed.setCurrentIndex(embed.findText("leave out"))
        embed.activated.emit(embed.currentIndex())
        assert embed.currentText() == "left out"
        dialog.accept()
        await until(lambda: "coder Qwen3.5 4B" in card.cast.text())
        assert "embed" not in card.cast.text()
        assert card.step is Step.GET


def test_drafts_that_do_not_fit_beside_the_rest_cannot_be_taken(qapp: QApplication) -> None:
    chooser = Chooser(CATALOGUE, Machine(64 * GIB, 16, 120e9))
    plan = chooser.best()
    assert plan is not None
    dialog = SetChange(chooser, plan)
    assert dialog.drafts.isChecked()
    dialog.drafts.setChecked(False)
    assert dialog.plan.drafted == ()
    chooser.machine = Machine(12 * GIB)
    dialog.drafts.setChecked(True)
    assert dialog.plan.drafted == plan.drafted
    assert "of memory are missing" in dialog.total.text()
    assert not dialog.take.isEnabled()
    dialog.deleteLater()


@pytest.mark.parametrize("memory", [2 * GIB])
async def test_where_nothing_fits_a_sentence_says_so(
    qapp: QApplication, tmp_path: Path, memory: int
) -> None:
    computer = Computer(memory=memory)
    async with (
        managed(tmp_path, computer=computer) as (core, _),
        shown(qapp, core, FindTab) as tab,
    ):
        tab.refresh()
        await until(lambda: "No set fits into 2.0 GB" in tab.set_card.cast.text())
        assert not tab.set_card.main.isVisible()
