"""Keys: kept where only their owner reads them."""

import stat
from pathlib import Path

import pytest

from app.domain.errors import SecretsUnavailable
from app.platform.secrets import Secrets


def test_a_private_file_keeps_secrets(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    secrets = Secrets(file, use_file=True)
    assert secrets.get("hub") is None
    secrets.set("hub", "値")
    secrets.set("other", "x")
    secrets.delete("other")
    secrets.delete("never there")
    assert Secrets(file, use_file=True).get("hub") == "値"
    assert Secrets(file, use_file=True).get("other") is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text("{")
    with pytest.raises(SecretsUnavailable, match="cannot be read"):
        Secrets(file, use_file=True).get("hub")


def test_without_a_keyring_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    monkeypatch.setattr(keyring.core, "_keyring_backend", Keyring())
    secrets = Secrets(tmp_path / "secrets.json")
    for attempt in (
        lambda: secrets.get("hub"),
        lambda: secrets.set("hub", "x"),
        lambda: secrets.delete("hub"),
    ):
        with pytest.raises(SecretsUnavailable) as caught:
            attempt()
        assert "private file" in caught.value.remedy
