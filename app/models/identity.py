"""Under which id the evidence about a model is kept: what its bytes are, not where they lie."""

import hashlib
from pathlib import Path
from typing import Final

from app.domain.models import ModelSpec

# Files up to this size are hashed whole; of larger ones, samples until there is time for all.
WHOLE: Final = 64 << 20
SAMPLE: Final = 1 << 20
SAMPLES: Final = 8


class Identities:
    """Ids of models. Owns a memory of files that have not changed since they were looked at."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._known: dict[tuple[str, int, int], str] = {}

    def __call__(self, model: ModelSpec) -> str:
        """Return the id of a model; of a remote one its address and name, of a missing its name."""
        if model.engine == "remote" and model.remote is not None:
            return f"remote:{model.remote.url}#{model.remote.model}"
        try:
            state = model.path.stat()
            key = str(model.path), state.st_size, state.st_mtime_ns
            if key not in self._known:
                self._known[key] = file_id(model.path, state.st_size)
        except OSError:
            return f"name:{model.name}"
        return self._known[key]


def file_id(path: Path, size: int) -> str:
    """Return the SHA-256 of a file, or of its size, begin and samples where it is large.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        if size <= WHOLE:
            while piece := file.read(SAMPLE):
                digest.update(piece)
            return f"sha256:{digest.hexdigest()}"
        digest.update(str(size).encode())
        for at in range(SAMPLES):
            file.seek(at * (size - SAMPLE) // (SAMPLES - 1))
            digest.update(file.read(SAMPLE))
    return f"sampled:{digest.hexdigest()}"
