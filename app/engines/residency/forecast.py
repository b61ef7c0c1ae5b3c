"""What a model will take before it was ever loaded here: read from the headers of its files."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.footprint import Footprint, Loading, estimate, estimate_projector, quantisation
from app.domain.gguf import GgufError, GgufHeader, read_header
from app.domain.layers import Facts, MemoryKind, memory_kind
from app.domain.models import ModelSpec

# What a process takes before it has read anything (measured on Linux, Python 3.11).
PROCESS: Final = 44 << 20
# Rows that are scored at once: to verify a long draft, and by the draft model.
_VERIFIED: Final = 64
_DRAFT_ROWS: Final = 32
_EMBEDDING_ROWS: Final = 512
# What has no part in how much memory a model takes.
_NO_MATTER: Final = {
    "name",
    "gated",
    "threads",
    "load_anyway",
    "pinned",
    "minimum_s",
    "measured",
}
_SHARD: Final = re.compile(r"-00001-of-(\d{5})\.gguf$")


@dataclass(frozen=True, slots=True)
class Forecast:
    """Bytes by header: weights, the rest, and of that what fills only as the model is used.

    `kind` names models whose forecasts err alike.
    """

    kind: str
    weights: int
    beside: int
    untouched: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Bytes by what they are for: weights, the past, the drafter, the eyes, and working room."""

    weights: int = 0
    past: int = 0
    drafter: int = 0
    eyes: int = 0
    work: int = 0


def shares(model: ModelSpec) -> Shares:
    """Return what the memory of a model is for, as its forecast adds it up. It reads files."""
    header, size = _header(model.path)
    if header is None:
        return Shares(work=PROCESS)
    loading = _loading(model, memory_kind(Facts(header)))
    own = estimate(header, loading, file_bytes=size)
    drafter, eyes = _drafter(model), _eyes(model)
    return Shares(
        weights=own.weights,
        past=own.cache,
        drafter=drafter.total if drafter else 0,
        eyes=eyes.total if eyes else 0,
        work=own.compute + own.vocabulary + PROCESS,
    )


def forecast(model: ModelSpec) -> Forecast:
    """Return what a model will take; a file that cannot be read takes nothing, as its load fails.

    It reads files.
    """
    header, size = _header(model.path)
    if header is None:
        return Forecast("", 0, PROCESS, 0)
    loading = _loading(model, memory_kind(Facts(header)))
    parts = [estimate(header, loading, file_bytes=size), *_companions(model)]
    compute = sum(part.compute for part in parts)
    return Forecast(
        kind=f"{model.engine} {header.architecture} {quantisation(header)}",
        weights=sum(part.weights for part in parts),
        beside=sum(part.beside for part in parts) + PROCESS,
        untouched=compute,
    )


def fingerprint(model: ModelSpec) -> str:
    """Return what changes whenever the model may take another amount of memory."""
    how = model.model_dump_json(exclude=_NO_MATTER)
    files = [model.path, model.draft, model.llama_server.mmproj]
    stamps = [_stamp(file) for file in files if file is not None]
    return hashlib.sha256(f"{how}{stamps}".encode()).hexdigest()


def _companions(model: ModelSpec) -> list[Footprint]:
    return [each for each in (_drafter(model), _eyes(model)) if each is not None]


def _drafter(model: ModelSpec) -> Footprint | None:
    if model.draft is None or not model.speculation or model.embeddings:
        return None
    header, _ = _header(model.draft)
    if header is None:
        return None
    # The runner gives a draft model back that cannot take back what it has written.
    if model.engine == "runner" and memory_kind(Facts(header)) is not MemoryKind.ATTENTION:
        return None
    loading = Loading(
        context=model.context,
        sequences=model.sequences,
        outputs=_DRAFT_ROWS,
        kept=_DRAFT_ROWS,
        spelled=model.engine == "runner",
    )
    return estimate(header, loading)


def _eyes(model: ModelSpec) -> Footprint | None:
    if model.llama_server.mmproj is None:
        return None
    header, _ = _header(model.llama_server.mmproj)
    return None if header is None else estimate_projector(header)


def _loading(model: ModelSpec, memory: MemoryKind) -> Loading:
    if model.embeddings:
        # Of every row of a text there is room for its scores, though nobody asks for them.
        rows = max(model.context, _EMBEDDING_ROWS)
        return Loading(rows, rows=rows, outputs=0, kept=rows)
    drafts = model.speculation and memory is not MemoryKind.RECURRENT
    outputs = model.sequences + (_VERIFIED if drafts else 0)
    # Values in a smaller form can only be read by flash attention.
    spelled = model.flash_attention != "on" and model.kv_values == "f16"
    return Loading(
        context=model.context,
        sequences=model.sequences,
        rows=model.ubatch,
        outputs=outputs,
        kept=outputs,
        keys=model.kv_keys,
        values=model.kv_values,
        spelled=spelled and model.engine == "runner",
        rollback=_VERIFIED if model.speculation and model.engine == "runner" else 0,
    )


def _header(path: Path) -> tuple[GgufHeader | None, int]:
    """Return the header of a file and the size of it and of all that belong to it."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            return read_header(file, size=size), size + sum(map(_size, _other_shards(path)))
    except (OSError, GgufError):
        return None, 0


def _other_shards(path: Path) -> list[Path]:
    match = _SHARD.search(path.name)
    if match is None:
        return []
    stem, count = path.name[: match.start()], int(match[1])
    return [path.with_name(f"{stem}-{at:05d}-of-{match[1]}.gguf") for at in range(2, count + 1)]


def _size(path: Path) -> int:
    return _stamp(path)[1]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)
