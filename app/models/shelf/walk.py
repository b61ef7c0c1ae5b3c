"""Looks through folders for model files; what cannot be seen is said, and never stops the rest."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.domain.names import printable
from app.domain.shelf import FolderState

MOST_ENTRIES: Final = 200_000
_DEEPEST: Final = 24
_ENDING: Final = ".gguf"
_RIGHTS: Final = "Give yourself the right to read it, or take it out of the library."
_GONE: Final = "Plug in its disk, or take it out of the library."


@dataclass(slots=True)
class Walk:
    """One look through a folder: the files found, and what was in the way."""

    root: Path
    go_on: Callable[[], bool] = lambda: True
    files: list[Path] = field(default_factory=list)
    state: FolderState = FolderState.OPEN
    detail: str = ""
    _entries: int = 0
    _been: set[tuple[int, int]] = field(default_factory=set)

    def take(self, wanted: Callable[[str], bool]) -> "Walk":
        """Go through the folder and note the files whose name is wanted."""
        todo = [(self.root, 0)]
        while todo and self.go_on():
            folder, depth = todo.pop()
            for entry in self._listed(folder):
                self._entries += 1
                if self._entries > MOST_ENTRIES:
                    self._partly(f"Only the first {MOST_ENTRIES:,} entries were looked at.")
                    return self
                if _is_folder(entry):
                    if depth < _DEEPEST:
                        todo.append((Path(entry.path), depth + 1))
                elif wanted(entry.name):
                    self.files.append(Path(entry.path))
        return self

    def _listed(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        try:
            # Links may lead in circles, and to the same folder twice.
            state = folder.stat()
            if (state.st_dev, state.st_ino) in self._been:
                return
            self._been.add((state.st_dev, state.st_ino))
            with os.scandir(folder) as entries:
                yield from sorted(entries, key=lambda each: each.name)
        except OSError as error:
            self._not_seen(folder, error)

    def _not_seen(self, folder: Path, error: OSError) -> None:
        if folder != self.root:
            name = printable(folder.name)
            self._partly(f"The folder {name} in it cannot be read: {why(error)}. {_RIGHTS}")
        elif isinstance(error, FileNotFoundError):
            self.state, self.detail = FolderState.MISSING, f"It is not there. {_GONE}"
        else:
            self.state = FolderState.CLOSED
            self.detail = f"It cannot be read: {why(error)}. {_RIGHTS}"

    def _partly(self, detail: str) -> None:
        self.state = FolderState.PARTLY
        self.detail = self.detail or detail


def is_model_file(name: str) -> bool:
    """Whether a file calls itself a model."""
    return name.lower().endswith(_ENDING)


def why(error: OSError) -> str:
    """Return what the system says was wrong, in the middle of a sentence."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
