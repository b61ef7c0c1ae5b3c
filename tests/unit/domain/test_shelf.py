"""What a header tells of a model, and which models are the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.gguf import ArrayInfo, GgufHeader, TensorInfo, Value
from app.domain.shelf import (
    Found,
    Item,
    Kind,
    Origin,
    called,
    copies,
    described,
    fingerprint,
    joined,
    stem,
)

Q4_K, Q6_K, F32 = 12, 14, 0


def header(tokens: Value = (), kinds: tuple[int, ...] = (), **more: Value) -> GgufHeader:
    metadata: dict[str, Value] = {"general.architecture": "llama", "tokenizer.ggml.tokens": tokens}
    metadata |= {key.replace("__", "."): value for key, value in more.items()}
    tensors = tuple(TensorInfo(f"t{at}", (256,), kind, 0) for at, kind in enumerate(kinds))
    return GgufHeader(3, metadata, tensors, 64)


@pytest.mark.parametrize(
    ("told", "kinds", "said"),
    [
        (15, (Q4_K, Q4_K, Q6_K), "Q4_K_M"),
        (14, (Q4_K, Q4_K, Q6_K), "Q4_K_S"),
        (7, (Q4_K, Q4_K, Q6_K), "Q4_K"),
        (999, (Q6_K,), "Q6_K"),
        ("fifteen", (F32,), "F32"),
        (15, (), ""),
    ],
)
def test_a_recipe_is_believed_where_the_weights_bear_it_out(
    told: Value, kinds: tuple[int, ...], said: str
) -> None:
    assert described([header(kinds=kinds, general__file_type=told)]).quantisation == said


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({}, Kind.TEXT),
        ({"llama.pooling_type": 0}, Kind.TEXT),
        ({"llama.pooling_type": 3}, Kind.EMBEDDING),
        ({"general.type": "mmproj"}, Kind.PROJECTOR),
        ({"general.architecture": "clip"}, Kind.PROJECTOR),
        ({"general.type": "adapter"}, Kind.ADAPTER),
    ],
)
def test_what_a_file_is_for(more: dict[str, Value], kind: Kind) -> None:
    found = header()
    assert described([replace(found, metadata=found.metadata | more)]).kind is kind


def test_vocabularies_are_the_same_where_their_tokens_are() -> None:
    short = header(tokens=tuple("abcdefgh"))
    assert fingerprint(short) == fingerprint(header(tokens=tuple("12345fgh")))
    assert fingerprint(short) != fingerprint(header(tokens=tuple("abcdefgx")))
    assert fingerprint(short) != fingerprint(
        header(tokens=tuple("abcdefgh"), tokenizer__ggml__pre="qwen2")
    )
    long = header(tokens=ArrayInfo(2000, "digest", ("end",)))
    assert len(fingerprint(long)) == 16
    assert fingerprint(long) != fingerprint(header(tokens=ArrayInfo(2000, "digest", ("other",))))
    assert fingerprint(header()) == ""


def test_parts_are_joined_by_name_and_count() -> None:
    names = ["a-00001-of-00002.gguf", "a-00002-of-00002.GGUF", "a-00001-of-00003.gguf", "b.gguf"]
    found = joined([Path("x") / name for name in names], Origin.OWN)
    assert [(len(each.files), each.absent) for each in found] == [(2, 0), (1, 2), (1, 0)]
    odd = joined([Path("a-00009-of-00002.gguf"), Path("b-00000-of-00000.gguf")], Origin.OWN)
    assert [(len(each.files), each.absent) for each in odd] == [(1, 2), (1, 0)]
    assert stem(Path("a-00001-of-00002.gguf")) == "a"


def item(name: str, model_id: str) -> Item:
    return Item(Found((Path(name),), Origin.OWN), 1, model_id)


def test_the_same_bytes_are_the_same_model() -> None:
    items = [item("a.gguf", "sha256:1"), item("b.gguf", "sha256:1"), item("c.gguf", "")]
    assert list(copies(items).values()) == [items[:2]]
    assert copies([item("c.gguf", ""), item("d.gguf", "")]) == {}


def test_short_pieces_of_an_id_call_nobody() -> None:
    only = [item("a.gguf", "sha256:0123456789")]
    assert called(only, "01234567") == only
    assert called(only, "0123") == []
    assert called(only, "A") == only
