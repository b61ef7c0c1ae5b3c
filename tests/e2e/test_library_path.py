"""Another build of the library: taken when it fits, refused in words when it does not."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.e2e.test_runner_harness import FRONT, Runner, running, text_of

UNFIT = 12


def _shipped() -> Path:
    spec = find_spec("llama_cpp")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "lib"


def _refused(runner: Runner) -> str:
    assert runner.wait() == UNFIT
    runner.close()
    return "".join(runner.log)


def test_a_build_elsewhere_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = tmp_path / "田中 build"
    shutil.copytree(_shipped(), build)
    monkeypatch.setenv("LLAMA_CPP_LIB_PATH", str(build))
    with running(FRONT) as runner:
        assert text_of(runner.ready().chat("What is the capital of Japan?"))
        maps = Path(f"/proc/{runner.process.pid}/maps").read_text("utf-8")
        assert str(build / "libllama") in maps


def test_an_empty_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_CPP_LIB_PATH", str(tmp_path))
    log = _refused(Runner(FRONT))
    assert "engine_unfit" in log
    assert "Traceback" not in log


def test_a_library_of_another_kind_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in _shipped().glob("libggml-base.so"):
        shutil.copy(file, tmp_path / "libllama.so")
    monkeypatch.setenv("LLAMA_CPP_LIB_PATH", str(tmp_path))
    assert "engine_unfit" in _refused(Runner(FRONT))
