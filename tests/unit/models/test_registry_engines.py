"""The registry's keys about engines: each takes effect, each mistake is named with its line."""

from pathlib import Path
from textwrap import dedent

import pytest

from app.domain.errors import RegistryInvalid
from app.domain.models import LlamaServerOptions, ModelSpec, RemoteOptions, Roster
from app.domain.settings import Settings
from app.models.registry import load_registry
from app.platform.paths import Paths

FULL = """
models:
  small: {path: small.gguf}
  big:
    engine: llama-server
    path: big.gguf
    llama_server:
      binary: builds/llama
      profile: mtp
      mmproj: eyes.gguf
      rpc: [one:50052, two:50052]
  far:
    engine: remote
    context: 32768
    sequences: 16
    remote:
      url: https://models.example/v1/
      model: org/huge
      key: env:FAR_KEY
      vision: true
roles:
  front: {tier: A, model: small}
  coder: {tier: B, model: big, gated: true}
  architect: {tier: B, model: far}
"""


def _load(tmp_path: Path, text: str) -> Roster:
    file = tmp_path / "model_registry.yaml"
    file.write_text(dedent(text), encoding="utf-8")
    settings = Settings.model_validate({})
    return load_registry(file, settings=settings, paths=Paths.discover(tmp_path / "data"))


def _models(tmp_path: Path, text: str = FULL) -> dict[str, ModelSpec]:
    return {role.model.name: role.model for role in _load(tmp_path, text).roles}


def _mistakes(tmp_path: Path, text: str) -> str:
    with pytest.raises(RegistryInvalid) as caught:
        _load(tmp_path, text)
    return caught.value.message


def test_how_the_past_is_kept_takes_effect(tmp_path: Path) -> None:
    small = _models(
        tmp_path,
        """
        models:
          small:
            path: small.gguf
            batch: 1024
            ubatch: 128
            kv_keys: q8_0
            kv_values: q4_0
            flash_attention: on
        roles:
          front: {tier: A, model: small}
        """,
    )["small"]
    assert (small.batch, small.ubatch) == (1024, 128)
    assert (small.kv_keys, small.kv_values, small.flash_attention) == ("q8_0", "q4_0", "on")


def test_values_in_a_smaller_form_need_flash_attention(tmp_path: Path) -> None:
    said = _mistakes(
        tmp_path,
        """
        models:
          small: {path: small.gguf, kv_values: q8_0, flash_attention: off}
        roles:
          front: {tier: A, model: small}
        """,
    )
    assert "line 3: values other than f16 need flash attention" in said


def test_every_key_of_a_llama_server_takes_effect(tmp_path: Path) -> None:
    big = _models(tmp_path)["big"]
    assert big.engine == "llama-server"
    assert big.llama_server == LlamaServerOptions(
        binary=tmp_path / "builds/llama",
        profile="mtp",
        mmproj=tmp_path / "eyes.gguf",
        rpc=("one:50052", "two:50052"),
    )
    assert big.sees


def test_every_key_of_a_remote_takes_effect(tmp_path: Path) -> None:
    far = _models(tmp_path)["far"]
    assert far.engine == "remote"
    assert (far.context, far.sequences, far.path) == (32768, 16, Path())
    assert far.remote == RemoteOptions(
        url="https://models.example/v1", model="org/huge", key="env:FAR_KEY", vision=True
    )
    assert far.sees


def test_without_the_key_the_runner_carries_a_model(tmp_path: Path) -> None:
    small = _models(tmp_path)["small"]
    assert small.engine == "runner"
    assert small.remote is None
    assert not small.sees


def test_a_gated_role_makes_its_model_tell_log_probabilities(tmp_path: Path) -> None:
    roster = _load(tmp_path, FULL)
    assert [role.gated for role in roster.roles] == [False, True, False]
    assert [role.model.gated for role in roster.roles] == [False, True, False]
    shared = FULL.replace("model: far}", "model: big}")
    assert [role.model.gated for role in _load(tmp_path, shared).roles] == [False, True, True]


REMOTE = "models:\n  m:\n    engine: remote\n    {}\nroles: {{a: {{tier: A, model: m}}}}"
SERVER = (
    "models:\n  m:\n    engine: llama-server\n    path: m.gguf\n    llama_server: {{{}}}\n"
    "roles: {{a: {{tier: A, model: m}}}}"
)
RUNNER = "models:\n  m:\n    {}\nroles: {{a: {{tier: A, model: m}}}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RUNNER.format("engine: llama"), "line 3: `models.m.engine`"),
        (RUNNER.format("context: 512"), "line 2: the key `path` is missing in `models.m`"),
        (
            RUNNER.format("path: m.gguf\n    remote: {url: http://a/v1}"),
            "line 4: `remote` is for models with `engine: remote`",
        ),
        (
            RUNNER.format("path: m.gguf\n    llama_server: {}"),
            "line 4: `llama_server` is for models with `engine: llama-server`",
        ),
        (REMOTE.format("context: 512"), "line 2: the key `remote` is missing in `models.m`"),
        (REMOTE.format("remote: {model: x}"), "the key `url` is missing in `models.m.remote`"),
        (REMOTE.format("remote: {url: gpu-box}"), "such as http://computer:8000/v1"),
        (REMOTE.format("remote: {url: 'ftp://a/v1'}"), "such as http://computer:8000/v1"),
        (REMOTE.format("remote: {url: 'http://a:b@c/v1'}"), "a key does not stand in the address"),
        (REMOTE.format("remote: {url: http://a/v1, key: sk-123}"), "never the key"),
        (REMOTE.format("remote: {url: http://a/v1, modell: x}"), "did you mean `model`?"),
        (
            REMOTE.format("remote: {url: http://a/v1}\n    threads: 3"),
            "line 5: `threads` has no effect on a remote model",
        ),
        (
            REMOTE.format("remote: {url: http://a/v1}\n    path: m.gguf"),
            "line 5: `path` has no effect on a remote model",
        ),
        (SERVER.format("profile: turbo"), "line 5: `models.m.llama_server.profile`"),
        (SERVER.format("rpc: [box]"), "every worker is written as host:port"),
        (SERVER.format("bianry: x"), "did you mean `binary`?"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in _mistakes(tmp_path, text)


def test_a_key_that_stands_in_the_file_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    message = _mistakes(tmp_path, REMOTE.format("remote: {url: http://a/v1, key: sk-123}"))
    assert "sk-123" not in message


def test_a_remote_cannot_draft_for_others(tmp_path: Path) -> None:
    text = FULL.replace("{path: small.gguf}", "{path: small.gguf, acceleration: {draft: far}}")
    assert "a remote model cannot draft" in _mistakes(tmp_path, text)
    drafting = FULL + "  draft: {tier: D, model: far}\n"
    assert _models(tmp_path, drafting)["small"].draft is None
