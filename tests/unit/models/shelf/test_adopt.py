"""What other programs have: found where they keep it, in their layouts, and only read."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ModelKept
from app.domain.shelf import Origin
from app.models.shelf.places import adopted
from tests.unit.models.shelf.files import by_name, library, make


def _hub(cache: Path, repository: str, file: str, revision: str = "abc", seed: int = 0) -> Path:
    """Lay a file out as the hub's cache does: a snapshot's link to a blob named by its hash."""
    folder = cache / f"models--{repository.replace('/', '--')}"
    fresh = make(folder / "blobs" / "fresh", seed=seed)
    blob = fresh.rename(fresh.with_name(hashlib.sha256(fresh.read_bytes()).hexdigest()))
    link = folder / "snapshots" / revision / file
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(Path("../../blobs") / blob.name)
    return blob


def _ollama(models: Path, name: str, tag: str, seed: int = 0, host: str = "library") -> Path:
    fresh = make(models / "blobs" / "fresh", seed=seed)
    digest = hashlib.sha256(fresh.read_bytes()).hexdigest()
    blob = fresh.rename(fresh.with_name(f"sha256-{digest}"))
    layers: list[dict[str, Any]] = [
        {"mediaType": "application/vnd.ollama.image.license", "digest": f"sha256:{'0' * 64}"},
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"},
    ]
    manifest = models / "manifests" / "registry.ollama.ai" / host / name / tag
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({"schemaVersion": 2, "layers": layers}))
    return blob


async def test_the_hubs_cache_gives_every_blob_once(tmp_path: Path) -> None:
    cache = tmp_path / "hub"
    blob = _hub(cache, "org/Model-GGUF", "m-Q4.gguf")
    again = cache / "models--org--Model-GGUF" / "snapshots" / "def" / "m-Q4.gguf"
    again.parent.mkdir()
    again.symlink_to(Path("../../blobs") / blob.name)
    make(cache / "stray.gguf", seed=9)
    async with library(tmp_path, environ={"HF_HUB_CACHE": str(cache)}) as shelf:
        (item,) = (await shelf.survey()).items
        assert item.found.origin is Origin.HUGGING_FACE
        assert item.found.labels == ("org/Model-GGUF",)
        assert item.found.expected == (blob.name,)
        (check,) = await shelf.verify()
        assert check.detail == "Every byte is what Hugging Face cache says and its id."
        blob.unlink()
        (item,) = (await shelf.survey()).items
        assert item.problem == "The link leads nowhere."


async def test_ollamas_blobs_have_the_names_of_their_manifests(tmp_path: Path) -> None:
    models = tmp_path / "ollama"
    blob = _ollama(models, "llama3", "8b")
    _ollama(models, "llama3", "latest")
    _ollama(models, "mine", "v1", seed=4, host="me")
    async with library(tmp_path, environ={"OLLAMA_MODELS": str(models)}) as shelf:
        found = by_name(await shelf.survey())
        assert set(found) == {"llama3:8b", "me/mine:v1"}
        assert found["llama3:8b"].found.labels == ("llama3:8b", "llama3:latest")
        assert found["llama3:8b"].path == blob
        assert (await shelf.one("llama3:latest")).path == blob
        with pytest.raises(ModelKept, match="belongs to another program") as kept:
            await shelf.plan_removal("llama3:8b")
        assert "Ollama" in kept.value.remedy


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        '{"layers": 3}',
        '{"layers": [3, {"digest": 4}]}',
        "[" * 9999,
        json.dumps(
            {
                "layers": [
                    {
                        "mediaType": "application/vnd.ollama.image.model",
                        "digest": "sha256:../../../../etc/passwd",
                    }
                ]
            }
        ),
    ],
)
async def test_manifests_of_any_kind_are_only_read(tmp_path: Path, manifest: str) -> None:
    models = tmp_path / "ollama"
    file = models / "manifests" / "registry.ollama.ai" / "library" / "x" / "y"
    file.parent.mkdir(parents=True)
    file.write_text(manifest)
    async with library(tmp_path, environ={"OLLAMA_MODELS": str(models)}) as shelf:
        assert (await shelf.survey()).items == ()


async def test_programs_with_plain_folders(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home / ".lmstudio" / "models" / "publisher" / "repo" / "m-Q4_K_M.gguf", name="")
    make(home / ".local/share/Jan/data/llamacpp/models/qwen3-4b/model.gguf", name="", seed=1)
    make(home / ".local/share/nomic.ai/GPT4All/Old.Q4_0.gguf", name="", seed=2)
    make(home / ".cache/llama.cpp/org_repo_x.gguf", name="", seed=3)
    async with library(tmp_path) as shelf:
        survey = await shelf.survey()
    told = {item.found.origin: item.name for item in survey.items}
    assert told == {
        Origin.LM_STUDIO: "m-Q4_K_M",
        Origin.JAN: "qwen3-4b",
        Origin.GPT4ALL: "Old.Q4_0",
        Origin.LLAMA_CPP: "org_repo_x",
    }


async def test_a_folder_of_theirs_stays_theirs_when_the_user_adds_it(tmp_path: Path) -> None:
    theirs = tmp_path / "home" / ".lmstudio" / "models"
    make(theirs / "a" / "b" / "m.gguf")
    async with library(tmp_path) as shelf:
        await shelf.add_folder(theirs / "a")
        await shelf.add_folder(tmp_path / "home")
        (item,) = (await shelf.survey()).items
        assert item.found.origin is Origin.LM_STUDIO
        with pytest.raises(ModelKept):
            await shelf.plan_removal("m")


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({"HF_HOME": "{}/x"}, "x/hub"),
        ({"HUGGINGFACE_HUB_CACHE": "{}/x"}, "x"),
        ({"HF_HUB_CACHE": "{}/y", "HF_HOME": "{}/x"}, "y"),
        ({"XDG_CACHE_HOME": "{}/x"}, "x/huggingface/hub"),
        ({"OLLAMA_MODELS": "~/x"}, "home/x"),
        ({"LLAMA_CACHE": "{}/x"}, "x"),
        ({"JAN_DATA_FOLDER": "{}/x"}, "x/llamacpp/models"),
        ({"XDG_DATA_HOME": "{}/x"}, "x/nomic.ai/GPT4All"),
    ],
)
def test_their_variables_decide(tmp_path: Path, variables: dict[str, str], place: str) -> None:
    (tmp_path / place).mkdir(parents=True)
    environ = {name: value.format(tmp_path) for name, value in variables.items()}
    found = adopted(environ, tmp_path / "home", "linux")
    assert [folder.path for folder in found] == [tmp_path / place]


def test_a_variable_takes_the_place_of_the_usual_folders(tmp_path: Path) -> None:
    (tmp_path / ".ollama" / "models").mkdir(parents=True)
    assert len(adopted({}, tmp_path, "linux")) == 1
    for value in (str(tmp_path / "none"), "relative", "a\0b"):
        assert adopted({"OLLAMA_MODELS": value}, tmp_path, "linux") == ()
    assert len(adopted({"OLLAMA_MODELS": "  "}, tmp_path, "linux")) == 1


@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("darwin", "Library/Application Support/Jan/data/llamacpp/models"),
        ("darwin", "Library/Caches/llama.cpp"),
        ("win32", "AppData/Roaming/Jan/data/llamacpp/models"),
        ("win32", "AppData/Local/nomic.ai/GPT4All"),
        ("freebsd14", ".cache/gpt4all"),
    ],
)
def test_every_system_has_its_places(tmp_path: Path, platform: str, place: str) -> None:
    (tmp_path / place).mkdir(parents=True)
    assert [folder.path for folder in adopted({}, tmp_path, platform)] == [tmp_path / place]


def test_lm_studio_may_have_moved(tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    (moved / "models").mkdir(parents=True)
    pointer = tmp_path / ".lmstudio-home-pointer"
    pointer.write_text(f"{moved}\n")
    assert [folder.path for folder in adopted({}, tmp_path, "linux")] == [moved / "models"]
    for content in (b"", b"relative", b"\xff\xfe", b"a\0b"):
        pointer.write_bytes(content)
        assert adopted({}, tmp_path, "linux") == ()
