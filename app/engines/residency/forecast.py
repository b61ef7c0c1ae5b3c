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
    found = []
    if model.draft is not None and model.speculation and not model.embeddings:
        header, _ = _header(model.draft)
        # The runner gives a draft model back that cannot take back what it has written.
        fit = header is not None and memory_kind(Facts(header)) is MemoryKind.ATTENTION
        if header is not None and (fit or model.engine != "runner"):
            loading = Loading(
                context=model.context,
                sequences=model.sequences,
                outputs=_DRAFT_ROWS,
                kept=_DRAFT_ROWS,
                spelled=model.engine == "runner",
            )
            found.append(estimate(header, loading))
    if model.llama_server.mmproj is not None:
        header, _ = _header(model.llama_server.mmproj)
        if header is not None:
            found.append(estimate_projector(header))
    return found


def _loading(model: ModelSpec, memory: MemoryKind) -> Loading:
    if model.embeddings:
        # Of every row of a text there is room for its scores, though nobody asks for them.
        rows = max(model.context, _EMBEDDING_ROWS)
        return Loading(rows, rows=rows, outputs=0, kept=rows)
    drafts = model.speculation and memory is not MemoryKind.RECURRENT
    outputs = model.sequences + (_VERIFIED if drafts else 0)
    return Loading(
        context=model.context,
        sequences=model.sequences,
        outputs=outputs,
        kept=outputs,
        spelled=model.engine == "runner",
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
