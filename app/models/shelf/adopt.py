"""How each program lays out its models: from a folder of theirs to the models in it."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from app.domain.shelf import Folder, FolderState, Found, Origin, joined
from app.models.shelf.walk import Walk, is_model_file
from app.platform.threads import GoOn

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_DIGEST: Final = re.compile(r"sha256[:-]([0-9a-f]{64})")
_MANIFEST_BYTES: Final = 1 << 20
_WEIGHTS: Final = frozenset(
    {"application/vnd.ollama.image.model", "application/vnd.ollama.image.projector"}
)
_USUAL_HOST, _USUAL_OWNER = "registry.ollama.ai", "library"
_REPOSITORY: Final = "models--"


@dataclass(frozen=True, slots=True)
class Look:
    """What lies in a folder, and how much of it could be seen."""

    found: tuple[Found, ...]
    state: FolderState
    detail: str


def look(folder: Folder, go_on: GoOn = lambda: True) -> Look:
    """Return the models of a folder, whoever it belongs to; only names are read here."""
    if _is_file(folder.path):
        return Look(tuple(_with_parts(folder)), FolderState.OPEN, "")
    if folder.origin is Origin.OLLAMA:
        return _ollama(folder, go_on)
    walk = Walk(folder.path, go_on).take(is_model_file)
    found = joined(walk.files, folder.origin)
    if folder.origin is Origin.HUGGING_FACE:
        found = list(_from_hub(found, folder.path))
    elif folder.origin is Origin.JAN:
        # Every model is called model.gguf there; its folder has the name.
        found = [replace(each, labels=(each.files[0].parent.name,)) for each in found]
    return Look(tuple(found), walk.state, walk.detail)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # it lies behind a folder we may not enter
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _with_parts(folder: Folder) -> list[Found]:
    """Return the model a single file belongs to, with the parts that lie beside it."""
    try:
        beside = [each for each in folder.path.parent.iterdir() if is_model_file(each.name)]
    except OSError:
        beside = [folder.path]
    models = joined({*beside, folder.path}, folder.origin)
    return [each for each in models if folder.path in each.files]


def _from_hub(found: list[Found], root: Path) -> Iterator[Found]:
    """Yield the models of a hub's cache, each file once: revisions share their blobs."""
    seen: set[tuple[Path, ...]] = set()
    for each in found:
        below = each.files[0].relative_to(root).parts
        if not below[0].startswith(_REPOSITORY) or "snapshots" not in below:
            continue
        blobs = tuple(_target(file) for file in each.files)
        if blobs in seen:
            continue
        seen.add(blobs)
        name = below[0].removeprefix(_REPOSITORY).replace("--", "/")
        # A large file's blob is named by its SHA-256, a small one's by another digest.
        digests = tuple(blob.name for blob in blobs)
        known = all(_SHA256.fullmatch(digest) for digest in digests)
        yield replace(each, labels=(name,), expected=digests if known else ())


def _target(file: Path) -> Path:
    try:
        return file.resolve()
    except (OSError, RuntimeError):  # links in a circle
        return file


def _ollama(folder: Folder, go_on: GoOn) -> Look:
    manifests = folder.path / "manifests"
    walk = Walk(manifests, go_on).take(lambda _: True)
    if walk.state is FolderState.MISSING and _is_folder(folder.path):
        return Look((), FolderState.OPEN, "")  # nothing was pulled yet
    labels: dict[str, list[str]] = defaultdict(list)
    for file in walk.files:
        for digest in _layers(file):
            labels[digest].append(_label(file.relative_to(manifests).parts))
    blobs = folder.path / "blobs"
    found = tuple(
        Found((blobs / f"sha256-{digest}",), Origin.OLLAMA, tuple(sorted(names)), (digest,))
        for digest, names in sorted(labels.items())
    )
    return Look(found, walk.state, walk.detail)


def _layers(manifest: Path) -> Iterator[str]:
    """Yield the digests of the weights a manifest names."""
    for layer in _read(manifest):
        digest = layer.get("digest")
        match = _DIGEST.fullmatch(digest) if isinstance(digest, str) else None
        if match is not None and layer.get("mediaType") in _WEIGHTS:
            yield match[1]


def _read(manifest: Path) -> list[dict[str, Any]]:
    try:
        with manifest.open("rb") as file:
            data = json.loads(file.read(_MANIFEST_BYTES))
    except (OSError, ValueError, RecursionError):
        return []
    layers = data.get("layers") if isinstance(data, dict) else None
    return [each for each in layers if isinstance(each, dict)] if isinstance(layers, list) else []


def _label(parts: tuple[str, ...]) -> str:
    """Return the name a manifest stands for: host and owner are left out where they are usual."""
    *places, name, tag = ("", *parts) if len(parts) < 2 else parts
    if places[:1] == [_USUAL_HOST]:
        places = places[1:]
        if places[:1] == [_USUAL_OWNER]:
            places = places[1:]
    return f"{'/'.join((*places, name))}:{tag}"
