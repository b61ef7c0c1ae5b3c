"""Mains or battery, as Linux tells it."""

from pathlib import Path

import pytest

from app.platform.power import on_mains


def _supply(folder: Path, name: str, **told: str) -> None:
    (folder / name).mkdir()
    for file, words in told.items():
        (folder / name / file).write_text(words + "\n")


@pytest.mark.parametrize(
    ("supplies", "mains"),
    [
        ({}, True),
        ({"AC": {"type": "Mains", "online": "1"}}, True),
        ({"AC": {"type": "Mains", "online": "0"}}, True),
        (
            {
                "AC": {"type": "Mains", "online": "0"},
                "BAT0": {"type": "Battery", "status": "Discharging"},
            },
            False,
        ),
        ({"BAT0": {"type": "Battery", "status": "Full"}}, True),
        ({"mouse": {"type": "Battery", "scope": "Device", "status": "Discharging"}}, True),
        ({"odd": {}}, True),
    ],
)
def test_only_a_battery_of_the_computer_that_gets_empty_counts(
    tmp_path: Path, supplies: dict[str, dict[str, str]], mains: bool
) -> None:
    for name, told in supplies.items():
        _supply(tmp_path, name, **told)
    assert on_mains(tmp_path) is mains


def test_elsewhere_somebody_else_is_asked(tmp_path: Path) -> None:
    assert isinstance(on_mains(tmp_path / "none"), bool)
