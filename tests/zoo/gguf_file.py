"""Writes small GGUF files, and takes a vocabulary over from another one byte by byte."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Value = bool | int | float | str | list[int] | list[bool] | list[float]

_ALIGNMENT = 32
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_F32 = 0


def vocabulary(path: Path) -> dict[str, bytes]:
    """Return the entries of a file that describe its tokens, as they stand there."""
    data = path.read_bytes()
    tensors, count = struct.unpack_from("<QQ", data, 8)
    assert tensors >= 0
    at, found = 24, {}
    for _ in range(count):
        (length,) = struct.unpack_from("<Q", data, at)
        key = data[at + 8 : at + 8 + length].decode()
        begin = at + 8 + length
        at = _end_of_value(data, begin)
        if key.startswith("tokenizer."):
            found[key] = data[begin:at]
    return found


def vocabulary_size(entries: dict[str, bytes]) -> int:
    """Return how many tokens a vocabulary has."""
    kind, _, count = struct.unpack_from("<IIQ", entries["tokenizer.ggml.tokens"])
    assert kind == 9
    return int(count)


def _end_of_value(data: bytes, at: int) -> int:
    (kind,) = struct.unpack_from("<I", data, at)
    if kind != 9:
        return _end_of_item(data, at + 4, kind)
    inner, count = struct.unpack_from("<IQ", data, at + 4)
    at += 16
    if inner != 8:
        return int(at + count * _SIZES[inner])
    for _ in range(count):
        at = _end_of_item(data, at, inner)
    return at


def _end_of_item(data: bytes, at: int, kind: int) -> int:
    if kind == 8:
        return int(at + 8 + struct.unpack_from("<Q", data, at)[0])
    return at + _SIZES[kind]


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _encode(value: Value) -> bytes:
    match value:
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
        case str():
            return struct.pack("<I", 8) + _text(value)
        case _:
            return _encode_list(value)


def _encode_list(values: list[int] | list[bool] | list[float]) -> bytes:
    kinds = {bool: (7, "?"), float: (6, "f"), int: (5, "i")}
    kind, letter = kinds[type(values[0])]
    return struct.pack(f"<IIQ{len(values)}{letter}", 9, kind, len(values), *values)


def write(
    path: Path,
    metadata: dict[str, Value],
    entries: dict[str, bytes],
    tensors: dict[str, NDArray[np.float32]],
) -> None:
    """Write a model; tensors come with their shapes in numpy's order and stay float32."""
    pairs = {key: _encode(value) for key, value in metadata.items()} | entries
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs))
    head += b"".join(_text(key) + value for key, value in pairs.items())
    offset = 0
    for name, values in tensors.items():
        head += _text(name) + struct.pack("<I", values.ndim)
        head += struct.pack(f"<{values.ndim}Q", *reversed(values.shape))
        head += struct.pack("<IQ", _F32, offset)
        offset += _padded(values.nbytes)
    with path.open("wb") as file:
        file.write(head.ljust(_padded(len(head)), b"\0"))
        for values in tensors.values():
            file.write(values.astype("<f4").tobytes().ljust(_padded(values.nbytes), b"\0"))


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
