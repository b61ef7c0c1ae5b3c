"""The registry as a form: what is changed, what cannot stand, and what others changed meanwhile."""

from pathlib import Path
from textwrap import dedent

import pytest

from app.domain.errors import RegistryChanged, RegistryInvalid, RequestInvalid
from app.domain.models import Tier
from app.domain.settings import Settings
from app.models.editing import Change, RegistryEditor
from app.models.form import Form
from app.platform.paths import Paths

OWN = dedent(
    """\
    # What my computer runs.
    default_role: front   # odd order, on purpose
    roles:
      expert: {tier: B, model: big}
      front:
        timeouts: {stall_s: 5}
        tier: A
        model: small
        escalation: [helper, expert]
      helper:
        tier: C   # in between
        model: big
    models:
      big:
        path: starter:architect.gguf
        context: 768
        residency:
          pinned: true
      small:
        path: "starter:front.gguf"   # the quick one
        context: 512
    mode: full
    """
)


@pytest.fixture
def editor(tmp_path: Path) -> RegistryEditor:
    paths = Paths.discover(tmp_path / "data")
    paths.ensure()
    editor = RegistryEditor(Settings.model_validate({}), paths)
    editor.target.write_text(OWN, encoding="utf-8")
    return editor


@pytest.fixture
def form(editor: RegistryEditor) -> Form:
    return Form(editor.sheet())


def saved(editor: RegistryEditor, form: Form) -> str:
    editor.apply(form.changes, form.sheet.revision)
    return editor.target.read_text("utf-8")


def test_a_form_nobody_touched_changes_nothing(editor: RegistryEditor, form: Form) -> None:
    assert form.changes == ()
    assert saved(editor, form) == OWN


def test_one_value_changes_one_line(editor: RegistryEditor, form: Form) -> None:
    form.put(("models", "small", "context"), 256)
    assert form.changes == (Change(("models", "small", "context"), 256),)
    assert saved(editor, form) == OWN.replace("context: 512", "context: 256")


def test_what_is_meant_anyway_is_not_written_where_nothing_stood(form: Form) -> None:
    form.put(("models", "small", "sequences"), 2)
    form.put(("roles", "front", "sampling", "top_k"), 40)
    assert form.changes == ()
    assert form.value(("roles", "front", "sampling", "top_k")) == 40
    assert form.value(("roles", "expert", "escalation")) is None


def test_a_value_put_back_is_no_change(form: Form) -> None:
    place = ("models", "small", "context")
    form.put(place, 256)
    form.put(place, 512)
    assert form.changes == ()


def test_the_last_key_of_a_table_takes_the_table_along(editor: RegistryEditor, form: Form) -> None:
    form.put(("models", "big", "residency", "pinned"), None)
    assert form.changes == (Change(("models", "big", "residency"), None),)
    assert "residency" not in saved(editor, form)


def test_undo_forgets_all(form: Form) -> None:
    form.put(("models", "small", "context"), 256)
    form.remove_role("helper")
    form.undo()
    assert form.changes == ()


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("models", "small", "context"), -1, "greater than or equal to 64"),
        (("models", "small", "threads"), 10**30, "less than or equal to 1024"),
        (("models", "small", "gpu_layers"), "many", "valid integer"),
        (("roles", "front", "timeouts", "stall_s"), 0, "greater than 0"),
        (("roles", "front", "sampling", "temperature"), "nan", "less than or equal"),
        (("roles", "front", "tier"), "E", "should be"),
        (("roles", "front", "families"), ["cooking"], "no kind of task"),
    ],
)
def test_what_cannot_stand_is_said_at_its_place(
    form: Form, place: tuple[str, ...], value: object, words: str
) -> None:
    form.put(place, value)
    found = form.mistakes()
    assert any(each[: len(place)] == place and words in found[each] for each in found)


def test_a_form_may_hold_what_cannot_be_saved(editor: RegistryEditor, form: Form) -> None:
    form.put(("models", "small", "context"), -1)
    with pytest.raises(RegistryInvalid, match="context"):
        editor.apply(form.changes, form.sheet.revision)
    assert editor.target.read_text("utf-8") == OWN


def test_a_role_is_added_at_the_end(editor: RegistryEditor, form: Form) -> None:
    assert form.add_role("  translator ", Tier.C, "small") == "translator"
    assert list(form.roles)[-1] == "translator"
    saved(editor, form)
    assert editor.sheet().registry.roles["translator"].model == "small"


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 41, "front", "FRONT"])
def test_a_role_cannot_have_any_name(form: Form, name: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        form.add_role(name, Tier.C, "small")
    assert caught.value.remedy
    assert form.changes == ()


def test_a_role_with_a_strange_name_comes_back(editor: RegistryEditor, form: Form) -> None:
    form.add_role("über: #1 {}", Tier.C, "small")
    saved(editor, form)
    assert "über: #1 {}" in editor.sheet().registry.roles


def test_nobody_hands_over_to_a_role_that_is_gone(editor: RegistryEditor, form: Form) -> None:
    form.remove_role("helper")
    assert form.value(("roles", "front", "escalation")) == ["expert"]
    assert "helper" not in saved(editor, form)


def test_another_role_answers_first_when_that_one_goes(editor: RegistryEditor, form: Form) -> None:
    form.remove_role("front")
    assert form.value(("default_role",)) == "expert"
    saved(editor, form)
    assert editor.sheet().registry.default_role == "expert"


def test_without_anybody_who_answers_nothing_is_saved(editor: RegistryEditor, form: Form) -> None:
    for name in ("front", "expert", "helper"):
        form.remove_role(name)
    with pytest.raises(RegistryInvalid):
        editor.apply(form.changes, form.sheet.revision)
    assert editor.target.read_text("utf-8") == OWN


def test_changes_move_to_the_file_somebody_else_has_written(
    editor: RegistryEditor, form: Form
) -> None:
    form.put(("models", "small", "context"), 256)
    theirs = OWN.replace("context: 768", "context: 700")
    editor.target.write_text(theirs, encoding="utf-8")
    with pytest.raises(RegistryChanged):
        saved(editor, form)
    assert form.moved_to(editor.sheet()) == ()
    assert saved(editor, form) == theirs.replace("context: 512", "context: 256")


def test_what_both_have_changed_is_told(editor: RegistryEditor, form: Form) -> None:
    form.put(("models", "small", "context"), 256)
    editor.target.write_text(OWN.replace("context: 512", "context: 400"), encoding="utf-8")
    assert form.moved_to(editor.sheet()) == (("models", "small", "context"),)
    assert form.value(("models", "small", "context")) == 256


def test_changes_of_a_role_that_is_gone_are_told_and_dropped(
    editor: RegistryEditor, form: Form
) -> None:
    place = ("roles", "helper", "gated")
    form.put(place, value=True)
    theirs = OWN.replace("  helper:\n    tier: C   # in between\n    model: big\n", "")
    editor.target.write_text(theirs.replace("[helper, expert]", "[expert]"), encoding="utf-8")
    assert form.moved_to(editor.sheet()) == (place,)
    assert "helper" not in form.roles
    assert form.changes == ()


def test_the_shipped_registry_is_spelled_out_and_means_the_same(editor: RegistryEditor) -> None:
    editor.target.unlink()
    form = Form(editor.sheet())
    was_full = form.full
    before = editor.preview(())
    form.spell_out(before)
    assert (was_full, form.full) == (False, True)
    after = editor.apply(form.changes, form.sheet.revision)
    assert {each.name: each.model for each in after.roles} == {
        each.name: each.model for each in before.roles
    }
    assert after.default_role == before.default_role
