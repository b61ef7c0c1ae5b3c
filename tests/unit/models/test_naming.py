"""Names and paths of models as a registry holds them."""

from pathlib import Path

import pytest

from app.models.naming import free_name, written
from app.platform.paths import Paths


def test_a_name_is_short_and_free() -> None:
    assert free_name("Qwen 3.5 (4B)!", ()) == "qwen-3.5-4b"
    assert free_name("qwen", ["qwen", "qwen-2"]) == "qwen-3"
    assert free_name("///", ()) == "model"


def test_a_path_holds_on_any_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    paths = Paths.discover(tmp_path / "data")
    assert written(paths.resources / "models" / "front.gguf", paths) == "starter:front.gguf"
    assert written(tmp_path / "home" / "m" / "a.gguf", paths) == "~/m/a.gguf"
    assert written(tmp_path / "a.gguf", paths) == str(tmp_path / "a.gguf")
