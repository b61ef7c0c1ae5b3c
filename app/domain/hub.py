"""What a hub of models tells: repositories, files, and what is to be expected of them here."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

# As people write them into names; the header has the last word.
_QUANTISATION: Final = re.compile(
    r"(?i)(?:^|[-._/])((?:UD-)?(?:I?Q\d+(?:_[A-Z0-9]+)*|TQ\d_\d|MXFP4(?:_MOE)?|NVFP4|BF16|F16|F32|FP16|FP32))"
    r"(?=[-._/]|$)"
)
_PART: Final = re.compile(r"(?i)-(\d{5})-of-(\d{5})\.gguf$")
# These go with a model: they see for it, or were only used to make it smaller.
_PROJECTOR: Final = re.compile(r"(?i)(^|[-._])mmproj([-._]|$)")
_HELPER: Final = re.compile(r"(?i)imatrix")

Gated = Literal["", "auto", "manual"]
FileKind = Literal["model", "projector", "other"]


class Sort(StrEnum):
    """In which order models are found, the most first."""

    TRENDING = "trending"
    DOWNLOADS = "downloads"
    LIKES = "likes"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class HubModel:
    """One repository. What the hub does not tell is empty or 0.

    `gated` says who lets people in: nobody has to (empty), the hub at once after the terms are
    accepted (`auto`), or the author (`manual`). `revision` is the commit, known when one
    repository was asked for.
    """

    repo: str
    author: str = ""
    downloads: int = 0
    likes: int = 0
    updated: str = ""
    gated: Gated = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    pipeline: str = ""
    revision: str = ""
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file of a repository at one commit; `sha256` is None where the hub does not know it."""

    repo: str
    revision: str
    path: str
    size: int
    sha256: str | None
    url: str

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def quantisation(self) -> str:
        """The quantisation its name tells, such as `Q4_K_M`, or an empty string."""
        return quantisation_in(self.path)

    @property
    def kind(self) -> FileKind:
        """What it is by its name: a model, a projector that goes with one, or something else."""
        if not self.name.lower().endswith(".gguf") or _HELPER.search(self.name):
            return "other"
        return "projector" if _PROJECTOR.search(self.name) else "model"

    @property
    def part(self) -> tuple[int, int]:
        """Which part of how many it is."""
        match = _PART.search(self.name)
        return (int(match[1]), int(match[2])) if match else (1, 1)

    @property
    def label(self) -> str:
        """Its path without the ending; the same for all parts of one model."""
        return _PART.sub("", self.path).removesuffix(".gguf").removesuffix(".GGUF")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A GGUF with all its parts, as one thing to choose."""

    label: str
    kind: FileKind
    files: tuple[HubFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(file.size for file in self.files)

    @property
    def quantisation(self) -> str:
        """The quantisation its name tells, or an empty string."""
        return quantisation_in(self.label)

    @property
    def is_complete(self) -> bool:
        """Whether all parts are there."""
        parts = [file.part for file in self.files]
        return parts == [(at, len(parts)) for at in range(1, len(parts) + 1)]

    @property
    def stem(self) -> str:
        """Its name without the quantisation: the same for all sizes of one model."""
        return _QUANTISATION.sub("", self.label.rpartition("/")[2]).lower()


def quantisation_in(path: str) -> str:
    """Return the quantisation that a path tells; the file's own name before its folders."""
    name = re.sub(r"(?i)\.gguf$", "", _PART.sub("", path))
    for piece in reversed(name.split("/")):
        if found := _QUANTISATION.findall(piece):
            return str(found[-1]).upper()
    return ""


def bundles(files: list[HubFile]) -> list[Bundle]:
    """Join the parts of models; smallest models first, then what goes with them."""
    groups: dict[tuple[str, int], list[HubFile]] = {}
    for file in files:
        if file.kind != "other":
            groups.setdefault((file.label, file.part[1]), []).append(file)
    found = [
        Bundle(label, parts[0].kind, tuple(sorted(parts, key=lambda file: file.part)))
        for (label, _), parts in groups.items()
    ]
    return sorted(found, key=lambda each: (each.kind != "model", each.size, each.label))


class Outcome(StrEnum):
    """How a model would do on this computer."""

    WELL = "runs well"
    SLOWLY = "runs slowly"
    UNFIT = "does not fit"
    CANNOT = "cannot run"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be expected of a model here, and why.

    `tokens_s` is None where no text is written, or the speed of memory is not known.
    """

    outcome: Outcome
    why: str
    bytes_needed: int = 0
    bytes_available: int = 0
    tokens_s: float | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What the header of a file tells of its model. `context` is the trained one, 0 if unsaid."""

    architecture: str
    memory: str
    context: int
    vocabulary: int
    parameters: int
    quantisation: str
    has_template: bool
