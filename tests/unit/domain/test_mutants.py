"""No spoiled header stops the library, and none takes more time or memory than it may."""

import io
import struct
import tracemalloc

import pytest

from app.domain.gguf import GgufError, read_header
from tests.unit.domain.mutants import MOST_BYTES, MOST_S, mutants, tried

SOME = 300


def test_spoiled_headers_are_refused_or_read() -> None:
    slowest = max(tried(data) for data in mutants(SOME))
    assert slowest <= MOST_S


def _text(data: bytes) -> bytes:
    return struct.pack("<Q", len(data)) + data


def _header(entries: list[bytes], tensors: list[bytes]) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(entries))
    return b"".join((head, *entries, *tensors))


def _list(key: bytes, kind: int, count: int, data: bytes) -> bytes:
    return _text(key) + struct.pack("<IIQ", 9, kind, count) + data


HOARDS = {
    "lists": [_list(b"k%d" % at, 0, 1024, bytes(1024)) for at in range(20_000)],
    "texts in lists": [_list(b"k", 8, 2_000_001, bytes(16_000_008))],
    "long texts": [_text(b"k") + struct.pack("<I", 8) + _text(bytes(12 << 20)) for _ in range(3)],
}


@pytest.mark.parametrize("name", HOARDS)
def test_headers_that_hoard_are_refused_early(name: str) -> None:
    data = _header(HOARDS[name], [])
    tracemalloc.start()
    try:
        with pytest.raises(GgufError, match="than any model needs"):
            read_header(io.BytesIO(data), size=len(data))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MOST_BYTES
