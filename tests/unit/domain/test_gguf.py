"""The GGUF header: what a good one says, and that no bad one does harm."""

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.gguf import ArrayInfo, GgufError, read_header

MODELS = Path(__file__).parents[3] / "resources" / "models"


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _entry(key: str, kind: int, data: bytes) -> bytes:
    return _text(key) + struct.pack("<I", kind) + data


def _header(entries: list[bytes], tensors: list[bytes], version: int = 3) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(entries))
    return head + b"".join(entries) + b"".join(tensors)


TENSOR = _text("token_embd.weight") + struct.pack("<IQQIQ", 2, 32, 4, 8, 0)
GOOD = _header(
    [
        _entry("general.architecture", 8, _text("llama")),
        _entry("llama.context_length", 4, struct.pack("<I", 512)),
        _entry("llama.block_count", 4, struct.pack("<I", 2)),
        _entry("tokenizer.chat_template", 8, _text("{{ messages }}")),
        _entry(
            "tokenizer.ggml.tokens", 9, struct.pack("<IQ", 8, 2000) + b"".join([_text("x")] * 2000)
        ),
        _entry("some.numbers", 9, struct.pack("<IQ3f", 6, 3, 1.0, 2.0, 3.0)),
    ],
    [TENSOR],
)


def test_a_good_header_says_what_the_model_is() -> None:
    header = read_header(io.BytesIO(GOOD))
    assert (header.architecture, header.context_length, header.block_count) == ("llama", 512, 2)
    assert header.chat_template == "{{ messages }}"
    assert header.n_vocab == 2000
    assert isinstance(header.metadata["tokenizer.ggml.tokens"], ArrayInfo)
    assert header.metadata["some.numbers"] == (1.0, 2.0, 3.0)
    assert header.parameters == 128
    assert header.data_offset % 32 == 0
    assert header.expected_size == header.data_offset + 4 * 34


@pytest.mark.parametrize("name", ["front", "draft", "all-MiniLM-L6-v2-q8_0"])
def test_shipped_models_are_whole(name: str) -> None:
    path = MODELS / f"{name}.gguf"
    with path.open("rb") as file:
        header = read_header(file, size=path.stat().st_size)
    assert header.expected_size <= path.stat().st_size
    assert header.context_length == 512


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "cut short"),
        (b"PK\x03\x04" + bytes(100), "no GGUF"),
        (b"GGUF" + struct.pack("<I", 1) + bytes(100), "version 1"),
        (b"GGUF" + struct.pack(">I", 3) + bytes(100), "big-endian"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 1), "more entries"),
        (_header([_entry("a", 99, b"")], []), "unknown type 99"),
        (_header([_entry("a", 8, struct.pack("<Q", 1 << 50))], []), "longer than"),
        (_header([_entry("a", 9, struct.pack("<IQ", 4, 1 << 50))], []), "longer than any"),
        (_header([_entry("a", 9, struct.pack("<IQ", 9, 1))], []), "unknown type 9"),
        (_header([], [_text("t") + struct.pack("<I", 0)]), "dimensions"),
        (_header([], [_text("t") + struct.pack("<IQIQ", 1, 0, 0, 0)]), "makes no sense"),
    ],
)
def test_bad_headers_are_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(GgufError, match=said):
        read_header(io.BytesIO(data), size=len(data))


@given(cut=st.integers(0, len(GOOD) - 1))
def test_every_truncation_is_seen(cut: int) -> None:
    with pytest.raises(GgufError):
        read_header(io.BytesIO(GOOD[:cut]), size=cut)


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8))
def test_no_mutation_breaks_the_reader(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    try:
        header = read_header(io.BytesIO(bytes(data)), size=len(data))
    except GgufError:
        return
    assert header.expected_size >= 0


def test_a_header_full_of_lists_is_refused_before_it_takes_long() -> None:
    numbers = struct.pack("<IQ", 0, 1024) + bytes(1024)
    kept = [_entry(f"a{at}", 9, numbers) for at in range(300)]
    walked = _entry("t", 9, struct.pack("<IQ", 8, 2_000_001) + bytes(80_000))
    for entries in (kept, [walked]):
        with pytest.raises(GgufError, match="more lists than any model needs"):
            read_header(io.BytesIO(_header(entries, [])))
    assert read_header(io.BytesIO(_header(kept[:200], []))).metadata["a0"] == (0,) * 1024


def test_short_lists_of_every_kind_are_kept() -> None:
    lists = {
        "flags": (7, b"\x01\x00", (True, False)),
        "words": (8, _text("a") + _text("b"), ("a", "b")),
        "small": (1, b"\xff\x01", (-1, 1)),
        "wide": (12, struct.pack("<2d", 0.5, 2.0), (0.5, 2.0)),
    }
    entries = [_entry(key, 9, struct.pack("<IQ", kind, 2) + data)
               for key, (kind, data, _) in lists.items()]  # fmt: skip
    found = read_header(io.BytesIO(_header(entries, []))).metadata
    assert found == {key: values for key, (_, _, values) in lists.items()}
