"""The states of conversations in a folder: found by their tokens, within a budget of bytes."""

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.engines.runner import statefile
from app.engines.runner.statefile import SUFFIX, Fingerprint, Remembered, Tokens, Unusable


@dataclass(frozen=True, slots=True)
class Entry:
    """A state on disk; `places` are the numbers of tokens one can return to, None for any."""

    key: str
    path: Path
    size: int
    tokens: Tokens
    places: frozenset[int] | None

    def usable(self, prompt: Tokens) -> int:
        """Return how many tokens of a prompt this state knows; the last one is always read."""
        length = min(self.tokens.size, prompt.size - 1)
        differing = np.flatnonzero(self.tokens[:length] != prompt[:length])
        common = int(differing[0]) if differing.size else length
        if self.places is None:
            return common
        return max((place for place in self.places if place <= common), default=0)


class States:
    """The states of one model, among those of others; used by several threads.

    When the budget is spent, what was used least recently goes first, whoever made it.
    """

    def __init__(self, folder: Path, own: Fingerprint, budget: int, *, can_cut: bool) -> None:
        self._folder = folder
        self._own = own
        self._budget = budget
        self._can_cut = can_cut
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self.refused: dict[str, str] = {}  # why a file is of no use here, by its name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        statefile.sweep(folder)
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            try:
                self._add(path)
            except (Unusable, OSError) as error:
                self.refused[path.name] = str(error)

    def entries(self) -> list[Entry]:
        """Return all states of this model."""
        with self._lock:
            return list(self._entries.values())

    def find(self, key: str) -> Entry | None:
        """Return the state of that key."""
        with self._lock:
            return self._entries.get(key)

    def best(self, prompt: Sequence[int]) -> tuple[Entry | None, int]:
        """Return the state that knows most of a prompt, and how many of its tokens."""
        wanted = np.asarray(prompt, np.int32)
        known = [(entry.usable(wanted), entry) for entry in self.entries()]
        count, entry = max(known, key=lambda each: each[0], default=(0, None))
        return (entry, count) if count else (None, 0)

    def key(self, tokens: Tokens) -> str:
        """Return the name under which a state of these tokens is kept."""
        made_by = json.dumps(dict(self._own), sort_keys=True).encode()
        return hashlib.blake2b(made_by + tokens.tobytes(), digest_size=16).hexdigest()

    def write(self, state: Remembered) -> Entry | None:
        """Save a state and forget those it goes on from; None when it is beyond the budget.

        Raises:
            OSError: the folder cannot be written to.
        """
        if state.size > self._budget:
            return None
        self._make_room(state.size)
        path = self._folder / f"{self.key(state.tokens)}{SUFFIX}"
        statefile.write(path, self._own, state)
        entry = self._add(path)
        self._drop_beginnings(entry)
        return entry

    def read(self, entry: Entry) -> Remembered:
        """Return a state; one that is damaged is removed.

        Raises:
            Unusable: it is damaged or gone; the message says so.
        """
        try:
            state = statefile.read(entry.path)
            os.utime(entry.path)
        except (Unusable, OSError) as error:
            self.remove(entry.key)
            raise Unusable(str(error)) from error
        return state

    def remove(self, key: str) -> bool:
        """Delete a state; False when there is none."""
        with self._lock:
            entry = self._entries.pop(key, None)
        if entry is not None:
            entry.path.unlink(missing_ok=True)
        return entry is not None

    def _add(self, path: Path) -> Entry:
        header, tokens = statefile.glance(path)
        if reason := statefile.difference(header.made_by, self._own):
            raise Unusable(reason)
        places = frozenset({tokens.size, *(count for count, _ in header.marks)})
        size = path.stat().st_size
        entry = Entry(path.stem, path, size, tokens, None if self._can_cut else places)
        with self._lock:
            self._entries[entry.key] = entry
        return entry

    def _drop_beginnings(self, entry: Entry) -> None:
        """A state one can cut back makes those of its beginnings superfluous."""
        if entry.places is not None:
            return
        for other in self.entries():
            shorter = other.tokens.size < entry.tokens.size
            if shorter and np.array_equal(entry.tokens[: other.tokens.size], other.tokens):
                self.remove(other.key)

    def _make_room(self, size: int) -> None:
        files = []
        for path in self._folder.glob(f"*{SUFFIX}"):
            try:
                found = path.stat()
            except OSError:  # another process was quicker
                continue
            files.append((found.st_mtime_ns, found.st_size, path))
        taken = sum(length for _, length, _ in files)
        for _, length, path in sorted(files):
            if taken + size <= self._budget:
                return
            path.unlink(missing_ok=True)
            taken -= length
            with self._lock:
                self._entries.pop(path.stem, None)
