"""The registry's editor: comments and order stay, nothing is written that cannot be followed."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.errors import RegistryChanged, RegistryInvalid
from app.domain.models import Tier
from app.domain.settings import Settings
from app.models.editing import KEPT, Change, RegistryEditor
from app.platform.paths import Paths

OWN = dedent(
    """\
    # What my computer runs.
    mode: full
    models:
      small:   # the quick one
        path: "starter:front.gguf"
        context: 512
      big:
        path: starter:architect.gguf
        context: 768
    roles:
      front:
        tier: A
        model: small
        system_prompt: Be brief.   # not too brief
      expert: {tier: B, model: big}
    default_role: front
    """
)


@pytest.fixture
def editor(tmp_path: Path) -> RegistryEditor:
    return _editor(tmp_path)


def _editor(tmp_path: Path, clock: Callable[[], float] = lambda: 1.8e9) -> RegistryEditor:
    paths = Paths.discover(tmp_path / "data")
    paths.ensure()
    return RegistryEditor(Settings.model_validate({}), paths, clock=clock)


def _own(editor: RegistryEditor, text: str = OWN) -> None:
    editor.target.write_text(text, encoding="utf-8")


def _apply(editor: RegistryEditor, *changes: Change) -> str:
    editor.apply(changes, editor.sheet().revision)
    return editor.target.read_text("utf-8")


def test_a_change_leaves_comments_order_and_all_else_as_they_are(editor: RegistryEditor) -> None:
    _own(editor)
    text = _apply(editor, Change(("roles", "front", "model"), "big"))
    assert text == OWN.replace("model: small\n", "model: big\n")


def test_no_change_writes_the_same_text(editor: RegistryEditor) -> None:
    _own(editor)
    assert _apply(editor) == OWN


def test_keys_are_added_and_taken_away(editor: RegistryEditor) -> None:
    _own(editor)
    text = _apply(
        editor,
        Change(("roles", "front", "timeouts"), {"stall_s": 5.0}),
        Change(("models", "big", "residency", "pinned"), True),
        Change(("roles", "front", "system_prompt")),
        Change(("roles", "helper"), {"tier": "C", "model": "big"}),
        Change(("roles", "front", "escalation"), ("helper", "expert")),
    )
    registry = editor.sheet().registry
    assert registry.roles["front"].timeouts.stall_s == 5.0
    assert registry.roles["front"].system_prompt == ""
    assert registry.roles["front"].escalation == ("helper", "expert")
    assert registry.roles["helper"].tier is Tier.C
    assert registry.models["big"].residency.pinned is True
    assert "# the quick one" in text
    assert "helper: {tier: C, model: big}" in text


def test_the_shipped_registry_becomes_the_users_own(editor: RegistryEditor) -> None:
    shipped = editor.source
    assert shipped != editor.target
    before = shipped.read_text("utf-8")
    text = _apply(editor, Change(("roles", "front", "system_prompt"), "Antworte kurz: ja"))
    assert shipped.read_text("utf-8") == before
    assert editor.source == editor.target
    comments = [line for line in before.splitlines() if line.startswith("#")]
    assert [line for line in text.splitlines() if line.startswith("#")] == comments
    assert editor.sheet().registry.roles["front"].system_prompt == "Antworte kurz: ja"


def test_a_preview_writes_nothing(editor: RegistryEditor) -> None:
    _own(editor)
    roster = editor.preview([Change(("default_role",), "expert")])
    assert roster.default_role == "expert"
    assert editor.target.read_text("utf-8") == OWN
    assert [each.name for each in editor.target.parent.iterdir()] == [editor.target.name]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change(("roles", "front", "tier"), "Z"), "line "),
        (Change(("roles", "front", "model"), "smal"), "did you mean `small`"),
        (Change(("roles", "expert", "escalation"), ["expert"]), "after itself"),
        (Change(("roles",)), "roles"),
        (Change(("roles", "front", "colour"), "red"), "there is no key `colour`"),
        (Change(("models", "small", "context"), -1), "context"),
    ],
)
def test_what_could_not_be_followed_is_not_written(
    editor: RegistryEditor, change: Change, told: str
) -> None:
    _own(editor)
    with pytest.raises(RegistryInvalid, match=told) as caught:
        _apply(editor, change)
    assert str(editor.target) in str(caught.value)
    assert ".trial" not in str(caught.value)
    assert editor.target.read_text("utf-8") == OWN


def test_a_file_that_somebody_else_changed_is_not_overwritten(editor: RegistryEditor) -> None:
    _own(editor)
    revision = editor.sheet().revision
    _own(editor, f"{OWN}# mine\n")
    with pytest.raises(RegistryChanged):
        editor.apply([Change(("default_role",), "expert")], revision)
    assert editor.target.read_text("utf-8").endswith("# mine\n")


def test_the_file_before_is_kept_and_old_backups_go(tmp_path: Path) -> None:
    seconds = iter(range(10_000))
    editor = _editor(tmp_path, clock=lambda: 1.8e9 + next(seconds))
    _own(editor)
    for turn in range(KEPT + 3):
        _apply(editor, Change(("roles", "front", "system_prompt"), f"Number {turn}."))
    kept = sorted((tmp_path / "data").rglob("registry/*.yaml"))
    assert len(kept) == KEPT
    assert f"Number {KEPT + 1}." in kept[-1].read_text("utf-8")


def test_a_broken_file_is_told_with_its_line(editor: RegistryEditor) -> None:
    _own(editor, "roles:\n  front: [\n")
    with pytest.raises(RegistryInvalid, match="line "):
        editor.sheet()


@given(text=st.text(max_size=60))
@example(text="\x85")
@example(text="one\n\x85\u2028two\n")
@settings(max_examples=40)
def test_any_system_prompt_comes_back_as_it_was(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    editor = _editor(tmp_path_factory.mktemp("any"))
    _own(editor)
    change = Change(("roles", "front", "system_prompt"), text)
    try:
        _apply(editor, change)
    except RegistryInvalid:
        assert editor.target.read_text("utf-8") == OWN
        return
    assert editor.sheet().registry.roles["front"].system_prompt == text


def test_a_file_that_may_only_be_read_is_left_alone(editor: RegistryEditor) -> None:
    _own(editor)
    editor.target.chmod(0o444)
    with pytest.raises(RegistryInvalid, match="only be read") as caught:
        _apply(editor, Change(("roles", "front", "model"), "big"))
    assert "nothing was changed" in caught.value.remedy
    assert editor.target.read_text("utf-8") == OWN
    assert not editor.target.stat().st_mode & 0o222


def test_a_look_ahead_writes_nothing(editor: RegistryEditor) -> None:
    _own(editor)
    before = sorted(editor.target.parent.iterdir())
    editor.preview([Change(("roles", "front", "model"), "big")])
    assert sorted(editor.target.parent.iterdir()) == before
