"""Which build a start takes, who is told how it went, and who beats the choice."""

import sys
from pathlib import Path

import pytest

from app.domain.builds import BuildKind
from app.domain.errors import AppError, EngineUnfit
from app.domain.models import LlamaServerOptions, ModelSpec, RoleSpec, Tier
from app.engines.builds import OneBuild
from app.engines.exits import Exit
from app.engines.launch import LIBRARY_VARIABLE, Launcher
from app.engines.llama_server.recipe import LlamaServerRecipe
from app.engines.recipe import OwnRecipe
from app.platform.net import NetworkPolicy
from tests.fakes.releases import program

MODEL = ModelSpec(name="m", path=Path("m.gguf"), context=512)
ROLE = RoleSpec(name="front", tier=Tier.A, model=MODEL)
CRASH = Exit("crashed", final=False, error=AppError("It crashed."))


class Noted(OneBuild):
    """Has one build, and notes what it hears."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)
        self.heard: list[tuple[str, BuildKind, Path]] = []

    def loaded(self, kind: BuildKind, place: Path, model: ModelSpec) -> None:
        self.heard.append(("loaded", kind, place))

    def fell(self, kind: BuildKind, place: Path, model: ModelSpec, end: Exit) -> str:
        self.heard.append((end.code, kind, place))
        return "The one before is used."


async def test_the_runner_gets_the_chosen_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(LIBRARY_VARIABLE, raising=False)
    builds = Noted(tmp_path)
    recipe = OwnRecipe(Launcher(), builds)
    launch = await recipe.launch(ROLE, "alias", "token")
    assert launch.env[LIBRARY_VARIABLE] == str(tmp_path)
    assert recipe.judge(MODEL, None) == ""
    assert recipe.judge(MODEL, CRASH) == "The one before is used."
    library = BuildKind.LIBRARY
    assert builds.heard == [("loaded", library, tmp_path), ("crashed", library, tmp_path)]


async def test_what_the_environment_names_beats_the_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LIBRARY_VARIABLE, "/mine")
    builds = Noted(tmp_path)
    recipe = OwnRecipe(Launcher(), builds)
    assert (await recipe.launch(ROLE, "alias", "token")).env[LIBRARY_VARIABLE] == "/mine"
    assert recipe.judge(MODEL, CRASH) == ""
    assert builds.heard == []


async def test_without_a_choice_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LIBRARY_VARIABLE, raising=False)
    recipe = OwnRecipe(Launcher())
    assert LIBRARY_VARIABLE not in (await recipe.launch(ROLE, "alias", "token")).env
    assert recipe.judge(MODEL, CRASH) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="the programs here are scripts")
async def test_the_chosen_llama_server_comes_after_the_models_own(tmp_path: Path) -> None:
    for name in ("chosen", "own"):
        place = tmp_path / name / "llama-server"
        place.parent.mkdir()
        place.write_bytes(program("broken" if name == "chosen" else "good"))
        place.chmod(0o755)
    builds = Noted(tmp_path / "chosen")
    policy = NetworkPolicy(local_only=True, clock=lambda: 0.0)
    recipe = LlamaServerRecipe(policy, own=tmp_path, builds=builds)
    with pytest.raises(EngineUnfit, match=r"libnone\.so\.1"):
        await recipe.launch(ROLE, "alias", "token")
    assert recipe.judge(MODEL, CRASH) == "The one before is used."
    options = LlamaServerOptions(binary=tmp_path / "own")
    named = MODEL.model_copy(update={"llama_server": options})
    launch = await recipe.launch(ROLE.model_copy(update={"model": named}), "alias", "token")
    assert str(tmp_path / "own" / "llama-server") in launch.command
    assert recipe.judge(named, CRASH) == ""
