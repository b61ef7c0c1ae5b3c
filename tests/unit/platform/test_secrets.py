"""Keys: kept where only their owner reads them."""

import stat
from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from app.domain.errors import SecretsUnavailable
from app.platform.secrets import Secrets


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "田中 Ж" / "secrets.json"


def test_the_keyring_keeps_secrets_and_no_file_does(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawer = Drawer()
    monkeypatch.setattr(keyring.core, "_keyring_backend", drawer)
    secrets = Secrets(file)
    assert secrets.get("hub") is None
    secrets.set("hub", "値")
    assert drawer.kept == {("echelon", "hub"): "値"}
    assert secrets.get("hub") == "値"
    secrets.delete("hub")
    secrets.delete("hub")
    assert secrets.get("hub") is None
    assert not file.exists()


def test_a_private_file_keeps_secrets(file: Path) -> None:
    secrets = Secrets(file, use_file=True)
    assert secrets.get("hub") is None
    secrets.set("hub", "値")
    secrets.set("other", "x")
    secrets.delete("other")
    secrets.delete("never there")
    assert Secrets(file, use_file=True).get("hub") == "値"
    assert Secrets(file, use_file=True).get("other") is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [left.name for left in file.parent.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize("content", ["{", "[]", "\udcff"])
def test_a_damaged_file_is_said_and_left_alone(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_bytes(content.encode(errors="surrogateescape"))
    secrets = Secrets(file, use_file=True)
    with pytest.raises(SecretsUnavailable, match="cannot be read"):
        secrets.get("hub")
    with pytest.raises(SecretsUnavailable, match="cannot be read"):
        secrets.set("hub", "x")
    assert file.read_bytes() == content.encode(errors="surrogateescape")


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(SecretsUnavailable):
        Secrets(tmp_path / "taken" / "secrets.json", use_file=True).set("hub", "x")


def test_without_a_keyring_the_way_out_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    secrets = Secrets(file)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: secrets.get("hub"),
        lambda: secrets.set("hub", "x"),
        lambda: secrets.delete("hub"),
    )
    for attempt in attempts:
        with pytest.raises(SecretsUnavailable) as caught:
            attempt()
        assert "private file" in caught.value.remedy
