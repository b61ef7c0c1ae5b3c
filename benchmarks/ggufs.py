"""GGUF files read and written piece by piece, with numpy alone: what growing a model needs."""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"GGUF"
ALIGNMENT: Final = 32
F32, Q8_0 = 0, 8
BLOCK, BLOCK_BYTES = 32, 34  # q8_0: 32 weights in 34 bytes
UINT16, UINT32, INT32, FLOAT32, STRING, ARRAY = 2, 4, 5, 6, 8, 9
FIXED: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
FORMS: Final = {UINT32: "<I", FLOAT32: "<f"}

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Value:
    """One entry of the description: its type and its bytes."""

    kind: int
    raw: bytes

    def number(self) -> float:
        """Return the number in the entry."""
        found: float = struct.unpack(FORMS[self.kind], self.raw)[0]
        return found


@dataclass(frozen=True)
class Tensor:
    """One matrix (rows of `columns` weights) or, with `rows` 0, one row of weights."""

    name: str
    kind: int
    columns: int
    rows: int
    at: int = 0

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return self.columns * 4 if self.kind == F32 else self.columns // BLOCK * BLOCK_BYTES

    @property
    def size(self) -> int:
        """Bytes of the whole."""
        return self.row_bytes * max(1, self.rows)


@dataclass(frozen=True)
class Gguf:
    """A file's description and where its tensors lie."""

    path: Path
    values: Mapping[str, Value]
    tensors: tuple[Tensor, ...]

    def rows(self, tensor: Tensor) -> Bytes:
        """Return the tensor's bytes [rows, bytes of a row], mapped from the file."""
        shape = (max(1, tensor.rows), tensor.row_bytes)
        return np.memmap(self.path, np.uint8, "r", tensor.at, shape)


def read(path: Path) -> Gguf:
    """Return the description of the file in `path`.

    Raises:
        ValueError: it is no GGUF file, or has tensors of another kind than q8_0 and float32.
    """
    with path.open("rb") as file:
        magic, version, tensors, entries = struct.unpack("<4sIQQ", file.read(24))
        if magic != MAGIC or version != 3:
            raise ValueError(f"{path} is not a GGUF file of version 3")
        values = dict(_entry(file) for _ in range(entries))
        infos = [_tensor(file) for _ in range(tensors)]
        start = _aligned(file.tell())
    placed = tuple(Tensor(t.name, t.kind, t.columns, t.rows, start + t.at) for t in infos)
    return Gguf(path, values, placed)


def write(
    path: Path,
    values: Mapping[str, Value],
    tensors: list[tuple[Tensor, Callable[[], Iterator[Bytes]]]],
) -> None:
    """Write a file whose tensors come in pieces, so that only one piece is in memory at a time."""
    fresh = path.with_suffix(".new")
    try:
        with fresh.open("wb") as file:
            _write_head(file, values, [tensor for tensor, _ in tensors])
            for tensor, pieces in tensors:
                _pad(file)
                begin = file.tell()
                for piece in pieces():
                    file.write(np.ascontiguousarray(piece).data)
                assert file.tell() - begin == tensor.size, tensor.name
            _pad(file)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _write_head(file: IO[bytes], values: Mapping[str, Value], tensors: list[Tensor]) -> None:
    file.write(struct.pack("<4sIQQ", MAGIC, 3, len(tensors), len(values)))
    for key, value in values.items():
        file.write(_text(key) + struct.pack("<I", value.kind) + value.raw)
    at = 0
    for tensor in tensors:
        sizes = [tensor.columns, tensor.rows] if tensor.rows else [tensor.columns]
        file.write(_text(tensor.name) + struct.pack("<I", len(sizes)))
        file.write(struct.pack(f"<{len(sizes)}Q", *sizes) + struct.pack("<IQ", tensor.kind, at))
        at = _aligned(at + tensor.size)


def _entry(file: IO[bytes]) -> tuple[str, Value]:
    key = _read_text(file)
    (kind,) = struct.unpack("<I", file.read(4))
    begin = file.tell()
    _skip(file, kind)
    end = file.tell()
    file.seek(begin)
    return key, Value(kind, file.read(end - begin))


def _skip(file: IO[bytes], kind: int) -> None:
    if kind == STRING:
        (length,) = struct.unpack("<Q", file.read(8))
        file.seek(length, 1)
    elif kind == ARRAY:
        inner, count = struct.unpack("<IQ", file.read(12))
        if inner in FIXED:
            file.seek(FIXED[inner] * count, 1)
        else:
            for _ in range(count):
                _skip(file, inner)
    else:
        file.seek(FIXED[kind], 1)


def _tensor(file: IO[bytes]) -> Tensor:
    name = _read_text(file)
    (dimensions,) = struct.unpack("<I", file.read(4))
    sizes = struct.unpack(f"<{dimensions}Q", file.read(8 * dimensions))
    kind, at = struct.unpack("<IQ", file.read(12))
    if kind not in (F32, Q8_0):
        raise ValueError(f"{name} is neither q8_0 nor float32")
    return Tensor(name, kind, sizes[0], sizes[1] if dimensions > 1 else 0, at)


def _read_text(file: IO[bytes]) -> str:
    (length,) = struct.unpack("<Q", file.read(8))
    return file.read(length).decode()


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _aligned(at: int) -> int:
    return -(-at // ALIGNMENT) * ALIGNMENT


def _pad(file: IO[bytes]) -> None:
    file.write(b"\0" * (_aligned(file.tell()) - file.tell()))


def uint16(value: int) -> Value:
    """Return an entry that holds a small whole number."""
    return Value(UINT16, struct.pack("<H", value))


def int32(value: int) -> Value:
    """Return an entry that holds a whole number with a sign."""
    return Value(INT32, struct.pack("<i", value))


def uint32(value: int) -> Value:
    """Return an entry that holds a whole number."""
    return Value(UINT32, struct.pack("<I", value))


def float32(value: float) -> Value:
    """Return an entry that holds a number."""
    return Value(FLOAT32, struct.pack("<f", value))


def text(value: str) -> Value:
    """Return an entry that holds text."""
    return Value(STRING, _text(value))
