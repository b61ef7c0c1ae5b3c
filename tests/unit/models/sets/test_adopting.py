"""A set in the registry: every role has its model, the rest stays, a backup is kept."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from app.domain.models import Roster, Tier
from app.domain.settings import Settings
from app.models.editing import RegistryEditor
from app.models.registry import load_registry
from app.models.sets.adopting import Adoption
from app.models.sets.catalogue import load_catalogue
from app.models.sets.choosing import Chooser, Machine, Plan
from app.models.sets.words import without
from app.platform.paths import Paths

GIB = 1 << 30
SETTINGS = Settings.model_validate({})
OWN = dedent(
    """\
    mode: full
    models:
      qwen3.5-4b: {path: elsewhere/other.gguf}   # of the same name, another file
      tiny: {path: "starter:front.gguf", context: 512}
    roles:
      front: {tier: A, model: tiny, sampling: {max_tokens: 99}}
      worker: {tier: C, model: qwen3.5-4b, sampling: {max_tokens: 77}}   # mine
      math: {tier: C, model: qwen3.5-4b}
    """
)


class Scene:
    """A registry, a set, and its files."""

    def __init__(self, folder: Path, gibibytes: int = 32) -> None:
        self.paths = Paths.discover(folder / "data")
        self.paths.ensure()
        self.editor = RegistryEditor(SETTINGS, self.paths)
        machine = Machine(gibibytes * GIB, 8, 120e9)
        plan = Chooser(load_catalogue(self.paths.resources), machine).best()
        assert plan is not None
        self.plan: Plan = plan

    def held(self, plan: Plan) -> Mapping[str, Path]:
        return {entry.name: self.paths.models / entry.file for entry in plan.files}

    def adoption(self) -> Adoption:
        return Adoption(self.editor.sheet().registry, self.editor.preview(()), self.paths)

    def use(self, plan: Plan) -> Roster:
        changes = list(self.adoption().changes(plan, self.held(plan)))
        self.editor.apply(changes, self.editor.sheet().revision)
        return load_registry(None, settings=SETTINGS, paths=self.paths)

    def model(self, roster: Roster, role: str) -> tuple[str, Path]:
        found = roster.find(role)
        assert found is not None
        return found.model.name, found.model.path


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_the_shipped_registry_names_its_models_from_then_on(scene: Scene) -> None:
    roster = scene.use(scene.plan)
    assert scene.adoption().in_use(scene.plan, scene.held(scene.plan))
    for role in ("front", "worker", "coder", "architect", "embed"):
        entry, found = scene.plan.model_of(role), roster.find(role)
        assert entry is not None
        assert found is not None
        assert found.model.path == scene.paths.models / entry.file
        assert found.model.embeddings is entry.embeddings
        if role != "embed":
            assert found.model.context == min(scene.plan.context, entry.context)
    front = roster.find("front")
    assert front is not None
    assert front.sampling.max_tokens != 256, "what suited the starter models went with them"
    assert scene.model(roster, "draft")[1] == scene.paths.resources / "models" / "draft.gguf"
    assert "# Which roles there are" in scene.editor.target.read_text("utf-8")


def test_who_drafts_in_the_set_drafts_in_the_registry(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 64)
    assert scene.plan.drafted
    roster = scene.use(scene.plan)
    for role, entry in scene.plan.roles:
        drafter, found = scene.plan.drafter(entry), roster.find(role)
        assert found is not None
        wanted = scene.paths.models / drafter.file if drafter else None
        assert found.model.draft == wanted


def test_an_own_registry_keeps_what_is_no_part_of_the_set(scene: Scene) -> None:
    scene.editor.target.write_text(OWN, "utf-8")
    roster = scene.use(scene.plan)
    other = scene.editor.target.parent / "elsewhere" / "other.gguf"
    assert scene.model(roster, "math") == ("qwen3.5-4b", other)
    worker = roster.find("worker")
    assert worker is not None
    assert worker.sampling.max_tokens == 77
    architect = roster.find("architect")
    assert architect is not None
    assert architect.tier is Tier.B
    text = scene.editor.target.read_text("utf-8")
    assert "# mine" in text
    (backup,) = (scene.paths.backups / "registry").glob("*.yaml")
    assert backup.read_text("utf-8") == OWN


def test_used_twice_nothing_changes(scene: Scene) -> None:
    scene.use(scene.plan)
    before = scene.editor.target.read_text("utf-8")
    scene.use(scene.plan)
    assert scene.editor.target.read_text("utf-8") == before


def test_who_is_left_out_keeps_the_model_it_had(scene: Scene) -> None:
    plan = without(without(scene.plan, "coder"), "embed")
    assert plan.model_of("coder") is None
    roster = scene.use(plan)
    folder = scene.paths.resources / "models"
    assert scene.model(roster, "coder") == ("starter-coder", folder / "coder.gguf")
    assert scene.model(roster, "embed")[1].parent == folder
    assert not scene.adoption().in_use(scene.plan, scene.held(scene.plan))
