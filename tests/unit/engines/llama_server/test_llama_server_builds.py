"""Finding a llama-server, and asking a program whether it is one."""

import stat
import sys
from pathlib import Path

import pytest

from app.domain.errors import EngineUnfit
from app.engines.llama_server import builds
from app.engines.llama_server.builds import PROGRAM, find, probe
from tests.unit.engines.llama_server.help_texts import OLD

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs here are scripts")


def script(place: Path, text: str) -> Path:
    """Write an executable script."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\n{text}\n")
    place.chmod(place.stat().st_mode | stat.S_IXUSR)
    return place


def server(place: Path) -> Path:
    """Write a program that answers like a llama-server."""
    answer = f"case $1 in --version) echo 'version: 4321 (abc)' >&2;; *) cat <<'E'\n{OLD}\nE\nesac"
    return script(place, answer)


@pytest.fixture
def nothing_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


@pytest.mark.usefixtures("nothing_on_path")
@pytest.mark.parametrize("inside", ["", "bin", "build/bin"])
def test_a_program_or_the_folder_of_a_build_is_found(tmp_path: Path, inside: str) -> None:
    program = script(tmp_path / "llama" / inside / PROGRAM, "")
    assert find(tmp_path / "llama", tmp_path) == program
    assert find(program, tmp_path) == program


def test_without_a_wish_the_path_comes_before_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = script(tmp_path / "own" / PROGRAM, "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find(None, tmp_path / "own") == own
    installed = script(tmp_path / "bin" / PROGRAM, "")
    assert find(None, tmp_path / "own") == installed


@pytest.mark.usefixtures("nothing_on_path")
def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    for wish in (None, tmp_path, tmp_path / "missing"):
        with pytest.raises(EngineUnfit, match="There is no llama-server") as caught:
            find(wish, tmp_path)
        assert "make llama-server" in caught.value.remedy
    plain = tmp_path / "notes.txt"
    plain.write_text("hello")
    with pytest.raises(EngineUnfit, match="may not be run"):
        find(plain, tmp_path)


async def test_a_build_says_its_version_and_options(tmp_path: Path) -> None:
    found = await probe(server(tmp_path / PROGRAM))
    assert found.version == "4321 (abc)"
    assert found.knows("--model-draft")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo hello", "is no llama-server"),
        ("kill -ILL $$", "instructions that this processor does not have"),
        ("echo 'libfoo.so: not found' >&2; exit 127", "a library is missing: libfoo"),
        ("echo oops; exit 3", "ends with status 3: oops"),
    ],
)
async def test_a_program_that_is_none_is_refused_with_the_reason(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(EngineUnfit, match=words) as caught:
        await probe(script(tmp_path / PROGRAM, text))
    assert caught.value.remedy


async def test_a_file_of_another_machine_is_refused(tmp_path: Path) -> None:
    alien = tmp_path / PROGRAM
    alien.write_bytes(b"\x7fELF\x02 of somewhere else")
    alien.chmod(0o755)
    with pytest.raises(EngineUnfit, match="cannot be run"):
        await probe(alien)


async def test_a_program_that_never_ends_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builds, "PROBE_S", 0.2)
    with pytest.raises(EngineUnfit, match="does not answer to --version"):
        await probe(script(tmp_path / PROGRAM, "exec tail -f /dev/null"))
