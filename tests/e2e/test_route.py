"""Dry runs and the exported registry, from outside."""

import json
from pathlib import Path

from app.domain.models import Roster
from app.domain.settings import Settings
from app.models.registry import load_registry
from app.platform.paths import Paths
from tests.e2e.test_terminal import JAPAN, _echelon

MOCK = {"ORCHESTRATOR_MOCK_MODE": "1"}


def test_a_plan_is_told_without_anybody_being_asked(tmp_path: Path) -> None:
    done = _echelon(tmp_path, "route", JAPAN, **MOCK)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("front (tier A, mock-front): the default role\n")
    assert "what a start is worth" in done.stdout


def test_a_plan_as_json_says_who_was_weighed(tmp_path: Path) -> None:
    done = _echelon(tmp_path, "route", "--json", "Write a Python function.", **MOCK)
    plan = json.loads(done.stdout)
    assert plan["family"] == "code"
    assert plan["chances"]["coder"] > plan["chances"]["architect"]
    assert plan["up"][-1] == "coder"
    chosen = _echelon(tmp_path, "route", "--json", "--role", "worker", JAPAN, **MOCK)
    assert json.loads(chosen.stdout)["reason"] == "you chose it"


def test_a_wrong_role_is_said_in_words(tmp_path: Path) -> None:
    done = _echelon(tmp_path, "route", "--role", "frnt", JAPAN, **MOCK)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Did you mean “front”?" in done.stderr


def test_what_was_measured_can_be_exported_and_read_back(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "full.yaml"
    assert _echelon(data, "ask", "--role", "front", JAPAN).returncode == 0
    done = _echelon(data, "registry", "export", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert "models are measured" in done.stderr
    roster = _loaded(file)
    speeds = [role.model.measured for role in roster.roles if role.tier == "A"]
    assert speeds[0] is not None
    assert speeds[0].decode_tokens_s
    assert speeds[0].bytes
    plan = _echelon(tmp_path / "new", "route", "--json", JAPAN, ORCHESTRATOR_REGISTRY=str(file))
    assert json.loads(plan.stdout)["start"] in {role.name for role in roster.answering}
    assert _echelon(data, "registry", "export").stdout == file.read_text("utf-8")


def test_mock_mode_has_no_registry(tmp_path: Path) -> None:
    done = _echelon(tmp_path, "registry", "export", **MOCK)
    assert (done.returncode, done.stdout) == (1, "")
    assert "registry" in done.stderr


def _loaded(file: Path) -> Roster:
    settings = Settings.model_validate({})
    return load_registry(file, settings=settings, paths=Paths.discover(file.parent / "d"))
