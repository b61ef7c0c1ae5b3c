"""Tiers as a form over a real registry file: shown, changed, saved, and never by accident."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

from app.domain.models import Tier
from app.ui.dialogs import AskText, Confirm
from app.ui.models.escalation import EscalationField
from app.ui.models.fields import ChoiceField
from app.ui.models.roles import RolesTab
from app.ui.models.roles_body import RolesBody
from app.ui.models.save_bar import ChangesDialog, SaveBar
from app.ui.theme import Theme
from tests.ui.conftest import RESOURCES
from tests.ui.core import Core
from tests.ui.pages import until
from tests.ui.roles import OWN, answer, field, tiers, weighed, write


def written(core: Core) -> str:
    return core.app.manager.editor.target.read_text("utf-8")


async def save(tab: RolesTab) -> list[str]:
    """Save, wait until the file was read again, and return what was said before."""
    await until(tab.bar.save.isEnabled)
    old = tab.form
    tab.bar.save.click()
    said = await answer(tab, ChangesDialog, yes=True)
    await until(lambda: tab.form is not old and tab.form is not None)
    return said


async def test_roles_are_shown_by_tier_with_model_context_and_who_goes_on(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path) as (_, tab):
        await until(lambda: len(tab.list.rows) == 5)
        await weighed(tab)
        rows = {row.name: row for row in tab.list.rows}
        assert [row.tier for row in tab.list.rows] == [Tier.A, Tier.C, Tier.B, Tier.B, Tier.D]
        assert rows["front"].model == "small"
        assert rows["front"].facts == "asleep, pinned · 512 tokens · then helper, expert"
        assert rows["far"].facts == "elsewhere · 4096 tokens"
        assert rows["helper"].facts == "asleep · 4096 tokens"
        assert tab.list.item(0).text() == "A front door"
        assert tab.together.text().startswith("All models together:")
        assert not tab.grab().isNull()


async def test_saving_says_what_changes_and_keeps_comments_order_and_the_file_before(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await weighed(tab)
        tab.list.choose("front")
        write(tab, "context", "400")
        assert written(core) == OWN
        said = await save(tab)
        assert "small: Context, tokens: 512 → 400" in said
        assert "Counts from the next question on." in said
        assert written(core) == OWN.replace("context: 512\n  tiny", "context: 400\n  tiny")
        kept = list((core.app.paths.backups / "registry").glob("*.yaml"))
        assert [each.read_text("utf-8") for each in kept] == [OWN]
        await until(lambda: "Saved" in tab.bar.note.text())
        assert not tab.bar.save.isEnabled()
        front = core.app.roster.find("front")
        assert front is not None
        assert front.model.context == 400


async def test_nothing_is_written_without_a_yes_and_undo_forgets(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await weighed(tab)
        tab.list.choose("front")
        changed = write(tab, "context", "400")
        await until(tab.bar.save.isEnabled)
        tab.bar.save.click()
        await answer(tab, ChangesDialog, yes=False)
        assert written(core) == OWN
        assert tab.bar.undo.isEnabled()
        tab.bar.undo.click()
        await until(lambda: changed.line.text() == "512")
        assert not tab.bar.save.isEnabled()
        assert written(core) == OWN


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("context", "-1", "greater than or equal to 64"),
        ("context", "many", "valid integer"),
        ("threads", "9" * 40, "less than or equal to 1024"),
        ("timeouts.stall_s", "-5", "greater than 0"),
        ("timeouts.total_s", "nan", "less than or equal to 1000000"),
        ("timeouts.total_s", "inf", "less than or equal to 1000000"),
        ("context", "1" + "0" * 30, "less than or equal to"),
        ("sampling.temperature", "2.5", "less than or equal to 2"),
        ("sampling.max_tokens", "1.5", "integer"),
        ("residency.minimum_s", "1e9", "less than or equal to 600"),
    ],
)
async def test_what_cannot_stand_is_told_where_it_stands(
    qapp: QApplication, tmp_path: Path, key: str, text: str, words: str
) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await until(lambda: bool(tab.list.rows))
        tab.list.choose("front")
        changed = write(tab, key, text)
        assert words in changed.problem.text()
        assert changed.line.text() == text
        assert words in tab.bar.problem.text()
        assert "Change it, then save." in tab.bar.problem.text()
        assert not tab.bar.save.isEnabled()
        assert next(row for row in tab.list.rows if row.name == "front").wrong
        tab.bar.undo.click()
        await until(lambda: not tab.bar.problem.text())
        assert written(core) == OWN


@pytest.mark.parametrize(
    ("name", "words"), [("   ", "needs a name"), ("Front", "already"), ("x" * 50, "needs a name")]
)
async def test_a_role_cannot_have_any_name(
    qapp: QApplication, tmp_path: Path, name: str, words: str
) -> None:
    async with tiers(qapp, tmp_path) as (_, tab):
        await weighed(tab)
        tab.body.add.click()
        await answer(tab, AskText, yes=True, text=name)
        await until(lambda: words in tab.bar.problem.text())
        assert tab.form is not None
        assert tab.form.changes == ()


async def test_a_role_is_added_with_a_model_and_saved(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await weighed(tab)
        tab.list.choose("helper")
        tab.body.add.click()
        await answer(tab, AskText, yes=True, text="translator")
        await until(lambda: tab.role == "translator")
        said = await save(tab)
        assert "New role: translator (C)" in said
        role = core.app.manager.editor.sheet().registry.roles["translator"]
        assert (role.tier, role.model) == (Tier.C, "middle")
        assert written(core).startswith("# What my computer runs.\ndefault_role: front   # odd")


async def test_a_role_goes_only_after_a_question_and_another_answers_first(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await weighed(tab)
        tab.list.choose("front")
        tab.role_form.remove.click()
        await answer(tab, Confirm, yes=False)
        assert len(tab.list.rows) == 5
        tab.role_form.remove.click()
        await answer(tab, Confirm, yes=True)
        await until(lambda: len(tab.list.rows) == 4)
        said = await save(tab)
        assert "The role front is removed." in said
        assert "Answers first: front → expert" in said
        registry = core.app.manager.editor.sheet().registry
        assert "front" not in registry.roles
        assert registry.default_role == "expert"


async def test_without_anybody_who_answers_the_sheet_cannot_be_saved(
    qapp: QApplication, tmp_path: Path
) -> None:
    text = "mode: full\nmodels:\n  small: {path: 'starter:front.gguf'}\n"
    text += "roles:\n  front: {tier: A, model: small}\n"
    async with tiers(qapp, tmp_path, text) as (core, tab):
        await weighed(tab)
        tier = field(tab, "tier")
        assert isinstance(tier, ChoiceField)
        tier.box.setCurrentIndex(tier.box.findData("D"))
        tier.box.activated.emit(tier.box.currentIndex())
        await until(lambda: "nobody answers" in tab.bar.problem.text())
        assert not tab.bar.save.isEnabled()
        assert written(core) == text


async def test_the_order_is_changed_by_keyboard(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await weighed(tab)
        tab.list.choose("front")
        order = field(tab, "escalation")
        assert isinstance(order, EscalationField)
        order.order.setCurrentRow(1)
        QTest.keyClick(order.order, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert order.value == ["expert", "helper"]
        QTest.keyClick(order.order, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(order.order, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        assert order.value == ["helper", "expert"]
        QTest.keyClick(order.order, Qt.Key.Key_Delete)
        assert order.value == ["helper"]
        order.more.setCurrentIndex(order.more.findText("far"))
        order.more.activated.emit(order.more.currentIndex())
        assert order.value == ["helper", "far"]
        said = await save(tab)
        assert "front: Who goes on: helper, expert → helper, far" in said
        assert core.app.manager.editor.sheet().registry.roles["front"].escalation == (
            "helper",
            "far",
        )


async def test_a_file_changed_meanwhile_is_told_and_no_edit_is_lost(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await weighed(tab)
        tab.list.choose("front")
        write(tab, "context", "400")
        await until(tab.bar.save.isEnabled)
        theirs = OWN.replace("context: 512\n  tiny", "context: 300\n  tiny")
        theirs = theirs.replace(
            "  helper:\n    tier: C ", "  helper:\n    gated: true\n    tier: C "
        )
        core.app.manager.editor.target.write_text(theirs, encoding="utf-8")
        tab.bar.save.click()
        await answer(tab, ChangesDialog, yes=True)
        await until(lambda: "changed by somebody else" in tab.bar.problem.text())
        assert "Changed in both: small: Context, tokens." in tab.bar.problem.text()
        assert written(core) == theirs
        said = await save(tab)
        assert "small: Context, tokens: 300 → 400" in said
        assert written(core) == theirs.replace("context: 300", "context: 400")


async def test_a_file_that_may_only_be_read_stays(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (core, tab):
        await weighed(tab)
        core.app.manager.editor.target.chmod(0o444)
        tab.list.choose("front")
        changed = write(tab, "context", "400")
        await until(tab.bar.save.isEnabled)
        tab.bar.save.click()
        await answer(tab, ChangesDialog, yes=True)
        await until(lambda: "may only be read" in tab.bar.problem.text())
        assert written(core) == OWN
        assert changed.line.text() == "400"


async def test_a_broken_file_is_told_and_nothing_can_be_edited(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with tiers(qapp, tmp_path, "roles:\n  front: [\n") as (core, tab):
        await until(lambda: "line 3" in tab.bar.problem.text())
        assert not tab.bar.save.isEnabled()
        assert not tab.list.isEnabled()
        core.app.manager.editor.target.write_text(OWN, encoding="utf-8")
        tab.refresh()
        await until(lambda: len(tab.list.rows) == 5)
        assert tab.list.isEnabled()
        await until(lambda: not tab.bar.problem.text())


async def test_everything_can_be_reached_and_has_a_name(qapp: QApplication, tmp_path: Path) -> None:
    async with tiers(qapp, tmp_path) as (_, tab):
        await weighed(tab)
        kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QListWidget)
        parts = [part for kind in kinds for part in tab.findChildren(kind)]
        unnamed = [
            part
            for part in parts
            if not (part.accessibleName() or (isinstance(part, QAbstractButton) and part.text()))
            and part.objectName() != "qt_spinbox_lineedit"
        ]
        assert unnamed == []
        assert all(part.focusPolicy() & Qt.FocusPolicy.TabFocus for part in parts)
        tab.list.setFocus()
        QTest.keyClick(tab.list, Qt.Key.Key_Down)
        await until(lambda: tab.role == "helper")
        assert tab.role_form.name.text() == "helper"


@pytest.mark.parametrize("width", [424, 700, 844, 1200])
async def test_nothing_is_cut_off_sideways(qapp: QApplication, tmp_path: Path, width: int) -> None:
    async with tiers(qapp, tmp_path, width=width) as (_, tab):
        await weighed(tab)
        assert tab.width() == width
        for each in tab.role_form.fields.values():
            if each.isVisible():
                assert each.width() <= tab.role_form.width()
        right = tab.role_form.mapTo(tab, tab.role_form.rect().topRight()).x()
        assert right <= width


class _Windows(QObject):
    """Notes every window that is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it
        """Look on."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.opened.append(watched)
        return False


def test_the_form_opens_no_window_while_it_is_made(qapp: QApplication) -> None:
    windows, theme = _Windows(), Theme(qapp, RESOURCES, "light")
    qapp.installEventFilter(windows)
    body, bar = RolesBody(theme, "overridden"), SaveBar()
    qapp.removeEventFilter(windows)
    assert windows.opened == []
    for each in (body, bar, theme):
        each.deleteLater()
