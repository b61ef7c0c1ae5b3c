"""Remedies are done where the program can do them; each says what it did."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.builds import BuildKind
from app.domain.errors import ModelError
from app.domain.models import LlamaServerOptions, ModelSpec
from app.domain.registry import ModelEntry
from app.domain.settings import Settings
from app.models.crashes.applying import Remedies, search_words
from app.models.crashes.remedies import Action, remedy
from app.models.editing import RegistryEditor
from app.models.live import open_roster
from app.platform.bus import Bus
from app.platform.paths import Paths
from tests.unit.models.builds.stage import Stage, staged

BIG = ModelSpec(
    name="big",
    path=Path("Big-7B-Q4_K_M.gguf"),
    engine="llama-server",
    draft=Path("small.gguf"),
    llama_server=LlamaServerOptions(mmproj=Path("eyes.gguf")),
)
REGISTRY = """\
models:
  big:
    path: Big-7B-Q4_K_M.gguf
    engine: llama-server
    llama_server: {mmproj: eyes.gguf}
roles:
  front: {tier: A, model: big}
"""


def remedies(folder: Path, stage: Stage, forgiven: list[str]) -> Remedies:
    paths = replace(Paths.discover(folder / "data"), runtime=folder / "run")
    paths.ensure()
    for name in (BIG.path, Path("eyes.gguf")):
        (folder / name).touch()
    (folder / "registry.yaml").write_text(REGISTRY)
    settings = Settings.model_validate({"registry": folder / "registry.yaml"})
    roster = open_roster(settings, paths, Bus())
    return Remedies(RegistryEditor(settings, paths), roster, stage.shelf, forgiven.append)


def entry(folder: Path) -> ModelEntry:
    settings = Settings.model_validate({"registry": folder / "registry.yaml"})
    paths = Paths.discover(folder / "data")
    return RegistryEditor(settings, paths).sheet().registry.models["big"]


async def test_every_change_lands_in_its_place(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        able = remedies(tmp_path, stage, [])
        for action in (
            Action.SMALLER_CONTEXT,
            Action.OTHER_KV,
            Action.CPU_ONLY,
            Action.NO_DRAFT,
            Action.NO_EYES,
        ):
            wanted = remedy(action, BIG)
            assert wanted is not None
            await able.apply(BIG, wanted)
    found = entry(tmp_path)
    assert (found.context, found.gpu_layers) == (2048, 0)
    assert (found.kv_keys, found.kv_values, found.flash_attention) == ("q8_0", "q8_0", "auto")
    assert found.acceleration.draft == "none"
    assert found.llama_server is not None
    assert found.llama_server.mmproj == ""


def test_keys_and_values_become_smaller_as_far_as_they_can() -> None:
    def after(**kept: str) -> object:
        found = remedy(Action.OTHER_KV, BIG.model_copy(update=kept))
        return found and found.change["kv_values"]

    assert [after(kv_values=kept) for kept in ("f16", "q8_0", "q4_0")] == ["q8_0", "q4_0", None]
    assert remedy(Action.PLAIN_KV, BIG) is None
    plain = remedy(Action.PLAIN_KV, BIG.model_copy(update={"kv_values": "q8_0"}))
    assert plain is not None
    assert plain.change == {"kv_values": "f16"}


async def test_another_try_is_allowed(tmp_path: Path) -> None:
    forgiven: list[str] = []
    async with staged(tmp_path) as stage:
        able = remedies(tmp_path, stage, forgiven)
        for action in (Action.AGAIN, Action.FREE_MEMORY):
            wanted = remedy(action, BIG)
            assert wanted is not None
            await able.apply(BIG, wanted)
    assert forgiven == ["big", "big"]


@pytest.mark.skipif(sys.platform == "win32", reason="the builds here are for Linux")
async def test_the_build_before_comes_back(tmp_path: Path) -> None:
    forgiven: list[str] = []
    async with staged(tmp_path) as stage:
        able = remedies(tmp_path, stage, forgiven)
        wanted = remedy(Action.OTHER_BUILD, BIG)
        assert wanted is not None
        with pytest.raises(ModelError) as caught:
            await able.apply(BIG, wanted)
        assert "echelon engines list" in caught.value.remedy
        await stage.engines.get(stage.publish("b9001"))
        await stage.engines.get(stage.publish("b9002"))
        own = LlamaServerOptions(binary=Path("mine"))
        assert not able.applies(BIG.model_copy(update={"llama_server": own}), wanted)
        assert not able.applies(BIG.model_copy(update={"engine": "runner"}), wanted)
        assert "server-b9001-cpu is used again." in (await able.apply(BIG, wanted)).words
        assert stage.shelf.book.used[BuildKind.SERVER] == "server-b9001-cpu"
    assert forgiven == ["big"]


async def test_another_quantisation_is_looked_for_by_name(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        wanted = remedy(Action.OTHER_QUANTISATION, BIG)
        assert wanted is not None
        applied = await remedies(tmp_path, stage, []).apply(BIG, wanted)
    assert applied.search == "Big-7B"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("Qwen3-4B-UD-Q4_K_XL.gguf", "Qwen3-4B"),
        ("model.IQ2_XXS.gguf", "model"),
        ("big-bf16-00001-of-00003.gguf", "big"),
        ("gpt-oss-20b-mxfp4.gguf", "gpt-oss-20b"),
        ("plain.gguf", "plain"),
    ],
)
def test_a_name_loses_what_its_weights_are_kept_in(file: str, words: str) -> None:
    assert search_words(ModelSpec(name="m", path=Path(file))) == words
