"""Memories as lines of JSON, to take along and to bring in; see `docs/memories.md`."""

import asyncio
import json
import math
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, NoReturn

from pydantic import ValidationError

from app.domain.memories import (
    EVERYWHERE,
    Filter,
    Imported,
    Memory,
    MemorySource,
    MemoryStatus,
    NewMemory,
    RefusedLine,
    Trust,
)
from app.domain.memory_errors import MemoriesFileUnfit, MemoryRefused
from app.memory import finding, merging, rows
from app.memory.intake import taken

FORM: Final = 1
MOST_BYTES: Final = 512 << 20
MOST_LINES: Final = 200_000
# A memory has at most 20,000 characters, of which each may be written as \uXXXX twice.
_LINE_BYTES: Final = 1 << 19
_TOLD: Final = 20
_AT_ONCE: Final = 500
# What a line may say; ids and counts of uses are of the place it comes from.
_FIELDS: Final = frozenset(NewMemory.model_fields) - {"supersedes"}
_Item = tuple[NewMemory, float | None]


@dataclass(slots=True)
class Found:
    """What a file holds: memories with the time when each was learned, and lines of no use."""

    memories: list[_Item] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)


def write(db: sqlite3.Connection, target: Path, wanted: Filter, now: float) -> int:
    """Write memories to a file that only this user may read; return how many.

    Raises:
        MemoriesFileUnfit: the file cannot be written.
    """
    ids = finding.ids(db, wanted)
    fresh = target.with_name(f"{target.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_line({"echelon": "memories", "form": FORM, "written": now}))
            file.writelines(_lines(db, ids))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError as error:
        raise MemoriesFileUnfit(
            f"{target} cannot be written: {error.strerror or error}.",
            remedy="Choose another place, or free some space.",
        ) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return len(ids)


async def read(source: Path, now: float, *, trusted: bool) -> Found:
    """Return what a file holds.

    Raises:
        MemoriesFileUnfit: nothing can be taken from it.
    """
    return await asyncio.to_thread(_read, source, now, trusted=trusted)


def take(db: sqlite3.Connection, found: Found, now: float) -> Imported:
    """Store what was found, all or none."""
    fresh = [merging.add(db, new, now, learned)[1] for new, learned in found.memories]
    return Imported(
        added=sum(fresh),
        known=len(fresh) - sum(fresh),
        refused=len(found.refused),
        lines=tuple(found.refused[:_TOLD]),
    )


def _lines(db: sqlite3.Connection, ids: Sequence[int]) -> Iterator[str]:
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        found = rows.memories(db, some)
        before = rows.said_before(db, some)
        for each in some:
            yield _line(_entry(found[each], before[each]))


def _entry(memory: Memory, before: str) -> dict[str, Any]:
    """Return what a line says of a memory: nothing that is empty."""
    said = memory.model_dump(mode="json") | {"before": [before] if before else []}
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _read(source: Path, now: float, *, trusted: bool) -> Found:
    try:
        if not source.is_file():
            _unfit(source, "it is no file")
        if source.stat().st_size > MOST_BYTES:
            _unfit(source, f"it has more than {MOST_BYTES >> 20} MB")
        with source.open("rb") as file:
            return _found(file, source, now, trusted=trusted)
    except OSError as error:
        _unfit(source, error.strerror or str(error))


def _found(file: IO[bytes], source: Path, now: float, *, trusted: bool) -> Found:
    found = Found()
    number = 0
    while line := file.readline(_LINE_BYTES):
        number += 1
        if number > MOST_LINES:
            _unfit(source, f"it has more than {MOST_LINES:,} lines")
        try:
            if not _is_whole(line, file):
                raise MemoryRefused("The line is too long.")
            if item := _item(line, source, now, trusted=trusted):
                found.memories.append(item)
        except MemoryRefused as refused:
            found.refused.append(RefusedLine(number=number, why=refused.message))
    return found


def _is_whole(line: bytes, file: IO[bytes]) -> bool:
    """Say whether a line ended where it was expected to; else go on to its end."""
    if line.endswith(b"\n") or len(line) < _LINE_BYTES:
        return True
    while (more := file.readline(_LINE_BYTES)) and not more.endswith(b"\n"):
        pass
    return False


def _item(line: bytes, source: Path, now: float, *, trusted: bool) -> _Item | None:
    """Return what a line says, or None where it says nothing of a memory.

    Raises:
        MemoryRefused: it is no memory.
        MemoriesFileUnfit: it says that the whole file is of another form.
    """
    said = _parsed(line)
    if said is None:
        return None
    if said.get("echelon") == "memories":
        if said.get("form") != FORM:
            _unfit(source, "it was written by a newer Echelon")
        return None
    try:
        new = NewMemory.model_validate(_fields(said, trusted=trusted))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise MemoryRefused(f"Its {name} is of no use: {first['msg']}.") from error
    return taken(new, now), _learned(said.get("created"), now)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        text = line.decode("utf-8-sig").strip()
        said = json.loads(text) if text else None
    except UnicodeDecodeError as error:
        raise MemoryRefused("It is no text in UTF-8.") from error
    except RecursionError as error:
        raise MemoryRefused("It is nested too deeply.") from error
    except ValueError as error:
        cut = "" if line.endswith(b"\n") else " The file may have been cut short."
        raise MemoryRefused(f"It is no line of JSON.{cut}") from error
    if said is not None and not isinstance(said, dict):
        raise MemoryRefused("It is no object.")
    return said


def _fields(said: dict[str, Any], *, trusted: bool) -> dict[str, Any]:
    """Return what is taken from a line: of a stranger's, neither trust nor weight."""
    fields = {"scope": EVERYWHERE} | {name: said[name] for name in _FIELDS & said.keys()}
    if not trusted:
        return fields | {
            "source": MemorySource.IMPORT,
            "trust": Trust.UNTRUSTED,
            "status": MemoryStatus.PROPOSED,
            "pinned": False,
            "importance": min(_number(fields.get("importance"), 0.5), 0.5),
        }
    if fields.get("status") == MemoryStatus.SUPERSEDED:  # what replaced it may not be in the file
        return fields | {"status": MemoryStatus.ARCHIVED}
    return fields


def _learned(created: object, now: float) -> float | None:
    at = _number(created, now)
    return at if 0 <= at <= now else None


def _number(value: object, otherwise: float) -> float:
    is_one = isinstance(value, int | float) and math.isfinite(value)
    return float(value) if is_one and isinstance(value, int | float) else otherwise


def _unfit(source: Path, why: str) -> NoReturn:
    raise MemoriesFileUnfit(
        f"No memories can be taken from {source}: {why}.",
        remedy="Choose a file that Echelon wrote, or lines of JSON with a text each.",
    )
