"""What llama.cpp's log says about an end."""

import pytest

from app.domain.errors import AppError, EngineStartFailed, EngineUnfit, ModelInvalid, ModelMissing
from app.engines.exits import decode

LOADING = "0.5 E srv  llama_server: exiting due to model loading error"
SAID = [
    ("srv start: couldn't bind HTTP server socket, port: 1", "port_in_use", "port"),
    ("error: invalid argument: --frob", "flag_unknown", "--frob"),
    ("model doesn't contain MTP layers", "unknown", "status 1"),
    (
        "context type MTP requested but model doesn't contain MTP layers",
        "drafting_failed",
        "no layers for multi-token prediction",
    ),
    ("failed to load draft model, 'd.gguf'", "drafting_failed", "d.gguf"),
    ("failed to load multimodal model, 'e.gguf'", "eyes_invalid", "e.gguf"),
    (
        "failed to allocate CPU buffer of size 7\nfailed to create_context with model",
        "out_of_memory",
        "not enough memory",
    ),
    ("failed to create context with model 'm'", "context_failed", "context"),
    ("error loading model: unknown model architecture: 'new'", "architecture_unknown", "new"),
    (
        "failed to open GGUF file 'm.gguf' (No such file or directory)\nerror loading model: x",
        "model_missing",
        "No such file",
    ),
    ("llama_model_load: error loading model: cut", "model_invalid", "damaged"),
    ("", "unknown", "status 1"),
]


@pytest.mark.parametrize(("line", "code", "words"), SAID)
def test_a_log_names_the_cause(line: str, code: str, words: str) -> None:
    end = decode(1, [*line.split("\n"), LOADING], loading=True)
    assert end.code == code
    assert words in end.error.message
    assert end.error.remedy


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("invalid argument: --x", EngineUnfit),
        ("error loading model: x", ModelInvalid),
        ("failed to open GGUF file 'm' (gone)", ModelMissing),
        ("failed to load draft model, 'd'", EngineStartFailed),
    ],
)
def test_a_cause_has_its_kind_of_error(line: str, kind: type[AppError]) -> None:
    assert type(decode(1, [line], loading=True).error) is kind


def test_another_status_is_not_looked_up_in_the_log() -> None:
    assert decode(-11, ["error loading model: x"], loading=False).code == "crashed"
