"""Spoiled headers: real ones with a few bytes, counts, types or lengths changed.

`python -m tests.unit.domain.mutants` tries all of them in a process that may not grow.
"""

import io
import random
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from app.domain.gguf import GgufError, read_header
from app.domain.shelf import described

MODELS = Path(__file__).parents[3] / "resources" / "models"
SEED = 20_261
ALL = 10_000
MOST_S = 2.0
MOST_BYTES = 256 << 20
# So much of a file is kept behind its header: what a wrong count runs into.
_BEHIND = 256 << 10
_NUMBERS = (0, 1, 2, 7, 9, 255, 1 << 16, 1 << 20, 1 << 24, 1 << 31, (1 << 32) - 1, 1 << 40, 1 << 63)

Change = Callable[[random.Random, bytearray, int], None]


def headers() -> list[tuple[bytes, int]]:
    """Return the beginning of every shipped model, with the length of its header."""
    found = []
    for path in sorted(MODELS.glob("*.gguf")):
        data = path.read_bytes()
        end = read_header(io.BytesIO(data), size=len(data)).data_offset
        found.append((data[: end + _BEHIND], end))
    return found


def mutants(count: int, seed: int = SEED) -> Iterator[bytes]:
    """Yield spoiled headers, the same ones for the same seed."""
    chance = random.Random(seed)
    whole = headers()
    for _ in range(count):
        data, end = chance.choice(whole)
        spoiled = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 4, 16))):
            chance.choice(_CHANGES)(chance, spoiled, end)
        yield bytes(spoiled)


def tried(data: bytes) -> float:
    """Read a header as the library does; return the processor time it took."""
    began = time.process_time()
    with suppress(GgufError):
        described([read_header(io.BytesIO(data), size=len(data))])
    return time.process_time() - began


def _place(chance: random.Random, data: bytearray, end: int) -> int:
    """Return where to change something: mostly early, where counts and keys are."""
    reach = chance.choice((24, 600, end))
    return chance.randrange(max(1, min(reach, len(data))))


def _byte(chance: random.Random, data: bytearray, end: int) -> None:
    if data:
        data[_place(chance, data, end)] = chance.randrange(256)


def _number(chance: random.Random, data: bytearray, end: int) -> None:
    wide = chance.random() < 0.5
    value = chance.choice(_NUMBERS)
    piece = struct.pack("<Q", value) if wide else struct.pack("<I", value & 0xFFFFFFFF)
    at = _place(chance, data, end)
    data[at : at + len(piece)] = piece


def _cut(chance: random.Random, data: bytearray, end: int) -> None:
    del data[_place(chance, data, end) :]


def _lost(chance: random.Random, data: bytearray, end: int) -> None:
    at = _place(chance, data, end)
    del data[at : at + chance.randrange(1, 64)]


def _twice(chance: random.Random, data: bytearray, end: int) -> None:
    at = _place(chance, data, end)
    data[at:at] = data[at : at + chance.randrange(1, 4096)]


def _zeros(chance: random.Random, data: bytearray, end: int) -> None:
    at = _place(chance, data, end)
    data[at:at] = bytes(chance.choice((8, 4096, 1 << 20)))


_CHANGES: tuple[Change, ...] = (_byte, _byte, _byte, _number, _number, _cut, _lost, _twice, _zeros)


def main(count: int) -> int:
    """Try so many mutants in a process that may not take more memory than it should."""
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest = max(tried(data) for data in mutants(count))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    sys.stdout.write(f"{count} spoiled headers, slowest {slowest:.2f} s, {grown >> 10} MiB more\n")
    return int(slowest > MOST_S or grown << 10 > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ALL))
