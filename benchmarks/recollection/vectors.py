"""Vectors of texts by the shipped embedding model, asked through the runner once and remembered."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.rig import ROOT, runner

MODEL: Final = ROOT / "resources" / "models" / "all-MiniLM-L6-v2-q8_0.gguf"
KEPT: Final = ROOT / "build" / "recall"
AT_ONCE: Final = 32
SAVED_EVERY: Final = 64  # requests
CHARACTERS: Final = 1500  # of a text: what fits into the model's 512 tokens nearly always
Vector = npt.NDArray[np.float32]


def model_id(model: Path) -> str:
    """Return the hash of a model's file."""
    return hashlib.sha256(model.read_bytes()).hexdigest()


class Vectors:
    """Vectors by text, kept in a file; what is missing is asked of the runner."""

    def __init__(self, model: Path = MODEL, folder: Path = KEPT) -> None:
        """Take over what an earlier run has kept of this model."""
        self._model = model
        self.id = model_id(model)
        self._file = folder / f"vectors-{self.id[:16]}.npz"
        self._known: dict[str, npt.NDArray[np.float16]] = {}
        if self._file.exists():
            with np.load(self._file) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def learn(self, texts: Iterable[str]) -> None:
        """Make sure of the vectors of these texts."""
        missing = sorted({each for each in texts if _key(each) not in self._known}, key=len)
        if not missing:
            return
        with runner(self._model, "--embeddings", "--context", "512", "--threads", "2") as engine:
            for number, at in enumerate(range(0, len(missing), AT_ONCE), 1):
                some = missing[at : at + AT_ONCE]
                made = engine.vectors([each[:CHARACTERS] for each in some])
                for text, vector in zip(some, made, strict=True):
                    self._known[_key(text)] = _unit(vector)
                if number % SAVED_EVERY == 0:
                    self._save()
        self._save()

    def of(self, text: str) -> Vector:
        """Return the vector of a text that was learned, of length 1."""
        return self._known[_key(text)].astype(np.float32)

    def _save(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part.npz")
        np.savez(part, keys=list(self._known), vectors=np.array(list(self._known.values())))
        part.replace(self._file)


def _unit(vector: list[float]) -> npt.NDArray[np.float16]:
    found = np.array(vector, dtype=np.float32)
    return (found / max(float(np.linalg.norm(found)), 1e-9)).astype(np.float16)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]
