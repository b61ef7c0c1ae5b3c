"""How models are loaded, in the tab of tiers: memory, drafters, the command, other models."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtGui import QGuiApplication, QStandardItemModel
from PySide6.QtWidgets import QApplication

from app.domain.benching import Benchmark, BenchPhase, BenchStep, Rates, Verifying
from app.domain.errors import AppError, BenchRefused
from app.domain.events import ServerState, ServerStateChanged
from app.models.benching.bench import Bench
from app.ui.models.fields import ChoiceField
from app.ui.models.pickers import DraftField
from app.ui.models.roles import RolesTab
from app.ui.models.save_bar import ChangesDialog
from tests.ui.core import Core
from tests.ui.pages import until
from tests.ui.roles import OWN, answer, field, tiers, weighed, write

MB = 1 << 20


def verdict(tab: RolesTab) -> str:
    return tab.load_form.memory.verdict.text()


def choose(tab: RolesTab, key: str, value: object) -> None:
    found = field(tab, key)
    assert isinstance(found, ChoiceField)
    found.box.setCurrentIndex(found.box.findData(value))
    found.box.activated.emit(found.box.currentIndex())


async def test_what_fits_says_how_much_and_beside_whom(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (_, tab):
        await weighed(tab)
        tab.list.choose("helper")
        await until(lambda: verdict(tab).startswith("fits: "))
        assert verdict(tab).endswith(" of 1.0 GB")
        parts = tab.load_form.memory.parts.text()
        for words in ("model ", "context ", "draft model ", "working room ", "beside it ", "small"):
            assert words in parts
        assert tab.load_form.memory.bar.accessibleName() == f"{verdict(tab)} {parts}"


async def test_who_would_have_to_leave_is_named(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path, memory=270 * MB) as (_, tab):
        await weighed(tab)
        tab.list.choose("helper")
        await until(lambda: "not beside big: it would leave memory" in verdict(tab))
        assert "take turns" in tab.together.text()


async def test_the_bar_follows_what_is_typed_and_loading_anyway_is_said(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path, memory=330 * MB) as (_, tab):
        await weighed(tab)
        tab.list.choose("helper")
        write(tab, "context", "4000000")
        await until(lambda: verdict(tab).startswith("does not fit: "))
        assert "always in memory beside it: small, tiny" in verdict(tab)
        assert "or load it anyway" in verdict(tab)
        assert tab.load_form.memory.verdict.objectName() == "verdictBad"
        anyway = tab.load_form.fields["load_anyway"]
        anyway.put(True)
        await until(lambda: "it is loaded anyway" in verdict(tab))


async def test_a_smaller_type_of_keys_and_values_takes_less(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await weighed(tab)
        tab.list.choose("helper")
        await until(lambda: "context 18 MB" in tab.load_form.memory.parts.text())
        choose(tab, "kv_keys", "q8_0")
        choose(tab, "kv_values", "q8_0")
        await until(lambda: "context 10 MB" in tab.load_form.memory.parts.text())
        choose(tab, "flash_attention", "off")
        await until(lambda: "need flash attention" in tab.bar.problem.text())
        assert not tab.bar.save.isEnabled()
        choose(tab, "flash_attention", "on")
        await until(tab.bar.save.isEnabled)
        tab.bar.save.click()
        await answer(tab, ChangesDialog, yes=True)
        await until(lambda: "Saved" in tab.bar.note.text())
        middle = core.app.manager.editor.sheet().registry.models["middle"]
        assert (middle.kv_keys, middle.kv_values, middle.flash_attention) == ("q8_0", "q8_0", "on")


async def test_a_file_that_is_gone_is_said(qapp: QApplication, tmp_path: Path) -> None:
    text = OWN.replace("starter:worker.gguf", "/gone/worker.gguf")
    async with tiers(qapp, tmp_path, text) as (_, tab):
        await weighed(tab)
        tab.list.choose("helper")
        await until(lambda: "worker.gguf is not there or cannot be read" in verdict(tab))


async def test_who_cannot_draft_is_shown_with_the_reason_and_cannot_be_chosen(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path) as (_, tab):
        await weighed(tab)
        tab.list.choose("helper")
        draft = field(tab, "acceleration.draft")
        assert isinstance(draft, DraftField)
        box = draft.box

        def entry(name: str) -> int:
            found = [at for at in range(box.count()) if box.itemText(at).startswith(name)]
            return found[0] if found else -1

        await until(lambda: "cannot draft" in box.itemText(entry("meaning")))
        model = box.model()
        assert isinstance(model, QStandardItemModel)
        assert not model.item(entry("meaning")).isEnabled()
        assert model.item(entry("tiny")).isEnabled()
        assert entry("middle") < 0
        assert entry("elsewhere") < 0
        box.setCurrentIndex(entry("tiny"))
        box.activated.emit(entry("tiny"))
        assert tab.form is not None
        assert tab.form.value(("models", "middle", "acceleration", "draft")) == "tiny"


async def test_the_command_is_copied_and_holds_no_key(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (_, tab):
        await weighed(tab)
        tab.list.choose("helper")
        write(tab, "threads", "3")
        await until(tab.bar.save.isEnabled)
        await until(tab.load_form.command.isEnabled)
        QGuiApplication.clipboard().clear()
        tab.load_form.command.click()
        await until(lambda: "was copied" in tab.bar.note.text())
        line = QGuiApplication.clipboard().text()
        assert "app.engines.runner" in line
        assert "worker.gguf" in line
        assert "--context 4096" in line
        assert "TOKEN" not in line


async def test_a_model_elsewhere_stays_as_it_is(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (_, tab):
        await weighed(tab)
        tab.list.choose("far")
        assert tab.load_form.note.text() == "It runs elsewhere, at http://gpu-box:8000/v1."
        shown = {key for key, each in tab.load_form.fields.items() if not each.isHidden()}
        assert shown == {"context", "sequences"}
        assert tab.load_form.command.isHidden()
        assert tab.load_form.memory.isHidden()


async def test_only_a_llama_server_is_asked_for_eyes(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (_, tab):
        await weighed(tab)
        eyes = tab.load_form.fields["llama_server.mmproj"]
        tab.list.choose("helper")
        assert eyes.isHidden()
        choose(tab, "engine", "llama-server")
        assert not eyes.isHidden()
        eyes.put("/some/eyes.gguf")
        choose(tab, "engine", "runner")
        assert eyes.isHidden()
        assert tab.form is not None
        assert tab.form.changes == ()


async def test_the_shipped_registry_gets_models_of_its_own_when_one_is_chosen(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path, "") as (core, tab):
        await weighed(tab)
        assert [row.name for row in tab.list.rows] == [
            "front", "worker", "coder", "architect", "draft", "embed",
        ]  # fmt: skip
        tab.list.choose("front")
        box = tab.role_form.model.box
        assert box.currentText() == "starter-front, chosen by Echelon"
        at = next(n for n in range(box.count()) if "worker" in box.itemText(n))
        box.setCurrentIndex(at)
        box.activated.emit(at)
        await until(tab.bar.save.isEnabled)
        tab.bar.save.click()
        said = await answer(tab, ChangesDialog, yes=True)
        assert "The registry names its models from now on." in said
        await until(lambda: "Saved" in tab.bar.note.text())
        editor = core.app.manager.editor
        assert editor.source == editor.target
        roster = editor.preview(())
        front = roster.find("front")
        assert front is not None
        assert front.model.path.name == "worker.gguf"
        assert editor.target.read_text("utf-8").startswith("# Which roles there are")


async def test_who_is_in_memory_is_shown_as_it_changes(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await weighed(tab)
        core.supervisor.say("middle", ServerState.READY)
        await until(lambda: any(row.facts.startswith("in memory") for row in tab.list.rows))
        assert isinstance(core.supervisor.states["middle"], ServerStateChanged)


class ScriptedBench:
    """Measures what it was told to, or waits to be stopped."""

    def __init__(self, *steps: BenchStep | Benchmark | AppError) -> None:
        self.steps = steps
        self.asked: list[str] = []
        self.ended = False

    async def known(self) -> list[Benchmark]:
        """Know nothing yet."""
        return []

    async def run(self, name: str) -> AsyncGenerator[BenchStep | Benchmark, None]:
        """Tell what was scripted."""
        self.asked.append(name)
        try:
            for step in self.steps:
                if isinstance(step, AppError):
                    raise step
                yield step
            if not isinstance(self.steps[-1], Benchmark):
                await asyncio.Event().wait()
        finally:
            self.ended = True


def benched(core: Core, tab: RolesTab, *steps: BenchStep | Benchmark | AppError) -> ScriptedBench:
    bench = ScriptedBench(*steps)
    manager = replace(core.app.manager, bench=cast("Bench", bench))
    tab.core = replace(core.app, manager=manager)
    return bench


FOUND = Benchmark(
    model="middle",
    model_id="sha256:1",
    rates=Rates(
        prefill_tokens_s=1234.0,
        decode_tokens_s=41.5,
        verifying=Verifying(milliseconds={1: 10.0, 4: 16.0}, grid=(1, 4)),
        setting="runner, 2 threads",
    ),
    load_s=1.24,
    bytes=90 * MB,
)


async def test_a_model_is_measured_here(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        bench = benched(core, tab, BenchStep(BenchPhase.LOADING, 0.2), FOUND)
        await weighed(tab)
        tab.list.choose("helper")
        line = tab.load_form.bench
        await until(lambda: line.words.text() == "Not measured here yet.")
        await until(lambda: verdict(tab).startswith("fits"))
        line.button.click()
        await until(lambda: line.words.text().startswith("Measured: "))
        assert line.words.text() == (
            "Measured: reads 1234 tokens/s, writes 42 tokens/s, loads in 1.2 s, takes 90 MB, "
            "checks 4 tokens in the time of 1.6 (runner, 2 threads)"
        )
        await until(lambda: bench.ended)
        # Its name means nothing to the core that runs now, so its file is measured.
        assert [Path(each).name for each in bench.asked] == ["worker.gguf"]
        assert line.bar.isHidden()


async def test_a_measurement_can_be_stopped(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        bench = benched(core, tab, BenchStep(BenchPhase.MEASURING, 0.7))
        await weighed(tab)
        line = tab.load_form.bench
        await until(lambda: verdict(tab).startswith("fits"))
        line.button.click()
        await until(lambda: "measuring" in line.words.text())
        assert line.bar.value() == 70
        assert line.button.text() == "Stop measuring"
        line.button.click()
        await until(lambda: bench.ended)
        await until(lambda: line.button.text() == "Benchmark here")
        assert line.words.text() == "Nothing more was measured."


async def test_why_nothing_is_measured_is_said(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        benched(core, tab, BenchRefused("A question is being answered.", remedy="Again later."))
        await weighed(tab)
        await until(lambda: verdict(tab).startswith("fits"))
        tab.load_form.bench.button.click()
        words = tab.load_form.bench.words
        await until(lambda: words.text() == "A question is being answered. Again later.")
