"""The library from outside: what is found, imported, verified and deleted, in real processes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "resources" / "models"


class Terminal:
    """Runs commands of the program for a user whose home is empty."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.home.mkdir()
        kept = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("ORCHESTRATOR_", "HF_", "XDG_", "OLLAMA"))
        }
        self.data = root / "田中 Ж"
        ours = {"ORCHESTRATOR_DATA_DIR": str(self.data), "ORCHESTRATOR_MOCK_MODE": "1"}
        self._env = {**kept, **ours, "HOME": str(self.home), "PYTHONPATH": str(ROOT)}

    def models(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app", "models", *arguments],
            cwd=self.home,
            env=self._env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


@pytest.mark.slow
def test_a_model_comes_and_stands_beside_those_of_others(terminal: Terminal) -> None:
    theirs = terminal.home / ".lmstudio" / "models" / "a" / "b" / "theirs.gguf"
    theirs.parent.mkdir(parents=True)
    shutil.copy(SHIPPED / "draft.gguf", theirs)
    shutil.copy(SHIPPED / "front.gguf", terminal.home / "mine.gguf")

    taken = terminal.models("import", "mine.gguf")  # a path that only this process understands
    assert (taken.returncode, taken.stdout) == (0, "")
    assert "(hard link)" in taken.stderr

    listed = json.loads(terminal.models("list", "--json").stdout)
    owners = {model["handle"]: model["owner"] for model in listed["models"]}
    assert owners["mine"] == "Echelon"
    assert owners["theirs"] == "LM Studio"
    assert owners["coder"] == "shipped with Echelon"


@pytest.mark.slow
def test_a_model_is_verified_and_goes_when_it_is_said(terminal: Terminal) -> None:
    own = terminal.data / "models"
    own.mkdir(parents=True)
    shutil.copy(SHIPPED / "front.gguf", own / "mine.gguf")
    verified = terminal.models("verify", "mine")
    assert (verified.returncode, verified.stdout.split()[0]) == (0, "right")
    asked = terminal.models("rm", "mine")
    assert asked.returncode == 1
    assert "would be deleted" in asked.stderr
    assert "--yes" in asked.stderr
    assert (own / "mine.gguf").exists()
    assert terminal.models("rm", "mine", "--yes").returncode == 0
    assert not (own / "mine.gguf").exists()


@pytest.mark.slow
def test_folders_come_and_go(terminal: Terminal) -> None:
    more = terminal.home / "more"
    more.mkdir()
    shutil.copy(SHIPPED / "draft.gguf", more / "other.gguf")
    added = terminal.models("folders", "add", "more")
    assert added.returncode == 0
    assert f"{more}  (your folder)" in added.stdout
    assert "free on its disk" in added.stdout
    folders = json.loads(terminal.models("folders", "--json").stdout)["folders"]
    assert [each["models"] for each in folders if each["origin"] == "added"] == [1]
    assert str(more) not in terminal.models("folders", "rm", "more").stdout
    assert (more / "other.gguf").exists()


@pytest.mark.slow
def test_sets_and_ends_are_told(terminal: Terminal) -> None:
    told = terminal.models("sets", "--memory", "32").stdout
    assert "For 32.0 GB of memory" in told
    for apply in ((), ("--apply", "1")):
        never = terminal.models("doctor", "front", *apply)
        assert never.returncode == 1
        assert "has not run yet" in never.stderr
