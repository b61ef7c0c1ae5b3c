"""The models that sets are made from, and what each would take, before any file is there."""

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from app.domain.errors import StorageCorrupt
from app.domain.footprint import Footprint, Loading, estimate
from app.domain.gguf import ArrayInfo, GgufHeader, Value
from app.domain.models import Frozen
from app.models.yaml_lines import YamlMistakes, parse

FILE: Final = "catalogue/models.yaml"
# One answering and one more that may be asked meanwhile, as a model has by default.
_SEQUENCES: Final = 2
# A model is worth so much more where it does what it was made for.
_MADE_FOR: Final = 1.5


class Entry(Frozen):
    """One file of a public repository, described well enough to estimate its memory."""

    name: str = Field(min_length=1)
    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    file: str = Field(pattern=r"^[\w.-]+\.gguf$")
    about: str
    parameters: int = Field(gt=0)
    active: int | None = Field(None, gt=0)
    bits: float = Field(gt=0, le=32)
    strength: float = Field(gt=0)
    architecture: str = Field(min_length=1)
    vocabulary: str = Field(min_length=1)
    tokens: int = Field(gt=0)
    context: int = Field(ge=64)
    families: tuple[str, ...] = ()
    embeddings: bool = False
    shape: dict[str, int | tuple[int, ...]]

    @property
    def weights(self) -> int:
        """Bytes of the file, about."""
        return int(self.parameters * self.bits / 8)

    @property
    def read_per_token(self) -> int:
        """Bytes that one token makes the memory deliver."""
        return int((self.active or self.parameters) * self.bits / 8)

    def strength_in(self, family: str) -> float:
        """Its strength in a kind of task, greater where it was made for that."""
        return self.strength * (_MADE_FOR if family in self.families else 1)

    def footprint(self, context: int, kv: str) -> Footprint:
        """Return what it takes, loaded with a context and a type of its keys and values."""
        context = min(context, self.context)
        loading = Loading(context, _SEQUENCES, keys=kv, values=kv, spelled=True)
        if self.embeddings:
            loading = replace(loading, rows=context, outputs=0)
        return replace(estimate(self.header, loading), weights=self.weights)

    @cached_property
    def header(self) -> GgufHeader:
        """What its file would say, as far as memory depends on it."""
        shape: dict[str, Value] = {
            f"{self.architecture}.{key}": value for key, value in self.shape.items()
        }
        tokens: dict[str, Value] = {
            "general.architecture": self.architecture,
            "tokenizer.ggml.tokens": ArrayInfo(self.tokens, ""),
        }
        return GgufHeader(3, tokens | shape, (), 0)


class Catalogue(Frozen):
    """All entries; names are unique."""

    models: tuple[Entry, ...] = Field(min_length=1)

    @property
    def answering(self) -> tuple[Entry, ...]:
        """Those that write, the weakest first."""
        found = (each for each in self.models if not each.embeddings)
        return tuple(sorted(found, key=lambda each: (each.strength, each.name)))

    @property
    def embedding(self) -> tuple[Entry, ...]:
        """Those that only read, the weakest first."""
        found = (each for each in self.models if each.embeddings)
        return tuple(sorted(found, key=lambda each: each.strength))


def load_catalogue(resources: Path) -> Catalogue:
    """Return the shipped catalogue.

    Raises:
        StorageCorrupt: the file is not what was shipped.
    """
    path = resources / FILE
    try:
        return Catalogue.model_validate(parse(path.read_bytes()).values)
    except (OSError, YamlMistakes, ValidationError) as error:
        raise StorageCorrupt(
            f"The catalogue {path} cannot be read.", remedy="Install Echelon again."
        ) from error
