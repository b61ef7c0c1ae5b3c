"""One pass over the whole library, in a thread: folders in, models and what is wrong out."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from app.domain.shelf import (
    Folder,
    FolderReport,
    FolderState,
    Found,
    Item,
    Origin,
    Survey,
    copies,
)
from app.models.shelf.adopt import look
from app.models.shelf.reading import Reader
from app.platform.threads import GoOn


def scan(folders: Iterable[Folder], reader: Reader, go_on: GoOn = lambda: True) -> Survey:
    """Return everything that lies in the folders.

    A model that lies in two of them, one within the other, is the first one's.
    """
    items: list[Item] = []
    reports: list[FolderReport] = []
    seen: set[tuple[Path, str]] = set()
    for folder in folders:
        there = look(folder, go_on)
        own = list(_read(_unseen(there.found, seen), reader, go_on))
        items += own
        report = FolderReport(folder, there.state, there.detail, len(own), used(own))
        if folder.origin is Origin.OWN and there.state is FolderState.MISSING:
            # It is made with the first model that comes.
            report = replace(report, state=FolderState.OPEN, detail="")
        reports.append(replace(report, free=free_space(folder.path)))
    return Survey(tuple(items), tuple(reports))


def _unseen(found: Iterable[Found], seen: set[tuple[Path, str]]) -> Iterator[Found]:
    for each in found:
        file = each.files[0]
        place = _whole(file.parent), file.name
        if place not in seen:
            seen.add(place)
            yield each


def _read(found: Iterable[Found], reader: Reader, go_on: GoOn) -> Iterator[Item]:
    for each in found:
        if not go_on():
            return
        yield reader.item(each)


def _whole(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):  # links in a circle
        return folder


def used(items: Iterable[Item]) -> int:
    """Return the bytes of models; a file that has several names counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for item in items:
        for file in item.found.files:
            try:
                state = file.stat()
            except OSError:
                continue
            sizes[state.st_dev, state.st_ino] = state.st_size
    return sum(sizes.values())


def wasted(items: Iterable[Item]) -> int:
    """Return the bytes that copies of models take beyond the first of each."""
    same = copies(items).values()
    return sum(max(0, used(each) - max(item.size for item in each)) for each in same)


def free_space(path: Path) -> int | None:
    """Return what the disk of a path has left, or None where nobody can tell."""
    for place in (path, *path.parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return None
