"""What a computer seems to lack for a backend is a hint in words."""

from pathlib import Path

import pytest

from app.models.builds.devices import lacking

NAMES = {"cuda-13.4": "NVIDIA", "cu124": "NVIDIA", "rocm72": "AMD", "hip-radeon": "AMD"}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A computer without anything."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for look in ("exists", "is_dir"):
        monkeypatch.setattr(Path, look, lambda _: False)


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("backend", NAMES)
def test_a_missing_driver_is_said(backend: str) -> None:
    assert lacking(backend).startswith(f"No {NAMES[backend]}")


@pytest.mark.usefixtures("bare")
def test_what_needs_no_driver_lacks_nothing() -> None:
    assert [lacking(backend) for backend in ("cpu", "metal")] == ["", ""]
    assert lacking("vulkan") == "No Vulkan driver was found here."


def test_a_driver_that_is_there_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda _: True)
    assert [lacking(backend) for backend in NAMES] == [""] * len(NAMES)
