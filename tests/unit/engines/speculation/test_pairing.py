"""Who can draft for whom, and why not, told from headers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.gguf import ArrayInfo, GgufHeader, TensorInfo, read_header
from app.engines.speculation.pairing import pair

MODELS = Path(__file__).parents[4] / "resources" / "models"


def header(name: str) -> GgufHeader:
    with (MODELS / name).open("rb") as file:
        return read_header(file)


def changed(made: GgufHeader, **metadata: Any) -> GgufHeader:
    keys = {f"tokenizer.ggml.{key}": value for key, value in metadata.items()}
    return replace(made, metadata={**made.metadata, **keys})


def large(made: GgufHeader) -> GgufHeader:
    return replace(made, tensors=(TensorInfo("w", (10**9,), 8, 0),))


@pytest.fixture
def front() -> GgufHeader:
    return header("front.gguf")


@pytest.fixture
def draft() -> GgufHeader:
    return header("draft.gguf")


def test_models_with_one_vocabulary_fit(front: GgufHeader, draft: GgufHeader) -> None:
    assert pair(front, draft).fits
    assert not pair(large(front), draft).doubt
    assert "hardly smaller" in pair(front, front).doubt


def test_an_embedding_model_cannot_draft(front: GgufHeader) -> None:
    found = pair(front, header("all-MiniLM-L6-v2-q8_0.gguf"))
    assert found.obstacle == "a model of the kind bert cannot draft"


def test_sizes_too_far_apart_are_named(front: GgufHeader, draft: GgufHeader) -> None:
    tokens = ArrayInfo(152_064, "x", ("a",) * 129)
    fewer = ArrayInfo(151_936 - 1, "y", ("a",) * 129)
    found = pair(changed(front, tokens=tokens), changed(draft, tokens=fewer))
    assert found.obstacle == "vocabulary of 151,935 against 152,064 tokens"


def test_a_padded_vocabulary_fits_if_the_shared_tokens_are_the_same(
    front: GgufHeader, draft: GgufHeader
) -> None:
    padded = ArrayInfo(152_064, "x", tuple(str(152_064 - at) for at in range(129)))
    plain = ArrayInfo(151_936, "y", tuple(str(151_936 - at) for at in range(129)))
    other = ArrayInfo(151_936, "z", tuple(f"no {at}" for at in range(129)))
    assert pair(changed(front, tokens=padded), changed(draft, tokens=plain)).fits
    assert pair(changed(front, tokens=plain), changed(draft, tokens=padded)).fits
    found = pair(changed(front, tokens=padded), changed(draft, tokens=other))
    assert "number different pieces" in found.obstacle


def test_short_vocabularies_are_compared_token_by_token(
    front: GgufHeader, draft: GgufHeader
) -> None:
    one = tuple(f"<{at}>" for at in range(100))
    renamed = ("<pad>", *one[1:])
    assert pair(changed(front, tokens=one), changed(draft, tokens=renamed)).fits
    assert pair(changed(front, tokens=one), changed(draft, tokens=one[:60])).fits
    wrong = (*one[:50], "other", *one[51:])
    assert not pair(changed(front, tokens=one), changed(draft, tokens=wrong)).fits


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("model", "none such", "their tokenizers differ ({} against none such)"),
        ("pre", "none such", "their tokenizers differ ({} against none such)"),
        ("eos_token_id", 7, "their marks for the end of a text differ"),
        ("add_bos_token", True, "one puts a mark at the beginning of texts, the other does not"),
    ],
)
def test_every_obstacle_is_said_in_words(
    front: GgufHeader, draft: GgufHeader, key: str, value: object, words: str
) -> None:
    own = front.metadata.get(f"tokenizer.ggml.{key}")
    assert pair(front, changed(draft, **{key: value})).obstacle == words.format(own)
