"""Where things lie, also for people with other alphabets."""

import errno
import os
import stat
from pathlib import Path

import pytest

from app.domain.errors import NotWritable
from app.platform.paths import Paths, write_private


@pytest.fixture(autouse=True)
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A short place for sockets that goes away with the test."""
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


def test_the_platform_says_where_things_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/田中 Ж")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    paths = Paths.discover()
    for place in (paths.data, paths.config, paths.cache, paths.logs):
        assert place.is_relative_to("/home/田中 Ж")
        assert "echelon" in place.parts
    assert (paths.resources / "models").is_dir()


@pytest.mark.parametrize("folder", ["/dev/null/echelon", "~nobody-of-that-name/x"])
def test_a_place_that_cannot_be_written_is_said(folder: str) -> None:
    with pytest.raises(NotWritable) as caught:
        Paths.discover(Path(folder)).ensure()
    assert "ORCHESTRATOR_DATA_DIR" in caught.value.remedy


def test_one_folder_can_hold_everything(tmp_path: Path) -> None:
    home = tmp_path / "田中 Ж" / "data"
    paths = Paths.discover(home)
    paths.ensure()
    for place in (paths.database, paths.backups, paths.models, paths.registry, paths.logs):
        assert place.is_relative_to(home)
    assert paths.data.is_dir()


@pytest.mark.parametrize("base", ["", "relative", "/nowhere at all", "{tmp}", "{tmp}/{long}"])
def test_the_socket_folder_is_private_and_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    long = "非常に長い名前" * 5
    (tmp_path / long).mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", base.format(tmp=tmp_path, long=long))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / long))
    paths = Paths.discover(tmp_path / "田中 Ж" / long)
    paths.ensure()
    try:
        assert paths.runtime.is_absolute()
        assert len(os.fsencode(paths.socket)) < 104
        assert stat.S_IMODE(paths.runtime.stat().st_mode) == 0o700
        assert stat.S_IMODE(paths.data.stat().st_mode) == 0o700
    finally:
        paths.runtime.rmdir()


def test_a_socket_folder_open_to_others_is_closed_to_them(private: Path, tmp_path: Path) -> None:
    paths = Paths.discover(tmp_path / "data")
    paths.ensure()
    assert paths.runtime.parent == private
    paths.runtime.chmod(0o777)
    paths.ensure()
    assert stat.S_IMODE(paths.runtime.stat().st_mode) == 0o700


def test_a_socket_folder_of_somebody_else_is_refused(
    private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths.discover(tmp_path / "data")
    paths.ensure()
    monkeypatch.setattr("os.getuid", lambda: os.geteuid() + 1)
    with pytest.raises(NotWritable, match="somebody else") as caught:
        paths.ensure()
    assert "XDG_RUNTIME_DIR" in caught.value.remedy


def test_other_data_means_another_socket(tmp_path: Path) -> None:
    assert Paths.discover(tmp_path / "a").runtime != Paths.discover(tmp_path / "b").runtime


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(NotWritable) as caught:
        Paths.discover(tmp_path / "data").ensure()
    assert "ORCHESTRATOR_DATA_DIR" in caught.value.remedy


def test_a_link_in_place_of_the_socket_folder_is_refused(private: Path, tmp_path: Path) -> None:
    paths = Paths.discover(tmp_path / "data")
    (tmp_path / "elsewhere").mkdir()
    paths.runtime.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotWritable, match="somebody else"):
        paths.ensure()


def test_a_private_file_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file.json"
    write_private(file, "old")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="no space"):
        write_private(file, "new")
    assert file.read_text() == "old"
    assert not file.with_suffix(".new").exists()
