"""Command lines, environments and thread counts of engine processes."""

import sys
from pathlib import Path

import pytest

from app.domain.models import Measured, ModelSpec, RoleSpec, Sampling, Tier, VerifyingTimes
from app.engines import launch
from app.engines.launch import Launcher, choose_threads, default_threads, environment
from app.engines.runner.options import parse


def role(**model: object) -> RoleSpec:
    spec = ModelSpec.model_validate({"name": "m", "path": "some/田中 Ж.gguf", **model})
    return RoleSpec(name="front", tier=Tier.B, model=spec, sampling=Sampling(seed=5))


def value_of(command: list[str], option: str) -> str:
    return command[command.index(option) + 1]


def test_the_runner_gets_an_absolute_path_and_every_limit() -> None:
    command = Launcher("runner").command(role(context=512, sequences=3, threads=7), "nonce")
    assert command[:3] == [sys.executable, "-m", "app.engines.runner"]
    assert value_of(command, "--model") == str(Path("some/田中 Ж.gguf").absolute())
    assert value_of(command, "--context") == "512"
    assert value_of(command, "--sequences") == "3"
    assert value_of(command, "--threads") == "7"
    assert value_of(command, "--alias") == "nonce"
    assert "--embeddings" not in command


def test_how_the_past_is_kept_and_read_is_said() -> None:
    settings = {
        "batch": 96,
        "ubatch": 48,
        "kv_keys": "q8_0",
        "kv_values": "q4_0",
        "flash_attention": "on",
    }
    command = Launcher("runner").command(role(**settings), "x")
    said = {name: value_of(command, f"--{name.replace('_', '-')}") for name in settings}
    assert said == {name: str(value) for name, value in settings.items()}
    options = parse(command[3:])
    assert {name: getattr(options, name) for name in settings} == settings


def test_threads_are_chosen_when_the_model_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "default_threads", lambda: 5)
    assert value_of(Launcher("runner").command(role(), "x"), "--threads") == "5"


def test_an_embedding_model_is_started_as_one() -> None:
    launcher = Launcher("runner", states=Path("set aside"))
    assert "--embeddings" in launcher.command(role(embeddings=True), "x")
    assert "--states" not in launcher.command(role(embeddings=True), "x")


def test_conversations_are_set_aside_only_where_a_folder_is_given() -> None:
    command = Launcher("runner", states=Path("set aside")).command(role(), "x")
    assert value_of(command, "--states") == str(Path("set aside").absolute())
    assert "--states" not in Launcher("runner").command(role(), "x")


def test_drafting_is_measured_kept_and_can_be_switched_off() -> None:
    command = Launcher("runner", costs=Path("cache")).command(role(draft="d.gguf"), "x")
    assert value_of(command, "--draft-model") == str(Path("d.gguf").absolute())
    assert value_of(command, "--costs") == str(Path("cache").absolute())
    plain = Launcher("runner", costs=Path("cache")).command(
        role(draft="d.gguf", speculation=False), "x"
    )
    assert "--no-speculation" in plain
    assert not {"--draft-model", "--costs"} & set(plain)


def test_the_mock_gets_tier_and_seed_and_extra_flags() -> None:
    command = Launcher("mock", ["--fault", "silent"]).command(role(), "x")
    assert command[:3] == [sys.executable, "-m", "app.engines.mock"]
    assert value_of(command, "--tier") == "B"
    assert value_of(command, "--seed") == "5"
    assert command[-2:] == ["--fault", "silent"]
    assert "--model" not in command


def test_only_the_whitelist_reaches_the_child() -> None:
    source = {
        "PATH": "/bin",
        "Path": "C:/bin",
        "LC_ALL": "C.UTF-8",
        "HOME": "/home/田中",
        "LLAMA_CPP_LIB_PATH": "/lib",
        "LLAMA_ARG_CTX_SIZE": "9",
        "GGML_CUDA_FORCE": "1",
        "HF_TOKEN": "secret",
        "PYTHONPATH": "/elsewhere",
        "PYTHONSTARTUP": "x",
        "ORCHESTRATOR_ROLE": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    env = environment("key", source)
    assert env.pop("ECHELON_ENGINE_TOKEN") == "key"
    assert (Path(env.pop("PYTHONPATH")) / "app" / "engines").is_dir()
    assert env.pop("PYTHONSAFEPATH") == "1"
    assert env.pop("PYTHONUTF8") == "1"
    assert set(env) == {"PATH", "Path", "LC_ALL", "HOME", "LLAMA_CPP_LIB_PATH"}


@pytest.mark.parametrize(
    ("physical", "allowed", "quota", "threads"),
    [
        (1, 1, None, 1),
        (2, 4, None, 2),
        (3, 3, None, 2),
        (4, 8, None, 3),
        (8, 4, None, 3),
        (8, 16, 2.0, 2),
        (8, 16, 3.5, 2),
        (8, 16, 0.5, 1),
        (64, 128, None, 63),
    ],
)
def test_threads_are_physical_cores_less_one_for_the_window(
    physical: int, allowed: int, quota: float | None, threads: int
) -> None:
    assert choose_threads(physical, allowed, quota) == threads


def test_this_machine_gets_at_least_one_thread() -> None:
    assert default_threads() >= 1


@pytest.mark.parametrize(
    ("text", "quota"), [("200000 100000\n", 2.0), ("max 100000\n", None), ("", None)]
)
def test_a_container_limit_is_read(tmp_path: Path, text: str, quota: float | None) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(text)
    assert launch._read_quota(file) == quota


def test_without_control_groups_there_is_no_limit(tmp_path: Path) -> None:
    assert launch._cgroup_quota(tmp_path / "none") is None
    assert launch._read_quota(tmp_path / "none") is None


def test_times_of_drafts_that_the_registry_tells_are_passed_on_for_as_many_threads() -> None:
    told = VerifyingTimes(threads=3, milliseconds={0: {1: 10.0, 4: 14.0}})
    model = ModelSpec(name="m", path=Path("m"), threads=3, measured=Measured(verifying=told))
    role = RoleSpec(name="front", tier=Tier.A, model=model)
    command = Launcher().command(role, "m")
    assert parse(command[3:]).told == {0: {1: 10.0, 4: 14.0}}
    other = role.model_copy(update={"model": model.model_copy(update={"threads": 2})})
    assert "--told" not in Launcher().command(other, "m")
    assert parse(["--model", "m"]).told == {}
