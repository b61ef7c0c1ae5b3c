"""The GGUF header: bytes in, what the file says about its model out.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. The bytes may come from a
stranger, so every count is checked against what can still follow before anything is allocated.
"""

import hashlib
import struct
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO

MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MAX_KEYS = 65_536
_MAX_TENSORS = 100_000
_MAX_DIMENSIONS = 8
_MAX_NAME = 65_536
_MAX_TEXT = 16 * 1024 * 1024
# Longer arrays (vocabularies) are walked over and digested, not kept.
_KEPT_ITEMS = 1_024
_MAX_ITEMS = 16_000_000
# In all lists of a header together: items that are kept, and texts that are walked over.
_KEPT_IN_ALL = 262_144
_TEXTS_IN_ALL = 2_000_000
_STEP = 1 << 20
# The first tokens of a vocabulary are often renamed control tokens; so many are not compared.
# Models may pad their vocabulary by as many as COMPARED_ENDS.
SPECIAL_ITEMS = 5
COMPARED_ENDS = 128
# Bytes of all texts that are kept: many long ones would fill the memory.
_KEPT_BYTES = 32 * 1024 * 1024

# value type: struct format (numbers only); 8 is a string, 9 an array
_NUMBERS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9

# ggml type: (name, values per block, bytes per block)
TENSOR_TYPES: dict[int, tuple[str, int, int]] = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 36),
    10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4),
    27: ("I64", 1, 8), 28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17),
}  # fmt: skip

Scalar = int | float | bool | str


class GgufError(ValueError):
    """The bytes are no GGUF header we can use; the text says why, for people."""


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor: its shape in values, its ggml type, and where its bytes begin in the data."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int

    @property
    def values(self) -> int:
        """How many numbers it holds."""
        count = 1
        for size in self.shape:
            count *= size
        return count

    @property
    def size(self) -> int | None:
        """How many bytes it takes, or None for a type this program does not know."""
        known = TENSOR_TYPES.get(self.kind)
        return None if known is None else -(-self.values // known[1]) * known[2]


@dataclass(frozen=True, slots=True)
class ArrayInfo:
    """An array too long to keep: how many items it has and the SHA-256 of its bytes."""

    items: int
    digest: str
    # For lists of texts: digests of the items from the fifth on up to each of the last lengths, the
    # whole first. Two lists of almost the same length can so be compared without their items.
    ends: tuple[str, ...] = ()


Value = Scalar | tuple[Scalar, ...] | ArrayInfo


@dataclass(frozen=True)
class GgufHeader:
    """Everything before the tensors' data."""

    version: int
    metadata: dict[str, Value]
    tensors: tuple[TensorInfo, ...] = field(repr=False)
    data_offset: int

    @property
    def architecture(self) -> str:
        """The name of the model's architecture, or an empty string."""
        return self._text("general.architecture")

    @property
    def name(self) -> str:
        """The model's own name, or an empty string."""
        return self._text("general.name")

    @property
    def chat_template(self) -> str:
        """The Jinja template of its chats, or an empty string."""
        return self._text("tokenizer.chat_template")

    @property
    def context_length(self) -> int:
        """The window it was trained for, in tokens; 0 if it does not say."""
        return self._number("context_length")

    @property
    def block_count(self) -> int:
        """How many layers it has; 0 if it does not say."""
        return self._number("block_count")

    @property
    def n_vocab(self) -> int:
        """How many tokens its vocabulary has; 0 if it brings none."""
        tokens = self.metadata.get("tokenizer.ggml.tokens")
        if isinstance(tokens, ArrayInfo):
            return tokens.items
        return len(tokens) if isinstance(tokens, tuple) else 0

    @cached_property
    def parameters(self) -> int:
        """How many weights it has."""
        return sum(tensor.values for tensor in self.tensors)

    @cached_property
    def expected_size(self) -> int:
        """How many bytes the whole file must have at least."""
        if not self.tensors:
            return 0
        return self.data_offset + max(each.offset + (each.size or 0) for each in self.tensors)

    def _text(self, key: str) -> str:
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def _number(self, key: str) -> int:
        value = self.metadata.get(f"{self.architecture}.{key}")
        return value if isinstance(value, int) else 0


def read_header(stream: BinaryIO, *, size: int | None = None) -> GgufHeader:
    """Read the header at the beginning of `stream`.

    Args:
        stream: the file, at its start.
        size: the file's size in bytes where it is known; counts are checked against it.

    Raises:
        GgufError: it is no GGUF file, or one that cannot be used.
    """
    reader = _Reader(stream, size)
    version = _read_version(reader)
    tensor_count, key_count = reader.numbers("QQ")
    if tensor_count > _MAX_TENSORS or key_count > _MAX_KEYS:
        raise GgufError("its header claims more entries than any model has")
    metadata = dict(_read_entry(reader) for _ in range(key_count))
    tensors = tuple(_read_tensor(reader) for _ in range(tensor_count))
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or not 1 <= alignment <= 1 << 20:
        raise GgufError("its alignment makes no sense")
    return GgufHeader(version, metadata, tensors, -(-reader.at // alignment) * alignment)


class _Reader:
    """Reads exactly what is asked for and counts how far it got."""

    _told = 0

    def __init__(self, stream: BinaryIO, size: int | None) -> None:
        self._stream = stream
        self._size = size
        self.at = 0
        self._kept = 0
        self._texts = 0

    def allow(self, *, kept: int = 0, texts: int = 0) -> None:
        """Note items of lists; nobody needs so many that they would take long."""
        self._kept += kept
        self._texts += texts
        if self._kept > _KEPT_IN_ALL or self._texts > _TEXTS_IN_ALL:
            raise GgufError("its header holds more lists than any model needs")

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        if self._size is not None and self.at + count > self._size:
            raise GgufError("it is cut short within its header")
        data = self._stream.read(count)
        if len(data) != count:
            raise GgufError("it is cut short within its header")
        self.at += count
        return data

    def numbers(self, formats: str) -> tuple[int, ...]:
        """Return little-endian numbers without padding."""
        return struct.unpack(f"<{formats}", self.take(struct.calcsize(f"<{formats}")))

    def text(self, limit: int) -> str:
        """Return a string with its length in front."""
        data = self.raw_text(limit)
        self._told += len(data)
        if self._told > _KEPT_BYTES:
            raise GgufError("its header holds more text than any model needs")
        return data.decode("utf-8", errors="replace")

    def raw_text(self, limit: int) -> bytes:
        """Return a string's bytes."""
        (length,) = self.numbers("Q")
        if length > limit:
            raise GgufError("a text in its header is longer than any model needs")
        return self.take(length)


def _read_version(reader: _Reader) -> int:
    magic = reader.take(4)
    if magic != MAGIC:
        raise GgufError("it is no GGUF file: it does not begin like one")
    (version,) = reader.numbers("I")
    if version not in _VERSIONS:
        swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
        if swapped in _VERSIONS:
            raise GgufError("it is written for big-endian machines")
        raise GgufError(f"its GGUF version {version} is not one of 2 and 3")
    return version


def _read_entry(reader: _Reader) -> tuple[str, Value]:
    key = reader.text(_MAX_NAME)
    (kind,) = reader.numbers("I")
    return key, _read_array(reader) if kind == _ARRAY else _read_scalar(reader, kind)


def _read_scalar(reader: _Reader, kind: int) -> Scalar:
    if kind == _STRING:
        return reader.text(_MAX_TEXT)
    if kind not in _NUMBERS:
        raise GgufError(f"a value in its header has the unknown type {kind}")
    (value,) = reader.numbers(_NUMBERS[kind])
    return value


def _read_array(reader: _Reader) -> tuple[Scalar, ...] | ArrayInfo:
    kind, count = reader.numbers("IQ")
    if kind != _STRING and kind not in _NUMBERS:
        raise GgufError(f"a list in its header has the unknown type {kind}")
    if count > _MAX_ITEMS:
        raise GgufError("a list in its header is longer than any vocabulary")
    reader.allow(kept=count if count <= _KEPT_ITEMS else 0, texts=count if kind == _STRING else 0)
    if count > _KEPT_ITEMS:
        if kind == _STRING:
            return _digest_strings(reader, count)
        return _digest_numbers(reader, kind, count)
    if kind == _STRING:
        return tuple(reader.text(_MAX_TEXT) for _ in range(count))
    return reader.numbers(f"{count}{_NUMBERS[kind]}")


def _digest_strings(reader: _Reader, count: int) -> ArrayInfo:
    digest, body = hashlib.sha256(), hashlib.sha256()
    ends: list[str] = []
    for at in range(count):
        text = reader.raw_text(_MAX_NAME)
        piece = len(text).to_bytes(8, "little") + text
        digest.update(piece)
        if at >= SPECIAL_ITEMS:
            body.update(piece)
        if at >= count - 1 - COMPARED_ENDS:
            ends.append(body.hexdigest())
    return ArrayInfo(count, digest.hexdigest(), tuple(reversed(ends)))


def _digest_numbers(reader: _Reader, kind: int, count: int) -> ArrayInfo:
    digest = hashlib.sha256()
    left = count * struct.calcsize(f"<{_NUMBERS[kind]}")
    while left:
        digest.update(reader.take(min(left, _STEP)))
        left -= min(left, _STEP)
    return ArrayInfo(count, digest.hexdigest())


def _read_tensor(reader: _Reader) -> TensorInfo:
    name = reader.text(_MAX_NAME)
    (dimensions,) = reader.numbers("I")
    if not 1 <= dimensions <= _MAX_DIMENSIONS:
        raise GgufError(f"its tensor {name[:40]!r} has {dimensions} dimensions")
    shape = reader.numbers("Q" * dimensions)
    kind, offset = reader.numbers("IQ")
    if any(size == 0 or size > 1 << 40 for size in shape):
        raise GgufError(f"its tensor {name[:40]!r} has a size that makes no sense")
    return TensorInfo(name, shape, kind, offset)
