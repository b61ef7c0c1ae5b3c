"""Under which id the evidence about a model is kept: what its bytes are, not where they lie.

Small files are hashed whole. A big one gets a provisional id from its size, its beginning and
samples, until somebody has the time to read all of it (`settle`); from the next start on it goes
by its hash, and `canonical` finds what was kept under the provisional id.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.models import ModelSpec

log = logging.getLogger(__name__)

# Files up to this size are hashed whole; of larger ones, samples until there is time for all.
WHOLE: Final = 64 << 20
SAMPLE: Final = 1 << 20
SAMPLES: Final = 8
_FORM: Final = 1
_FIRST_PART: Final = re.compile(r"-00001-of-(\d{5})\.gguf$")

# Size, time of change and place on the disk of every part: another file has another key.
_Key = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Settled:
    """A big file that was read as a whole: its key, its provisional id, and its hash."""

    key: _Key
    provisional: str
    whole: str


class Identities:
    """Ids of models. Owns a memory of files that have not changed since they were looked at.

    The id of a file stays the same as long as the program runs and the file is the same.
    """

    def __init__(self, store: Path | None = None) -> None:
        """Keep the hashes of big files in `store`, or only until the program ends."""
        self._store = store
        self._settled = _load(store) if store is not None else {}
        self._same = _same(self._settled.values())
        self._known: dict[str, tuple[_Key, str]] = {}

    def __call__(self, model: ModelSpec) -> str:
        """Return the id of a model; of a remote one its address and name, of a missing its name."""
        if model.engine == "remote" and model.remote is not None:
            return f"remote:{model.remote.url}#{model.remote.model}"
        try:
            return self._id(model.path)
        except OSError:
            return f"name:{model.name}"

    def canonical(self, model_id: str) -> str:
        """Return the id a model goes by now, for one that rows were written under."""
        return self._same.get(model_id, model_id)

    def remember(self, path: Path, model_id: str) -> str:
        """Take an id that an earlier run gave a file which has not changed since.

        Return the id it goes by now: that one, or its hash if somebody has read all of it.

        Raises:
            OSError: the file is not there.
        """
        key = _key(_parts(path))
        known = self._known.get(str(path))
        if known is None or known[0] != key:
            known = key, self._whole(str(path), key) or model_id
            self._known[str(path)] = known
        return known[1]

    def provisional(self) -> list[Path]:
        """Return the files that go by a provisional id because nobody has read them whole."""
        return [
            Path(path)
            for path, (key, found) in list(self._known.items())
            if found.startswith("sampled:") and self._whole(path, key) is None
        ]

    def settle(self, path: Path, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Read a whole big file and remember its hash for the next start; takes its time.

        Args:
            path: one of `provisional`.
            go_on: asked after every piece; reading ends early when it says no.
        """
        try:
            parts = _parts(path)
            key = _key(parts)
            provisional = _sampled(parts, key)
            whole = _hashed(parts, go_on)
            if whole is None or _key(parts) != key:
                return False
        except OSError as error:
            log.info("%s could not be read whole: %s", path.name, error)
            return False
        self._settle(path, _Settled(key, provisional, whole))
        return True

    def _settle(self, path: Path, found: _Settled) -> None:
        self._settled = {**self._settled, str(path): found}
        if self._store is not None:
            _save(self._store, self._settled)

    def know(self, path: Path, sha256: str) -> None:
        """Take the hash of a file that somebody has just read whole; a new file goes by it at once.

        The hash of one part tells nothing of a model in several.

        Raises:
            OSError: the file is not there.
        """
        parts = _parts(path)
        if len(parts) > 1:
            return
        key, whole = _key(parts), f"sha256:{sha256}"
        known = self._known.get(str(path))
        if known is None or known[0] != key:
            self._known[str(path)] = key, whole
        self._settle(path, _Settled(key, _sampled(parts, key), whole))

    def _id(self, path: Path) -> str:
        parts = _parts(path)
        key = _key(parts)
        known = self._known.get(str(path))
        if known is None or known[0] != key:
            known = key, self._whole(str(path), key) or file_id(parts, key)
            self._known[str(path)] = known
        return known[1]

    def _whole(self, path: str, key: _Key) -> str | None:
        settled = self._settled.get(path)
        return settled.whole if settled is not None and settled.key == key else None


def file_id(parts: Sequence[Path], key: _Key) -> str:
    """Return the SHA-256 of a model's files, or a provisional id where they are large.

    Raises:
        OSError: a file cannot be read.
    """
    if sum(size for size, _, _ in key) > WHOLE:
        return _sampled(parts, key)
    whole = _hashed(parts, lambda: True)
    assert whole is not None
    return whole


def _parts(path: Path) -> list[Path]:
    """Return all files of a model: models of many gigabytes come in parts."""
    match = _FIRST_PART.search(path.name)
    if match is None:
        return [path]
    stem = path.name[: match.start()]
    count = int(match[1])
    return [path.with_name(f"{stem}-{at:05}-of-{count:05}.gguf") for at in range(1, count + 1)]


def _key(parts: Sequence[Path]) -> _Key:
    states = [part.stat() for part in parts]
    return tuple((state.st_size, state.st_mtime_ns, state.st_ino) for state in states)


def _hashed(parts: Sequence[Path], go_on: Callable[[], bool]) -> str | None:
    digest = hashlib.sha256()
    for piece in _pieces(parts):
        digest.update(piece)
        if not go_on():
            return None
    return f"sha256:{digest.hexdigest()}"


def _pieces(parts: Sequence[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as file:
            while piece := file.read(SAMPLE):
                yield piece


def _sampled(parts: Sequence[Path], key: _Key) -> str:
    digest = hashlib.sha256()
    for part, (size, _, _) in zip(parts, key, strict=True):
        digest.update(size.to_bytes(8, "big"))
        with part.open("rb") as file:
            for at in range(SAMPLES):
                file.seek(at * max(0, size - SAMPLE) // (SAMPLES - 1))
                digest.update(file.read(SAMPLE))
    return f"sampled:{digest.hexdigest()}"


def _same(settled: Iterable[_Settled]) -> dict[str, str]:
    """Return hashes by provisional ids; an id that two different files share tells nothing."""
    found: dict[str, set[str]] = {}
    for each in settled:
        found.setdefault(each.provisional, set()).add(each.whole)
    return {name: next(iter(whole)) for name, whole in found.items() if len(whole) == 1}


def _load(store: Path) -> dict[str, _Settled]:
    try:
        data = json.loads(store.read_text("utf-8"))
        if data["form"] != _FORM:
            return {}
        return {
            str(path): _Settled(_read_key(key), str(provisional), str(whole))
            for path, (key, provisional, whole) in data["files"].items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        log.info("hashes of models are read anew: %s", error)
        return {}


def _read_key(parts: Iterable[Sequence[int]]) -> _Key:
    return tuple((int(size), int(changed), int(place)) for size, changed, place in parts)


def _save(store: Path, settled: dict[str, _Settled]) -> None:
    files = {path: [each.key, each.provisional, each.whole] for path, each in settled.items()}
    fresh = store.with_suffix(".new")
    try:
        fresh.write_text(json.dumps({"form": _FORM, "files": files}), "utf-8")
        fresh.replace(store)
    except OSError as error:
        log.info("hashes of models could not be kept: %s", error)
