"""Settings from outside: read, or refused with the right way to write them."""

from pathlib import Path

import pytest

from app.domain.errors import SettingsInvalid
from app.domain.settings import Settings
from app.models.env import PREFIX, load_settings

EXAMPLE = Path(__file__).parents[3] / ".env.example"


def test_the_environment_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("ORCHESTRATOR_THREADS=2\nORCHESTRATOR_THEME=dark\nOTHER=1\n")
    settings = load_settings(file, {"ORCHESTRATOR_THREADS": "3", "PATH": "/bin"})
    assert (settings.threads, settings.theme) == (3, "dark")


def test_nothing_set_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / ".env", {}) == Settings.model_validate({})


def test_an_empty_value_means_the_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path / ".env", {"ORCHESTRATOR_THREADS": ""}).threads == 0


def test_an_unknown_variable_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(tmp_path / ".env", {"ORCHESTRATOR_MOCKMODE": "1"})
    assert "ORCHESTRATOR_MOCK_MODE" in caught.value.remedy


def test_a_wrong_value_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="ORCHESTRATOR_THREADS is 'many'"):
        load_settings(tmp_path / ".env", {"ORCHESTRATOR_THREADS": "many"})


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        load_settings(tmp_path / ".env", {})


def test_the_example_names_every_setting_and_is_valid() -> None:
    load_settings(EXAMPLE, {})
    text = EXAMPLE.read_text("utf-8")
    for field in Settings.model_fields:
        assert f"{PREFIX}{field.upper()}=" in text
