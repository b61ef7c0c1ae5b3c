"""One file with what a model remembers of a conversation: written whole, checked before use."""

import contextlib
import hashlib
import os
import struct
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

MAGIC: Final = b"ECHELON STATE 1\n"
SUFFIX: Final = ".state"
PART: Final = ".part"
LONGEST_WRITE_S: Final = 600
LENGTH: Final = struct.Struct("<I")
LONGEST_HEADER: Final = 1 << 20
SAMPLE: Final = 64 << 10
SAMPLES: Final = 16
DIGEST_BYTES: Final = 32
ROOM_FOR_HEADER: Final = 1024
DAMAGED: Final = "it is damaged"

Tokens = NDArray[np.int32]
Fingerprint = Mapping[str, str | int]


class Unusable(Exception):
    """A state that cannot be taken up; the message says why."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a sequence holds: its tokens, its memory behind the last of them, and earlier marks."""

    tokens: Tokens
    memory: bytes
    marks: tuple[tuple[int, bytes], ...] = ()

    @property
    def size(self) -> int:
        """The bytes of its file, about."""
        marks = sum(len(data) for _, data in self.marks)
        return self.tokens.nbytes + len(self.memory) + marks + ROOM_FOR_HEADER


class Header(BaseModel):
    """The beginning of a file: who made it, and how long its parts are."""

    made_by: dict[str, str | int]
    tokens: int = Field(ge=1)
    memory: int = Field(ge=1)
    marks: list[tuple[int, int]]  # of how many tokens, and bytes

    @property
    def sizes(self) -> list[int]:
        """The bytes of all parts, in order."""
        return [4 * self.tokens, self.memory, *(size for _, size in self.marks)]


def fingerprint(model: Path, **parameters: str | int) -> Fingerprint:
    """Return what a state depends on: the model's file, and how it is loaded."""
    found = model.stat()
    digest = hashlib.blake2b(digest_size=16)
    with model.open("rb") as file:
        for place in range(SAMPLES):
            file.seek(place * max(0, found.st_size - SAMPLE) // (SAMPLES - 1))
            digest.update(file.read(SAMPLE))
    return {
        "content": digest.hexdigest(),
        "size": found.st_size,
        "modified": found.st_mtime_ns,
        **parameters,
    }


def difference(found: Fingerprint, own: Fingerprint) -> str:
    """Say in words why a state does not belong here, or ''."""
    differing = [name for name in own if found.get(name) != own[name]]
    if {"content", "size", "modified"} & set(differing):
        return "it was made by another model file"
    if differing:
        name = differing[0]
        return f"it was made with {name} {found.get(name, 'unknown')}, here it is {own[name]}"
    return ""


def write(path: Path, own: Fingerprint, state: Remembered) -> None:
    """Write a file so that it is there as a whole or not at all, for this user's eyes only.

    Raises:
        OSError: it cannot be written.
    """
    parts = [state.tokens.tobytes(), state.memory, *(data for _, data in state.marks)]
    header = Header(
        made_by=dict(own),
        tokens=state.tokens.size,
        memory=len(state.memory),
        marks=[(count, len(data)) for count, data in state.marks],
    )
    raw = header.model_dump_json().encode()
    number, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=PART)
    try:
        with os.fdopen(number, "wb") as file:
            file.writelines([MAGIC, LENGTH.pack(len(raw)), raw, *parts, _digest([raw, *parts])])
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> None:
    """Remove what processes left half written; young files may be in the making."""
    for path in folder.glob(f"*{PART}"):
        with contextlib.suppress(OSError):  # another process was quicker
            if time.time() - path.stat().st_mtime > LONGEST_WRITE_S:
                path.unlink()


def glance(path: Path) -> tuple[Header, Tokens]:
    """Return what a file says about itself, and its tokens.

    Raises:
        Unusable: it is no such file.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        header, _ = _header(file)
        tokens = np.frombuffer(file.read(4 * header.tokens), np.int32)
        whole = file.tell() + sum(header.sizes[1:]) + DIGEST_BYTES
        if tokens.size != header.tokens or path.stat().st_size != whole:
            raise Unusable("it is cut short")
    return header, tokens


def read(path: Path) -> Remembered:
    """Return a state after checking every byte of it.

    Raises:
        Unusable: it is damaged.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        header, raw = _header(file)
        parts = [file.read(size) for size in header.sizes]
        digest = file.read()
    if _digest([raw, *parts]) != digest:
        raise Unusable(DAMAGED)
    counts = (count for count, _ in header.marks)
    return Remembered(
        np.frombuffer(parts[0], np.int32), parts[1], tuple(zip(counts, parts[2:], strict=True))
    )


def _header(file: BinaryIO) -> tuple[Header, bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise Unusable(DAMAGED)
    raw_length = file.read(LENGTH.size)
    length = LENGTH.unpack(raw_length)[0] if len(raw_length) == LENGTH.size else 0
    if not 0 < length <= LONGEST_HEADER:
        raise Unusable(DAMAGED)
    raw = file.read(length)
    try:
        return Header.model_validate_json(raw), raw
    except ValidationError as error:
        raise Unusable(DAMAGED) from error


def _digest(parts: Sequence[bytes]) -> bytes:
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for part in parts:
        digest.update(part)
    return digest.digest()
