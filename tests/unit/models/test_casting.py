"""Which models a role can have, and how one comes into the registry."""

from pathlib import Path

import pytest

from app.domain.settings import Settings
from app.domain.shelf import Card, Found, Item, Kind, Origin
from app.models.casting import Candidate, Casting, usual_context
from app.models.editing import RegistryEditor
from app.models.form import Form
from app.platform.paths import Paths

OWN = """\
mode: full
models:
  small: {path: "starter:front.gguf", context: 512}
  far: {engine: remote, remote: {url: "http://far/v1"}}
roles:
  front: {tier: A, model: small}
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.discover(tmp_path / "data")
    paths.ensure()
    return paths


@pytest.fixture
def editor(paths: Paths) -> RegistryEditor:
    editor = RegistryEditor(Settings.model_validate({}), paths)
    editor.target.write_text(OWN, encoding="utf-8")
    return editor


@pytest.fixture
def casting(paths: Paths, editor: RegistryEditor) -> Casting:
    return Casting(paths, editor.target)


def item(path: Path, *, kind: Kind = Kind.TEXT, context: int = 32768, problem: str = "") -> Item:
    card = Card(
        name="",
        architecture="llama",
        kind=kind,
        quantisation="Q4_0",
        context=context,
        parameters=1,
        tokens=1,
        vocabulary="v",
    )
    return Item(Found((path,), Origin.OWN), 1, card=card, problem=problem)


def added(casting: Casting, form: Form, *items: Item) -> Candidate:
    return casting.candidates(form, items)[-1]


def test_every_model_is_offered_once(
    casting: Casting, editor: RegistryEditor, paths: Paths, tmp_path: Path
) -> None:
    front = item(paths.resources / "models" / "front.gguf")
    other = item(tmp_path / "other.gguf")
    found = casting.candidates(Form(editor.sheet()), [other, front])
    assert [each.name for each in found] == ["small", "far", ""]
    assert found[0].item == front
    assert found[1].path is None
    assert found[2].item == other


def test_what_cannot_answer_is_not_offered(
    casting: Casting, editor: RegistryEditor, tmp_path: Path
) -> None:
    items = [
        item(tmp_path / "broken.gguf", problem="it is cut off"),
        item(tmp_path / "eyes.gguf", kind=Kind.PROJECTOR),
        item(tmp_path / "adapter.gguf", kind=Kind.ADAPTER),
    ]
    found = casting.candidates(Form(editor.sheet()), items)
    assert [each.name for each in found] == ["small", "far"]


def test_a_model_comes_in_under_its_own_name(
    casting: Casting, editor: RegistryEditor, tmp_path: Path
) -> None:
    form = Form(editor.sheet())
    path = tmp_path / "Über Model (1).gguf"
    name = casting.take(form, added(casting, form, item(path)))
    assert name == "über-model-1"
    assert form.models[name] == {"path": str(path)}
    form.put(("roles", "front", "model"), name)
    assert editor.preview(form.changes).roles[0].model.path == path


def test_names_that_are_taken_get_a_number(
    casting: Casting, editor: RegistryEditor, tmp_path: Path
) -> None:
    form = Form(editor.sheet())
    names = [
        casting.take(form, added(casting, form, item(tmp_path / str(at) / "small.gguf")))
        for at in range(2)
    ]
    assert names == ["small-2", "small-3"]


def test_what_the_registry_knows_stays_as_it_is(casting: Casting, editor: RegistryEditor) -> None:
    form = Form(editor.sheet())
    small, far = casting.candidates(form, [])
    assert (casting.take(form, small), casting.take(form, far)) == ("small", "far")
    assert form.changes == ()


def test_paths_are_written_for_any_computer(
    casting: Casting, editor: RegistryEditor, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: paths.data)
    form = Form(editor.sheet())
    starter = added(casting, form, item(paths.resources / "models" / "worker.gguf"))
    at_home = added(casting, form, item(paths.data / "models" / "mine.gguf"))
    assert form.value(("models", casting.take(form, starter), "path")) == "starter:worker.gguf"
    assert form.value(("models", casting.take(form, at_home), "path")) == "~/models/mine.gguf"


def test_an_embedding_model_says_so_and_windows_are_not_too_long(
    casting: Casting, editor: RegistryEditor, tmp_path: Path
) -> None:
    form = Form(editor.sheet())
    embedder = item(tmp_path / "embed.gguf", kind=Kind.EMBEDDING, context=512)
    name = casting.take(form, added(casting, form, embedder))
    assert form.models[name]["embeddings"] is True
    assert form.models[name]["context"] == 512
    assert usual_context(item(tmp_path / "x.gguf", context=0)) == 4096
    assert usual_context(item(tmp_path / "x.gguf", context=1 << 40)) == 4096
