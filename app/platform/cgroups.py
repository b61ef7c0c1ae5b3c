"""Memory limits of control groups, both versions, ours and those of all groups around us."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Version 1 has a limit always; this much means none.
_NONE_FROM: Final = 1 << 60
_VERSION_1: Final = "memory"


@dataclass(frozen=True, slots=True)
class Limit:
    """The bytes a group may use, and those it uses; files it only caches are not counted."""

    limit: int
    used: int


@dataclass(frozen=True, slots=True)
class _Mount:
    """Where a hierarchy can be seen: `root` is the group that stands at `point`."""

    root: str
    point: Path


def limits(proc: Path) -> list[Limit]:
    """Return the limits that hold for this process; groups without one are left out."""
    try:
        groups = (proc / "self" / "cgroup").read_text()
        mounts = (proc / "self" / "mountinfo").read_text()
    except OSError:
        return []
    found: list[Limit] = []
    for line in groups.splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            folders = _folders(group, _mount(mounts, "cgroup2"))
            found += filter(None, map(_version_2, folders))
        elif _VERSION_1 in controllers.split(","):
            folders = _folders(group, _mount(mounts, "cgroup", _VERSION_1))
            found += filter(None, map(_version_1, folders))
    return found


def _mount(mounts: str, kind: str, option: str = "") -> _Mount | None:
    for line in mounts.splitlines():
        place, _, system = line.partition(" - ")
        words, facts = place.split(), system.split()
        if facts[:1] == [kind] and (not option or option in facts[-1].split(",")):
            return _Mount(words[3], Path(words[4].replace("\\040", " ")))
    return None


def _folders(group: str, mount: _Mount | None) -> list[Path]:
    """Return the folder of a group and of all around it, as far as they can be seen from here."""
    if mount is None:
        return []
    inside = group.removeprefix(mount.root.rstrip("/")).strip("/")
    if not group.startswith(mount.root) or ".." in inside.split("/"):
        inside = ""  # seen from inside a container: what is mounted is our own group
    folder = mount.point / inside
    around = [each for each in folder.parents if each.is_relative_to(mount.point)]
    return [folder, *around]


def _version_2(folder: Path) -> Limit | None:
    # Above `high` a group is slowed down until it uses less: as good as a limit.
    bounds = [_number(folder / name) for name in ("memory.max", "memory.high")]
    known = [bound for bound in bounds if bound is not None]
    current = _number(folder / "memory.current")
    if not known or current is None:
        return None
    return Limit(min(known), current - _cached(folder, "inactive_file", "active_file"))


def _version_1(folder: Path) -> Limit | None:
    limit = _number(folder / "memory.limit_in_bytes")
    current = _number(folder / "memory.usage_in_bytes")
    if limit is None or current is None or limit >= _NONE_FROM:
        return None
    return Limit(limit, current - _cached(folder, "total_inactive_file", "total_active_file"))


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (OSError, ValueError):  # not there, or "max": no limit
        return None


def _cached(folder: Path, *names: str) -> int:
    try:
        lines = (folder / "memory.stat").read_text().splitlines()
    except OSError:
        return 0
    pairs = (line.split() for line in lines)
    return sum(int(pair[1]) for pair in pairs if len(pair) == 2 and pair[0] in names)
