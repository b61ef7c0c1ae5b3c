"""Command lines of llama-servers: explicit values, by what a build knows."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import EngineUnfit
from app.domain.models import LlamaServerOptions, ModelSpec
from app.engines.llama_server.builds import Build, parse_help
from app.engines.llama_server.options import arguments, choose
from tests.unit.engines.llama_server.help_texts import NEW, OLD


def build(text: str = NEW) -> Build:
    return Build(Path("/opt/llama-server"), "b1", parse_help(text))


def model(*, options: dict[str, Any] | None = None, **fields: Any) -> ModelSpec:
    given = {"name": "m", "path": "some/田中 Ж.gguf", "engine": "llama-server", "threads": 3}
    launch = LlamaServerOptions.model_validate(options or {})
    return ModelSpec.model_validate({**given, **fields, "llama_server": launch})


def command(spec: ModelSpec, on: Build | None = None) -> list[str]:
    on = on or build()
    return arguments(spec, on, choose(spec, on), "nonce", 4321)


def value_of(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


def test_help_tells_options_values_and_what_was_removed() -> None:
    new = build()
    assert new.knows("--ctx-size")
    assert new.knows("-kvu")
    assert new.knows("--no-kv-unified")
    assert new.knows("--api-key", "LLAMA_API_KEY")
    assert new.knows("--spec-type", "ngram-map-k")
    assert not new.knows("--spec-type", "ngram-map")
    assert not new.knows("--spec-type", "draft-dflash")
    assert not new.knows("--draft-max")
    assert not new.knows("--draft-min")
    assert not new.knows("--swa-full")
    assert build(OLD).knows("--draft-max")
    assert parse_help("") == {}


def test_how_the_past_is_kept_and_read_is_said() -> None:
    usual = command(model())
    assert (value_of(usual, "--batch-size"), value_of(usual, "--ubatch-size")) == ("512", "256")
    assert (value_of(usual, "--cache-type-k"), value_of(usual, "--cache-type-v")) == ("f16", "f16")
    words = command(model(batch=128, kv_keys="q8_0", kv_values="q4_0"))
    assert (value_of(words, "--batch-size"), value_of(words, "--ubatch-size")) == ("128", "128")
    assert (value_of(words, "--cache-type-k"), value_of(words, "--cache-type-v")) == (
        "q8_0",
        "q4_0",
    )
    assert value_of(words, "--flash-attn") == "on"
    assert value_of(command(model(flash_attention="off")), "--flash-attn") == "off"


def test_an_old_build_reads_the_past_as_it_can() -> None:
    assert "--flash-attn" in command(model(flash_attention="on"), build(OLD))
    assert "--flash-attn" not in command(model(), build(OLD))
    with pytest.raises(EngineUnfit, match="--cache-type-k"):
        command(model(kv_keys="q8_0"), build(OLD))


def test_every_value_is_said() -> None:
    words = command(model(context=2048, sequences=3, gpu_layers=7))
    said = {option: value_of(words, option) for option in words if option.startswith("--")}
    assert said["--model"] == str(Path("some/田中 Ж.gguf").absolute())
    assert said["--alias"] == "nonce"
    assert (said["--host"], said["--port"]) == ("127.0.0.1", "4321")
    assert (said["--ctx-size"], said["--parallel"]) == ("2048", "3")
    assert (said["--threads"], said["--threads-batch"]) == ("3", "3")
    assert (said["--n-gpu-layers"], said["--fit"]) == ("7", "off")
    assert said["--flash-attn"] == "auto"
    for flag in ("--metrics", "--slots", "--kv-unified", "--no-ui", "--offline", "--jinja"):
        assert flag in words
    assert "--no-webui" not in words


def test_no_key_stands_in_the_command_line() -> None:
    assert not [word for word in command(model()) if "key" in word]


def test_an_older_build_gets_what_it_knows() -> None:
    words = command(model(context=2048, sequences=3), build(OLD))
    assert value_of(words, "--ctx-size") == "6144", "it divides the context among the slots"
    assert value_of(words, "--n-gpu-layers") == "999"
    assert "--no-webui" in words
    for option in (
        "--flash-attn",
        "--no-ui",
        "--kv-unified",
        "--fit",
        "--spec-type",
        "--threads-batch",
    ):
        assert option not in words


PROFILES = [
    ({}, {}, "plain or earlier text", "ngram-map-k"),
    ({"draft": "d.gguf"}, {}, "both", "ngram-map-k,draft-simple"),
    ({"draft": "d.gguf"}, {"profile": "ngram"}, "as said", "ngram-map-k"),
    ({}, {"profile": "mtp"}, "as said", "draft-mtp"),
    ({"speculation": False, "draft": "d.gguf"}, {"profile": "mtp"}, "switched off", "none"),
    ({"embeddings": True}, {}, "nothing to draft", "none"),
    ({"gated": True, "draft": "d.gguf"}, {"profile": "draft"}, "judged", "none"),
    ({}, {"profile": "draft"}, "nobody to draft", "none"),
]


@pytest.mark.parametrize(("fields", "options", "why", "kinds"), PROFILES)
def test_a_profile_becomes_options(
    fields: dict[str, Any], options: dict[str, Any], why: str, kinds: str
) -> None:
    words = command(model(options=options, **fields))
    assert value_of(words, "--spec-type") == kinds, why
    assert ("--spec-draft-model" in words) == ("draft-simple" in kinds)
    assert ("--spec-ngram-map-k-size-n" in words) == ("ngram" in kinds)


def test_what_is_not_done_is_said() -> None:
    assert "log-probability" in choose(model(gated=True), build()).note
    assert "no draft model" in choose(model(options={"profile": "draft"}), build()).note
    old = choose(model(options={"profile": "mtp"}), build(OLD))
    assert old.profile == "plain"
    assert "b1 does not draft by multi-token prediction" in old.note
    assert choose(model(), build(OLD)).profile == "plain"
    assert choose(model(speculation=False), build()).note == ""


@pytest.mark.parametrize(
    ("without", "fields", "options"),
    [
        ("--metrics", {}, {}),
        ("(env: LLAMA_API_KEY)", {}, {}),
        ("--mmproj", {}, {"mmproj": "eyes.gguf"}),
        ("--embeddings", {"embeddings": True}, {}),
        ("--rpc", {}, {"rpc": ["box:1"]}),
    ],
)
def test_a_build_that_is_too_old_is_refused_with_what_it_lacks(
    without: str, fields: dict[str, Any], options: dict[str, Any]
) -> None:
    old = build(NEW.replace(without, "--other"))
    with pytest.raises(EngineUnfit) as caught:
        command(model(options=options, **fields), old)
    assert "/opt/llama-server" in caught.value.message
    assert "make llama-server" in caught.value.remedy or "GGML_RPC" in caught.value.remedy


def test_eyes_embeddings_and_other_computers_take_effect() -> None:
    words = command(model(options={"mmproj": "eyes.gguf", "rpc": ["a:1", "b:2"]}, embeddings=True))
    assert value_of(words, "--mmproj") == str(Path("eyes.gguf").absolute())
    assert value_of(words, "--rpc") == "a:1,b:2"
    assert "--embeddings" in words
