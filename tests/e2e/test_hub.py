"""Models of a hub from outside: a verdict, a download, and no way out when nothing may leave."""

import asyncio
import json
from pathlib import Path

from tests.e2e.test_terminal import _echelon
from tests.fakes.hub import FakeRepo, fake_hub

ROOT = Path(__file__).parents[2]
MOCK = {"ORCHESTRATOR_MOCK_MODE": "1", "ORCHESTRATOR_LOCAL_ONLY": "1"}


async def test_a_repository_is_shown_with_a_verdict_for_each_file(tmp_path: Path) -> None:
    model = (ROOT / "resources" / "models" / "draft.gguf").read_bytes()
    async with fake_hub(FakeRepo("ada/small", {"small-Q8_0.gguf": model})) as served:
        done = await asyncio.to_thread(
            _echelon, tmp_path, "models", "show", "ada/small", "--json", **MOCK,
            HF_ENDPOINT=served.url,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    (file,) = json.loads(done.stdout)["files"]
    assert file["verdict"]["outcome"] == "runs well"
    assert file["verdict"]["tokens_s"] > 0
    assert file["profile"]["vocabulary"] == 2048


async def test_a_model_of_the_hub_is_pulled_verified_and_listed(tmp_path: Path) -> None:
    model = (ROOT / "resources" / "models" / "draft.gguf").read_bytes()
    files = {"pulled-Q8_0.gguf": model, "pulled-Q4_K_M.gguf": b"another one"}
    async with fake_hub(FakeRepo("ada/pulled", files)) as served:
        done = await asyncio.to_thread(
            _echelon, tmp_path, "models", "pull", "ada/pulled:Q8_0", **MOCK,
            HF_ENDPOINT=served.url,
        )  # fmt: skip
    pulled = tmp_path / "models" / "pulled-Q8_0.gguf"
    assert (done.returncode, done.stdout.strip()) == (0, str(pulled)), done.stderr
    assert pulled.read_bytes() == model
    told = await asyncio.to_thread(_echelon, tmp_path, "models", "list", "--json", **MOCK)
    listed = {each["path"]: each for each in json.loads(told.stdout)["models"]}
    assert listed[str(pulled)]["problem"] == ""


def test_local_only_means_that_nothing_is_searched(tmp_path: Path) -> None:
    done = _echelon(tmp_path, "models", "search", "anything", **MOCK, HF_ENDPOINT="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "huggingface.co: the switch “local only” is on" in done.stderr
    assert "ORCHESTRATOR_LOCAL_ONLY" in done.stderr
