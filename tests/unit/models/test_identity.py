"""The id of a model follows its bytes: another name is the same model, another byte is not."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from app.domain.models import ModelSpec, RemoteOptions
from app.models import identity
from app.models.identity import Identities


def spec(path: Path) -> ModelSpec:
    return ModelSpec(name="m", path=path)


@pytest.fixture
def big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that counts as large: 64 samples of which 8 are looked at."""
    monkeypatch.setattr(identity, "WHOLE", 1000)
    monkeypatch.setattr(identity, "SAMPLE", 64)
    path = tmp_path / "big.gguf"
    path.write_bytes(bytes(range(256)) * 16)
    return path


def test_a_small_file_goes_by_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(b"weights")
    found = Identities()(spec(path))
    assert found == f"sha256:{hashlib.sha256(b'weights').hexdigest()}"


def test_the_same_bytes_elsewhere_are_the_same_model(tmp_path: Path) -> None:
    identify = Identities()
    for name in ("a.gguf", "b.gguf"):
        (tmp_path / name).write_bytes(b"weights")
    assert identify(spec(tmp_path / "a.gguf")) == identify(spec(tmp_path / "b.gguf"))


def test_a_file_that_changed_is_another_model(tmp_path: Path) -> None:
    identify, path = Identities(), tmp_path / "a.gguf"
    path.write_bytes(b"weights")
    before = identify(spec(path))
    path.write_bytes(b"WEIGHTS")
    os.utime(path, ns=(1, 1))
    assert identify(spec(path)) != before


def test_a_file_is_read_once_while_it_stays_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identify, path = Identities(), tmp_path / "a.gguf"
    path.write_bytes(b"weights")
    before = identify(spec(path))

    def read(*_: object) -> str:
        raise AssertionError

    monkeypatch.setattr(identity, "file_id", read)
    assert identify(spec(path)) == before


def test_what_is_no_file_goes_by_its_name_or_address(tmp_path: Path) -> None:
    identify = Identities()
    assert identify(spec(tmp_path / "gone.gguf")) == "name:m"
    assert identify(spec(tmp_path)) == "name:m"
    remote = ModelSpec(
        name="r", engine="remote", remote=RemoteOptions(url="http://there/v1", model="big")
    )
    assert identify(remote) == "remote:http://there/v1#big"


def test_a_missing_file_is_looked_for_again(tmp_path: Path) -> None:
    identify, path = Identities(), tmp_path / "late.gguf"
    assert identify(spec(path)) == "name:m"
    path.write_bytes(b"weights")
    assert identify(spec(path)).startswith("sha256:")


def test_a_big_file_goes_by_samples_that_tell_its_size(big: Path) -> None:
    before = Identities()(spec(big))
    assert before.startswith("sampled:")
    with big.open("ab") as file:
        file.write(b"\0")
    assert Identities()(spec(big)) != before
    big.write_bytes(b"!" + big.read_bytes()[1:-1])
    assert Identities()(spec(big)) != before


def test_a_big_file_that_was_read_goes_by_its_hash_from_the_next_start_on(
    big: Path, tmp_path: Path
) -> None:
    store = tmp_path / "ids.json"
    identify = Identities(store)
    before = identify(spec(big))
    assert identify.provisional() == [big]
    assert identify.settle(big)
    assert identify(spec(big)) == before
    assert identify.provisional() == []
    again = Identities(store)
    after = again(spec(big))
    assert after == f"sha256:{hashlib.sha256(big.read_bytes()).hexdigest()}"
    assert again.canonical(before) == after
    assert again.canonical(after) == after
    assert again.canonical("sampled:unknown") == "sampled:unknown"


def test_a_hash_of_a_file_that_changed_since_is_not_used(big: Path, tmp_path: Path) -> None:
    store = tmp_path / "ids.json"
    Identities(store).settle(big)
    os.utime(big, ns=(5, 5))
    assert Identities(store)(spec(big)).startswith("sampled:")


def test_a_provisional_id_of_two_files_stands_for_neither(big: Path, tmp_path: Path) -> None:
    store, other = tmp_path / "ids.json", tmp_path / "other.gguf"
    content = bytearray(big.read_bytes())
    content[100] ^= 1  # between two samples
    other.write_bytes(content)
    identify = Identities(store)
    before = identify(spec(big))
    assert identify(spec(other)) == before
    identify.settle(big)
    identify.settle(other)
    again = Identities(store)
    assert again.canonical(before) == before
    assert again(spec(big)) != again(spec(other))


def test_reading_a_big_file_ends_when_it_is_told_to(big: Path, tmp_path: Path) -> None:
    identify = Identities(tmp_path / "ids.json")
    assert not identify.settle(big, lambda: False)
    assert not identify.settle(tmp_path / "gone.gguf")
    assert not (tmp_path / "ids.json").exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no json",
        "[]",
        '{"form": 9}',
        '{"form": 1, "files": {"a": 1}}',
        '{"form": 1}',
        "[" * 9999,
    ],
)
def test_a_spoiled_store_costs_only_time(big: Path, tmp_path: Path, content: str) -> None:
    store = tmp_path / "ids.json"
    store.write_text(content)
    identify = Identities(store)
    assert identify(spec(big)).startswith("sampled:")
    assert identify.settle(big)
    assert json.loads(store.read_text())["form"] == 1


def test_a_store_that_cannot_be_written_harms_nothing(big: Path, tmp_path: Path) -> None:
    identify = Identities(tmp_path / "nowhere" / "ids.json")
    assert identify.settle(big)
    assert identify.provisional() == []


def test_a_model_in_parts_goes_by_all_of_them(tmp_path: Path) -> None:
    parts = [tmp_path / f"m-{at:05}-of-00002.gguf" for at in (1, 2)]
    for part in parts:
        part.write_bytes(b"part")
    before = Identities()(spec(parts[0]))
    parts[1].write_bytes(b"PART")
    assert Identities()(spec(parts[0])) != before
    parts[1].unlink()
    assert Identities()(spec(parts[0])) == "name:m"
