"""Where things lie, also for people with other alphabets."""

import os
import stat
from pathlib import Path

import pytest

from app.domain.errors import NotWritable
from app.platform.paths import Paths


def test_one_folder_can_hold_everything(tmp_path: Path) -> None:
    home = tmp_path / "田中 Ж" / "data"
    paths = Paths.discover(home)
    paths.ensure()
    for place in (paths.database, paths.backups, paths.models, paths.registry, paths.logs):
        assert place.is_relative_to(home)
    assert paths.data.is_dir()


def test_the_socket_folder_is_private_and_short(tmp_path: Path) -> None:
    paths = Paths.discover(tmp_path / ("非常に長い名前" * 12))
    paths.ensure()
    assert len(os.fsencode(paths.runtime / "core.sock")) < 104
    assert stat.S_IMODE(paths.runtime.stat().st_mode) == 0o700


def test_other_data_means_another_socket(tmp_path: Path) -> None:
    assert Paths.discover(tmp_path / "a").runtime != Paths.discover(tmp_path / "b").runtime


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(NotWritable) as caught:
        Paths.discover(tmp_path / "data").ensure()
    assert "ORCHESTRATOR_DATA_DIR" in caught.value.remedy


def test_a_link_in_place_of_the_socket_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    paths = Paths.discover(tmp_path / "data")
    (tmp_path / "elsewhere").mkdir()
    paths.runtime.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotWritable, match="somebody else"):
        paths.ensure()
