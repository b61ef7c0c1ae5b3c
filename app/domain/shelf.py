"""What stands in the library: models found on disk, what they are, and to whom they belong."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.domain.footprint import quantisation
from app.domain.gguf import SPECIAL_ITEMS, ArrayInfo, GgufHeader
from app.domain.models import Frozen
from app.domain.names import printable

_PART: Final = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf", re.IGNORECASE | re.DOTALL)
_FINGERPRINT: Final = 16
_SHORTEST_ID: Final = 8
# Names that converters leave behind and that say nothing.
_EMPTY_NAMES: Final = frozenset({"", ".", "..", "model", "models", "gguf", "hf", "tmp", "output"})

# What `general.file_type` stands for: the recipe of a quantisation, where a tensor's type is less.
_RECIPES: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip


class Origin(StrEnum):
    """Whose a model is. Only the first two are ours to delete."""

    OWN = "own"  # in the folder of this program
    ADDED = "added"  # in a folder, or a file, that the user has named
    SHIPPED = "shipped"
    HUGGING_FACE = "huggingface"
    LM_STUDIO = "lmstudio"
    OLLAMA = "ollama"
    JAN = "jan"
    GPT4ALL = "gpt4all"
    LLAMA_CPP = "llamacpp"

    @property
    def ours(self) -> bool:
        """Whether its files may be deleted here."""
        return self in {Origin.OWN, Origin.ADDED}

    @property
    def label(self) -> str:
        """Its name for people."""
        return _LABELS[self]


_LABELS: Final = {
    Origin.OWN: "Echelon",
    Origin.ADDED: "your folder",
    Origin.SHIPPED: "shipped with Echelon",
    Origin.HUGGING_FACE: "Hugging Face cache",
    Origin.LM_STUDIO: "LM Studio",
    Origin.OLLAMA: "Ollama",
    Origin.JAN: "Jan",
    Origin.GPT4ALL: "GPT4All",
    Origin.LLAMA_CPP: "llama.cpp",
}


class Kind(StrEnum):
    """What a file is for."""

    TEXT = "text"
    EMBEDDING = "embedding"
    PROJECTOR = "projector"
    ADAPTER = "adapter"


class Card(Frozen):
    """What the header of a model says; `vocabulary` is the same where its tokens are the same."""

    name: str
    architecture: str
    kind: Kind
    quantisation: str
    context: int
    parameters: int
    tokens: int
    vocabulary: str


@dataclass(frozen=True, slots=True)
class Found:
    """Files that make up one model, before anybody has looked into them.

    `labels` are names others gave it; `expected` the SHA-256 each file has by their word;
    `absent` how many parts are not there, of `count`.
    """

    files: tuple[Path, ...]
    origin: Origin
    labels: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    absent: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One model of the library. With a `problem` it cannot be used, and `remedy` says what helps.

    `digests` are the SHA-256 of its files as they were when all of it was last read.
    """

    found: Found
    size: int
    id: str = ""
    card: Card | None = None
    problem: str = ""
    remedy: str = ""
    digests: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The file that is loaded."""
        return self.found.files[0]

    @property
    def name(self) -> str:
        """Its name for people: its own, else what others call it, else its file's."""
        own = self.card.name if self.card else ""
        if own.strip().lower() not in _EMPTY_NAMES:
            return printable(own.strip())
        return printable(self.found.labels[0] if self.found.labels else stem(self.path))

    @property
    def handle(self) -> str:
        """A short name to call it by in a terminal."""
        by_others = self.found.origin is Origin.OLLAMA and self.found.labels
        return printable(self.found.labels[0] if by_others else stem(self.path))


class FolderState(StrEnum):
    """How much of a folder could be looked at."""

    OPEN = "open"
    PARTLY = "partly"
    CLOSED = "closed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Folder:
    """A place where models lie: a folder, or a single file the user has named."""

    path: Path
    origin: Origin


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What a look into a folder gave; `detail` says what could not be seen, and what helps.

    `used` are the bytes of its models, each file once; `free` what its disk still has.
    """

    folder: Folder
    state: FolderState
    detail: str = ""
    models: int = 0
    used: int = 0
    free: int | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """The whole library at one time."""

    items: tuple[Item, ...]
    folders: tuple[FolderReport, ...]


def stem(path: Path) -> str:
    """Return a file's name without its ending and without the number of its part."""
    match = _PART.fullmatch(path.name)
    if match is not None:
        return match[1]
    return path.name[:-5] if path.name.lower().endswith(".gguf") else path.name


def joined(files: Iterable[Path], origin: Origin) -> list[Found]:
    """Return models from files: the parts of one make one, also where some are missing."""
    alone: list[Found] = []
    parts: dict[tuple[Path, str, int], dict[int, Path]] = defaultdict(dict)
    for file in sorted(files):
        match = _PART.fullmatch(file.name)
        if match is None:
            alone.append(Found((file,), origin))
        else:
            parts[file.parent, match[1], int(match[3])][int(match[2])] = file
    for (_, _, count), there in parts.items():
        known = {at: there[at] for at in sorted(there) if 1 <= at <= count}
        kept = tuple(known.values()) or tuple(there.values())
        alone.append(Found(kept, origin, absent=count - len(known), count=count))
    return sorted(alone, key=lambda each: each.files)


def described(headers: Sequence[GgufHeader]) -> Card:
    """Return what the headers of a model's files say; the first has all but the tensors."""
    first = headers[0]
    whole = GgufHeader(
        first.version,
        first.metadata,
        tuple(tensor for header in headers for tensor in header.tensors),
        first.data_offset,
    )
    return Card(
        name=first.name,
        architecture=first.architecture,
        kind=_kind(first),
        quantisation=_recipe(whole),
        context=max(0, first.context_length),
        parameters=whole.parameters,
        tokens=first.n_vocab,
        vocabulary=fingerprint(first),
    )


def fingerprint(header: GgufHeader) -> str:
    """Return a short text that two vocabularies share if they number the same tokens."""
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, tuple | ArrayInfo) or not header.n_vocab:
        return ""
    digest = hashlib.sha256()
    for key in ("model", "pre"):
        digest.update(f"{header.metadata.get(f'tokenizer.ggml.{key}', '')}\0".encode())
    if isinstance(tokens, ArrayInfo):
        digest.update(f"{tokens.items} {tokens.ends[0] if tokens.ends else tokens.digest}".encode())
    else:
        digest.update(repr(tokens[SPECIAL_ITEMS:]).encode())
    return digest.hexdigest()[:_FINGERPRINT]


def copies(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Return models that are there more than once, by id; names and folders prove nothing."""
    by_id: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.id:
            by_id[item.id].append(item)
    return {each: found for each, found in by_id.items() if len(found) > 1}


def called(items: Iterable[Item], name: str) -> list[Item]:
    """Return the models a name can stand for: handle, name, file, path, or the start of an id."""
    wanted = name.casefold()
    kept = list(items)
    exact = [item for item in kept if name in _exact_names(item)]
    if exact:
        return exact
    return [item for item in kept if wanted in _names(item) or _is_id(item, wanted)]


def _exact_names(item: Item) -> set[str]:
    return {str(item.path), item.id} - {""}


def _names(item: Item) -> set[str]:
    own = (item.handle, item.name, item.path.name, stem(item.path), *item.found.labels)
    return {each.casefold() for each in own}


def _is_id(item: Item, wanted: str) -> bool:
    digits = item.id.partition(":")[2]
    return len(wanted) >= _SHORTEST_ID and bool(digits) and digits.startswith(wanted)


def _kind(header: GgufHeader) -> Kind:
    general = header.metadata.get("general.type", "")
    if general == "adapter":
        return Kind.ADAPTER
    if general == "mmproj" or header.architecture == "clip":
        return Kind.PROJECTOR
    pooling = header.metadata.get(f"{header.architecture}.pooling_type", 0)
    return Kind.EMBEDDING if isinstance(pooling, int) and pooling > 0 else Kind.TEXT


def _recipe(header: GgufHeader) -> str:
    told = header.metadata.get("general.file_type")
    known: Mapping[int, str] = _RECIPES
    by_weights = quantisation(header)
    named = known.get(told, "") if isinstance(told, int) else ""
    # A file that was made anew may still carry the number of the one it was made from.
    return named if named and named.split("_")[0] == by_weights.split("_")[0] else by_weights
