"""How much memory this computer, this container, can still give; and what a process has of it.

Available is what can be had without swapping: memory that only caches files counts as available,
also where a program has mapped those files.
"""

import ctypes
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.platform.cgroups import Limit, limits

_PROC = Path("/proc")
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes there are in all, and bytes that can still be had."""

    total: int
    available: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process holds, in bytes: its own, and with its share of mapped files."""

    own: int
    resident: int


def memory(proc: Path = _PROC) -> Memory:
    """Return what there is here, within the limits of every container around us."""
    if sys.platform == "win32":
        return _windows()
    if not sys.platform.startswith("linux"):
        seen = psutil.virtual_memory()
        return Memory(seen.total, seen.available)
    return within(_machine(proc), limits(proc))


def within(machine: Memory, bounds: list[Limit]) -> Memory:
    """Return what is left of a machine's memory inside containers."""
    return Memory(
        min([machine.total, *(bound.limit for bound in bounds)]),
        max(0, min([machine.available, *(bound.limit - bound.used for bound in bounds)])),
    )


def usage(pid: int, proc: Path = _PROC) -> Usage | None:
    """Return what a process of ours holds, or None when it is gone or hidden from us."""
    if sys.platform.startswith("linux"):
        found = _fields(proc / str(pid) / "smaps_rollup")
        if "Pss" in found:
            return Usage(found.get("Anonymous", found["Pss"]), found["Pss"])
    try:
        seen = psutil.Process(pid).memory_full_info()
    except (psutil.Error, OSError):
        return None
    return Usage(min(seen.uss, seen.rss), seen.rss)


def _machine(proc: Path) -> Memory:
    found = _fields(proc / "meminfo")
    total = found.get("MemTotal", 0)
    guess = sum(found.get(name, 0) for name in ("MemFree", "Buffers", "Cached", "SReclaimable"))
    return Memory(total, found.get("MemAvailable", guess))


def _fields(file: Path) -> dict[str, int]:
    """Return the lines `Name:  123 kB` of a file of /proc, in bytes."""
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return {}
    words = (line.split() for line in lines)
    return {
        each[0].rstrip(":"): int(each[1]) * _KIB
        for each in words
        if len(each) == 3 and each[2] == "kB"
    }


class _MemoryStatus(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("total_commit", ctypes.c_uint64),
        ("available_commit", ctypes.c_uint64),
        ("total_virtual", ctypes.c_uint64),
        ("available_virtual", ctypes.c_uint64),
        ("available_extended", ctypes.c_uint64),
    )


def _windows() -> Memory:
    """Windows promises no memory it cannot back, so the smaller of memory and commitment counts."""
    status = _MemoryStatus()
    status.length = ctypes.sizeof(_MemoryStatus)
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GlobalMemoryStatusEx(ctypes.byref(status))
    return Memory(status.total, min(status.available, status.available_commit))
